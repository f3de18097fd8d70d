"""The screen of services: whether they are well, how fast they answer, and how to ask them."""
