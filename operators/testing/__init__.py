"""What a plug-in's author tests an operator with: the published check suite, and a context without a platform."""
