"""The screen of resources: what there is, who has it, what waits and why, and the processes behind it."""
