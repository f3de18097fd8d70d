"""What every command is given: the workbench, and how to answer on this terminal."""

import json
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from engine import Workbench

Draw = Callable[[Any], "RenderableType"]


@dataclass(frozen=True)
class Session:
    """One call of `tandem`: where it works and how it answers.

    Args:
        workspace: Folder of the workspace; the setting `TANDEM_WORKSPACE`, or `workspace`, when None.
        json: Print one JSON document on stdout instead of a drawing.
        debug: Let a traceback through.
    """

    workspace: Path | None = None
    json: bool = False
    debug: bool = False

    @cached_property
    def bench(self) -> "Workbench":
        """The workbench of the workspace, opened on first use."""
        from engine import Workbench
        from engine.config import Settings

        return Workbench.open(self.workspace or Settings().workspace)

    @cached_property
    def stdout(self) -> "Console":
        """The console answers are drawn on."""
        from rich.console import Console

        return Console(highlight=False, soft_wrap=not sys.stdout.isatty())

    @cached_property
    def stderr(self) -> "Console":
        """The console progress is told on; never stdout."""
        from rich.console import Console

        return Console(stderr=True, highlight=False, soft_wrap=True)

    def answer(self, document: Any, draw: Draw) -> None:
        """Print the document: as JSON where that was asked for, otherwise as `draw` makes it for people."""
        if self.json:
            text = json.dumps(finite(document), ensure_ascii=False, allow_nan=False, default=str)
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
        else:
            self.stdout.print(draw(document))

    def tell(self, sentence: str) -> None:
        """Say on stderr what is going on."""
        self.stderr.print(sentence, style="dim", markup=False)


def finite(value: Any) -> Any:
    """Return `value` with NaN and infinities as null, which is all JSON can say of them."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value
