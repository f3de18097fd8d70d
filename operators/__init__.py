"""What can be done to data: the contract of operators and the built-in library."""
