"""`tandem conformance`: whether shares hold here, tried on a Ray of its own and, where there is one, on a real GPU."""

from engine.conformance.conform import conform

__all__ = ["conform"]
