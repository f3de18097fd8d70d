"""Models as a page or a script sees them."""

from collections.abc import Sequence
from typing import Any

from engine.config import Settings, Workspace
from engine.stores.models import CHAMPION, ModelStore, ModelVersion
from engine.workbench.runs import RunDesk, RunHandle


class ModelDesk:
    """Registers, lists and promotes model versions.

    Args:
        workspace: Where they are kept.
        store: The registry.
        runs: Where the run that trained a model is looked up.
        settings: Project and actor of what is registered.
    """

    def __init__(self, workspace: Workspace, store: ModelStore, runs: RunDesk, settings: Settings) -> None:
        self._workspace = workspace
        self._store = store
        self._runs = runs
        self._settings = settings

    def list(self) -> Sequence[dict[str, Any]]:
        """Return every version of every model, newest first."""
        return [version.document() for version in self._store.list()]

    def show(self, name: str) -> Sequence[dict[str, Any]]:
        """Return every version of one model, newest first.

        Raises:
            NotFoundError: No such model.
        """
        return [version.document() for version in self._store.show(name)]

    def register(self, run: RunHandle | str, node: str, *, name: str, key: str | None = None) -> ModelVersion:
        """Keep the model of a node with the path rows take to it, as the next version of `name`.

        Args:
            run: The run that trained it, or its id.
            node: The trainer's node, or one that uses its model.
            name: Of the model, new or not.
            key: Of who asks; the same key gives the version that it gave before.

        Raises:
            ReadOnlyError: Nothing may be changed.
            NotFoundError: No such run or node.
            PipelineError: The node has no model.
            StoreError: The run has not come that far.
            ServingError: No service can be made of the path; it names the node.
            ReplayError: Batch and online answers disagree, so nothing is kept.
        """
        from engine.serving.registration import register

        self._workspace.require_writable()
        made = self._store.made_for(name, key) if key else None
        if made is not None:
            return made
        identity = run if isinstance(run, str) else run.id
        material = self._runs.material(identity)
        return register(
            self._workspace,
            material,
            node,
            name,
            run=identity,
            project=self._settings.project,
            actor=self._settings.actor,
            key=key,
        )

    def promote(self, name: str, version: str | int, alias: str = CHAMPION) -> dict[str, Any]:
        """Give a version an alias, which leaves the version that had it: `{"name", "version", "aliases"}`."""
        return self._store.promote(name, version, alias).document()
