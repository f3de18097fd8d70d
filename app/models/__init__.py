"""The screen of models: versions, side by side, aliases, the card, and the way into a service."""
