"""Models as a page or a script sees them."""

from collections.abc import Sequence
from typing import Any

from engine.config import Settings, Workspace
from engine.errors import StoreError
from engine.records import aliases
from engine.records.database import Records
from engine.stores.models import CHAMPION, ModelStore, ModelVersion, name_for
from engine.workbench.cards import card, side_by_side_of
from engine.workbench.runs import RunDesk, RunHandle

COMPARED = 5
"""Versions that are shown side by side at most."""


class ModelDesk:
    """Registers, lists and promotes model versions.

    Args:
        workspace: Where they are kept.
        records: Where changes of aliases are written down.
        store: The registry.
        runs: Where the run that trained a model is looked up.
        settings: Project and actor of what is registered.
    """

    def __init__(
        self, workspace: Workspace, records: Records, store: ModelStore, runs: RunDesk, settings: Settings
    ) -> None:
        self._workspace = workspace
        self._records = records
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

    def name_for(self, wish: str) -> str:
        """Return a name that a model may have, as near to `wish`, such as a pipeline's, as can be."""
        return name_for(wish)

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
        version = register(
            self._workspace,
            material,
            node,
            name,
            run=identity,
            project=self._settings.project,
            actor=self._settings.actor,
            key=key,
            store=self._store,
        )
        self._note_first(version)
        return version

    def promote(self, name: str, version: str | int, alias: str = CHAMPION) -> dict[str, Any]:
        """Give a version an alias, which leaves the version that had it: `{"name", "version", "aliases"}`.

        Who did so, and when, is written down: see `history`.
        """
        self._workspace.require_writable()
        before = next((one.version for one in self._store.show(name) if alias in one.aliases), None)
        chosen = self._store.promote(name, version, alias)
        if before != chosen.version:
            self._note(name, alias, chosen.version, before)
        return chosen.document()

    def history(self, name: str) -> Sequence[dict[str, Any]]:
        """Return who gave which alias to which version, newest first.

        `[{"at", "actor", "alias", "version", "before"}]`; `before` is the version that had it, None for none.
        """
        with self._records.read() as connection:
            return [dict(change) for change in aliases.of(connection, name)]

    def former(self, name: str) -> str | None:
        """Return the version that was the champion before the one that is; None where none was, or it is gone."""
        known = {version.version for version in self._store.show(name)}
        changes = [change for change in self.history(name) if change["alias"] == CHAMPION]
        return next((str(one["before"]) for one in changes[:1] if one["before"] in known), None)

    def roll_back(self, name: str, to: str | None = None) -> dict[str, Any]:
        """Make the former champion the champion again: `{"name", "version", "aliases"}`.

        Args:
            name: Of the model.
            to: The version that was told to be the former champion; whichever it is when None.

        Raises:
            NotFoundError: No such model.
            StoreError: There was no other champion before, or it is another one meanwhile.
        """
        before = self.former(name)
        if to is not None and before != to:
            raise StoreError(
                f"Version {to} of {name!r} is not the former champion any more.",
                hint="The champion has changed meanwhile: look at the versions as they are now.",
            )
        if before is None:
            raise StoreError(f"Model {name!r} had no other champion.", hint="Promote the version you want.")
        return self.promote(name, before)

    def card(self, name: str, version: str | int) -> dict[str, Any]:
        """Return what there is to say of a version, see `engine.workbench.cards`.

        Raises:
            NotFoundError: No such model or version.
        """
        return card(self._records, self._store.get(name, version))

    def compare(self, chosen: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Return versions, given as (name, version), side by side: metrics, parameters, columns that differ.

        Raises:
            NotFoundError: No such model or version.
            StoreError: Too many.
        """
        if len(chosen) > COMPARED:
            raise StoreError(f"{len(chosen)} versions are too many.", hint=f"Compare at most {COMPARED}.")
        return side_by_side_of(self._records, [self._store.get(*pair) for pair in chosen])

    def _note_first(self, version: ModelVersion) -> None:
        """Write down which alias a new version has got, once, however many have asked for it together."""
        project, actor = self._settings.project, self._settings.actor
        with self._records.write() as connection:
            known = {(one["alias"], one["version"]) for one in aliases.of(connection, version.name)}
            for alias in version.aliases:
                if (alias, version.version) not in known:
                    aliases.note(connection, version.name, alias, version.version, None, project=project, actor=actor)

    def _note(self, name: str, alias: str, version: str, before: str | None) -> None:
        project, actor = self._settings.project, self._settings.actor
        with self._records.write() as connection:
            aliases.note(connection, name, alias, version, before, project=project, actor=actor)
