"""Operators that apply and judge models."""
