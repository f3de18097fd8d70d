"""What the engine says in errors and hints, in Chinese: its English sentence with `{}` for each value → ours.

The keys are the sentences as the sources write them, so a test finds those that have no Chinese yet and those that
nothing says any more. Values keep their order unless `{0}`, `{1}` give another.
"""

from app.text.sentences import backing, checks, data, graph, operators, resources, runs, serving, workbench

ROOMS = (data, graph, runs, serving, workbench, operators, resources, backing)
SENTENCES: dict[str, str] = {english: chinese for room in ROOMS for english, chinese in room.SENTENCES.items()}
CHECKS: dict[str, str] = checks.SENTENCES
NAMES: dict[str, str] = checks.NAMES
