"""Pipelines kept by name while people work on them: edits with undo, versions, and a lock that loses nothing."""

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from engine.config import Settings
from engine.data.names import dataset_name
from engine.errors import EngineError, PipelineError, StaleDraftError
from engine.graph import wiring
from engine.graph.edits import edited
from engine.graph.parameters import for_part
from engine.graph.parts import upto
from engine.graph.pipeline import Pipeline
from engine.graph.python_text import to_python
from engine.records import deletions, drafts
from engine.records.database import Records
from engine.records.drafts import DraftRow, VersionRow
from engine.workbench.draft_runs import states_of
from engine.workbench.pipelines import Submissions, as_pipeline
from engine.workbench.runs import RunHandle

Document = Mapping[str, Any]
Source = Pipeline | Document | str
_LONGEST_LABEL = 200


class PipelineDesk:
    """Keeps pipelines that people work on.

    Every change names the revision it was made on: where somebody else has changed the pipeline meanwhile, it is
    refused and nothing is lost. It may also name when the pipeline was `created`, which tells it from another that has
    come under its name. A pipeline may be wrong; `check` says what is.

    Args:
        records: Where they are kept.
        submissions: Checks them against the datasets.
        run: Asks for a run, as `Workbench.run` does.
        settings: Project and actor of what is written.
    """

    def __init__(
        self, records: Records, submissions: Submissions, run: Callable[..., RunHandle], settings: Settings
    ) -> None:
        self._records = records
        self._submissions = submissions
        self._run = run
        self._settings = settings

    # -- the list --------------------------------------------------------------------------------------

    def list(self, *, deleted: bool = False) -> list[dict[str, Any]]:
        """Return the pipelines, the one changed last first.

        Args:
            deleted: Those that were deleted and can be taken back, instead.

        Returns:
            `[{"name", "revision", "nodes", "problems", "updated", "created"}]`; `problems` as they were at the last
            change, `created` tells a pipeline from any other, also when it is renamed.
        """
        with self._records.read() as connection:
            rows = drafts.listed(connection, deleted=deleted)
        keys = ("name", "revision", "nodes", "problems", "updated", "created")
        return [{key: getattr(row, key) for key in keys} for row in rows]

    def free_name(self, wish: str) -> str:
        """Return `wish`, or the first of `wish 2`, `wish 3`, ... that no pipeline has."""
        with self._records.read() as connection:
            taken = {row.name for row in drafts.listed(connection)}
        names = (wish if number == 1 else f"{wish[:56]} {number}" for number in range(1, len(taken) + 2))
        return next(name for name in names if name not in taken)

    def name_in(self, text: str) -> str:
        """Return the name that the text of a pipeline file gives it; empty where it gives none, or is no pipeline."""
        try:
            return dataset_name(Pipeline.from_text(text).name, "pipeline")
        except EngineError:
            return ""

    def create(self, name: str = "", source: Source | None = None) -> dict[str, Any]:
        """Keep a new pipeline and return it.

        Args:
            name: Its name, by the rules for names of datasets; the pipeline is called so too. Where it is empty, the
                pipeline keeps the name that it has, or takes the next that is free.
            source: A pipeline, its document, or the text of its file; empty when None.

        Raises:
            InvalidNameError: It may not be called so.
            PipelineError: There is one of that name.
            PipelineDocumentError: The source is no pipeline; `problems` lists every fault.
        """
        given = Pipeline(name) if source is None else as_pipeline(source)
        name = dataset_name(name or self.free_name(given.name), "pipeline")
        pipeline = replace(given, name=name)
        row = DraftRow(
            name,
            **self._told(edited(pipeline, {"op": "replace", "document": pipeline.document()}), {"op": "create"}),
            project=self._settings.project,
            actor=self._settings.actor,
        )
        with self._records.write() as connection:
            self._refuse_taken(drafts.find(connection, name))
            drafts.add(connection, row)
        return self.open(name)

    def rename(self, name: str, revision: int, new: str, *, created: float | None = None) -> dict[str, Any]:
        """Give a pipeline another name and return it; its history and versions stay with it."""
        new = dataset_name(new, "pipeline")
        row = self._at(name, revision, created)
        if new == name:
            return self.open(name)
        document = {**row.document, "name": new}
        with self._records.write() as connection:
            self._refuse_taken(drafts.find(connection, new))
            change = self._change({"op": "name", "to": new})
            self._require(drafts.rename(connection, row, new, document=document, change=change), name)
        return self.open(new)

    def duplicate(
        self, name: str, new: str, revision: int | None = None, *, created: float | None = None
    ) -> dict[str, Any]:
        """Keep a pipeline once more, under another name, and return that one; it begins a history of its own.

        Args:
            name: Of the pipeline.
            new: Name of the other one.
            revision: That was looked at; the newest when None.
            created: Which pipeline of that name was meant; any when None.

        Raises:
            StaleDraftError: Somebody has changed the pipeline since that revision, or this is another one.
        """
        return self.create(new, dict(self._at(name, revision, created).document))

    def delete(self, name: str, revision: int | None = None, *, created: float | None = None) -> None:
        """Take a pipeline from the list; `take_back` puts it there again, until another takes its name.

        Args:
            name: Of the pipeline.
            revision: That it was decided on; the newest when None.
            created: Which pipeline of that name was meant; any when None.
        """
        with self._records.write() as connection:
            row = _require_seen(connection, _row(connection, name, created), revision, created)
            drafts.put_away(connection, row.name)
            note = deletions.DeletionRow(secrets.token_hex(4), "pipeline", row.name, repr(row.created))
            deletions.add(
                connection, [replace(note, project=row.project, actor=self._settings.actor, created=time.time())]
            )

    def take_back(self, name: str) -> dict[str, Any]:
        """Put a deleted pipeline into the list again and return it."""
        with self._records.write() as connection:
            drafts.put_away(connection, name, back=True)
        return self.open(name)

    # -- one pipeline ----------------------------------------------------------------------------------

    def open(self, name: str) -> dict[str, Any]:
        """Return a pipeline as it stands.

        Returns:
            `{"name", "revision", "created", "document", "can_undo", "can_redo", "saved", "change"}`: `created` tells
            it from any other pipeline, `saved` is when it was changed last (both in seconds since 1970), `change` who
            did what then (`{"actor", "operation"}`).

        Raises:
            NotFoundError: There is none of that name.
        """
        with self._records.read() as connection:
            row = drafts.get(connection, name)
            first, last = drafts.reach(connection, name)
        return {
            "name": name,
            "revision": row.revision,
            "created": row.created,
            "document": dict(row.document),
            "can_undo": first < row.position,
            "can_redo": row.position < last,
            "saved": row.updated,
            "change": dict(row.change or {}),
        }

    def edit(self, name: str, revision: int, operation: Document, *, created: float | None = None) -> dict[str, Any]:
        """Make one edit (see `engine.graph.edits`) and return the pipeline after it.

        Args:
            name: Of the pipeline.
            revision: That the edit was made on.
            operation: JSON with `op`.
            created: Which pipeline of that name was meant; any when None.

        Raises:
            StaleDraftError: Somebody has changed the pipeline since that revision, or this is another one.
            PipelineError: The edit cannot be made; nothing is changed.
            NotFoundError: There is no such pipeline or node.
        """
        row = self._at(name, revision, created)
        told = self._told(edited(Pipeline.from_valid(row.document), operation), operation)
        return self._step(row, told)

    def undo(self, name: str, revision: int, *, created: float | None = None) -> dict[str, Any]:
        """Go back to before the last step and return the pipeline; at the first one it stays as it is."""
        return self._go(name, revision, -1, created)

    def redo(self, name: str, revision: int, *, created: float | None = None) -> dict[str, Any]:
        """Go forward to the step that was undone last and return the pipeline; at the last one it stays as it is."""
        return self._go(name, revision, +1, created)

    def check(self, name: str) -> dict[str, Any]:
        """Return every problem of a pipeline and the schema at every port, as `Workbench.check` does."""
        return self._submissions.check(Pipeline.from_valid(self.open(name)["document"]))

    def offers(self, name: str, node: str) -> dict[str, Sequence[str]]:
        """Return for each input of a node the outputs that may feed it: right type, no circle."""
        return dict(wiring.offers(Pipeline.from_valid(self.open(name)["document"]), node))

    def links(self, name: str, source: str, target: str) -> Sequence[tuple[str, str]]:
        """Return the links `(from, port)` that may go from one node to another, those into free inputs first."""
        return wiring.links_between(Pipeline.from_valid(self.open(name)["document"]), source, target)

    def python(self, name: str) -> str:
        """Return a pipeline as the Python that makes it."""
        return to_python(Pipeline.from_valid(self.open(name)["document"]))

    def yaml(self, name: str) -> str:
        """Return a pipeline as its file."""
        return Pipeline.from_valid(self.open(name)["document"]).to_yaml()

    # -- versions --------------------------------------------------------------------------------------

    def name_version(self, name: str, label: str, revision: int | None = None, *, created: float | None = None) -> int:
        """Keep a pipeline as it stands under a label, and return the number of that version.

        Args:
            name: Of the pipeline.
            label: One line.
            revision: That was looked at; the newest when None.
            created: Which pipeline of that name was meant; any when None.
        """
        label = label.strip()
        if not label or len(label) > _LONGEST_LABEL or not label.isprintable():
            hint = f"Use 1 to {_LONGEST_LABEL} characters on one line."
            raise PipelineError(f"A version cannot be called {label[:40]!r}.", hint=hint)
        with self._records.write() as connection:
            document = _require_seen(connection, _row(connection, name, created), revision, created).document
            project, actor = self._settings.project, self._settings.actor
            return drafts.add_version(connection, VersionRow(name, 0, label, document, project, actor)).number

    def versions(self, name: str) -> Sequence[dict[str, Any]]:
        """Return the versions of a pipeline, newest first: `[{"number", "label", "nodes", "created", "actor"}]`."""
        with self._records.read() as connection:
            drafts.get(connection, name)
            rows = drafts.versions(connection, name)
        keys = ("number", "label", "created", "actor")
        return [{**{key: getattr(row, key) for key in keys}, "nodes": len(row.document["nodes"])} for row in rows]

    def restore(
        self, name: str, number: int, revision: int | None = None, *, created: float | None = None
    ) -> dict[str, Any]:
        """Make a pipeline what it was in a version, as one step that can be undone, and return it.

        Args:
            name: Of the pipeline.
            number: Of the version.
            revision: That it was decided on; the newest when None.
            created: Which pipeline of that name was meant; any when None.
        """
        row = self._at(name, revision, created)
        with self._records.read() as connection:
            document = drafts.version(connection, name, number).document
        pipeline = replace(Pipeline.from_valid(document), name=name)
        return self._step(row, self._told(pipeline, {"op": "restore", "number": number}))

    # -- runs ------------------------------------------------------------------------------------------

    def run(
        self,
        name: str,
        revision: int | None = None,
        *,
        node: str | None = None,
        created: float | None = None,
        **options: Any,
    ) -> RunHandle:
        """Ask for a run of a pipeline as it stands, or of what leads to one of its nodes.

        Args:
            name: Of the pipeline.
            revision: That was looked at; the newest when None.
            node: Run only this node and what feeds it.
            created: Which pipeline of that name was meant; any when None.
            options: `environment`, `parameters`, ... as `Workbench.run` takes them; those of other nodes may be there.

        Raises:
            StaleDraftError: Somebody has changed the pipeline since that revision.
            PipelineProblemsError: It has problems; the first is said and all are carried.
        """
        row = self._at(name, revision, created)
        pipeline = Pipeline.from_valid(row.document)
        asked = upto(pipeline, node) if node else pipeline
        of = {"draft": name, "revision": row.revision, **({"node": node} if node else {})}
        options["options"] = {**(options.get("options") or {}), **of}
        options["parameters"] = for_part(asked, pipeline, options.get("parameters") or {})
        return self._run(asked, **options)

    def states(self, name: str) -> dict[str, Any]:
        """Return how each node fared in the newest run of this pipeline that had it.

        Returns:
            `{"run", "status", "revision", "nodes": {name: {"state", "run", "rows", "seconds", "error", "outputs",
            "metrics", "reason", "losses"}}}`. `state` is `idle` (never run), `waiting`, `running`, `done`, `reused`,
            `failed`, `skipped`, `cancelled`, or `stale`: it ran, and was changed since or is fed by what was.
        """
        return states_of(self._records, name, Pipeline.from_valid(self.open(name)["document"]))

    # ---------------------------------------------------------------------------------------------------

    def _at(self, name: str, revision: int | None, created: float | None = None) -> DraftRow:
        with self._records.read() as connection:
            return _require_seen(connection, _row(connection, name, created), revision, created)

    def _step(self, row: DraftRow, told: dict[str, Any]) -> dict[str, Any]:
        with self._records.write() as connection:
            self._require(drafts.change(connection, row, **told, position=row.position + 1), row.name)
            drafts.step_forward(connection, row, told["document"], told["change"])
        return self.open(row.name)

    def _go(self, name: str, revision: int, by: int, created: float | None) -> dict[str, Any]:
        row = self._at(name, revision, created)
        with self._records.read() as connection:
            document = drafts.document_at(connection, name, row.position + by)
        if document is None:
            return self.open(name)
        pipeline = replace(Pipeline.from_valid(document), name=name)
        told = self._told(pipeline, {"op": "undo" if by < 0 else "redo"})
        with self._records.write() as connection:
            self._require(drafts.change(connection, row, **told, position=row.position + by), name)
        return self.open(name)

    def _told(self, pipeline: Pipeline, operation: Document) -> dict[str, Any]:
        """Return what the row of a draft says of a pipeline."""
        document = pipeline.document()
        problems = self._submissions.problems(pipeline)
        return {
            "document": document,
            "nodes": len(document["nodes"]),
            "problems": sum(problem.severity == "error" for problem in problems),
            "change": self._change({key: value for key, value in operation.items() if key != "document"}),
        }

    def _change(self, operation: Document) -> dict[str, Any]:
        return {"actor": self._settings.actor, "operation": dict(operation)}

    def _require(self, kept: bool, name: str) -> None:
        """Refuse a change that came second; the row is asked again, to say who came first."""
        if not kept:
            with self._records.read() as connection:
                row = drafts.get(connection, name)
            raise _stale(row, None)

    @staticmethod
    def _refuse_taken(found: DraftRow | None) -> None:
        if found is not None:
            raise PipelineError(f"There is a pipeline {found.name!r} already.", hint="Choose another name, or open it.")


def _row(connection: Connection, name: str, created: float | None) -> DraftRow:
    """Return the pipeline of this name, or the one that was meant and is called otherwise now."""
    row = drafts.find(connection, name) or drafts.made_at(connection, created)
    return row if row is not None else drafts.get(connection, name)


def _require_seen(connection: Connection, row: DraftRow, revision: int | None, created: float | None) -> DraftRow:
    """Return `row` if it is the pipeline, at the revision, that was looked at."""
    if created is not None and created != row.created:
        meant = drafts.made_at(connection, created)
        where = f"It is called {meant.name!r} now." if meant is not None else "It was deleted."
        raise StaleDraftError(f"{row.name!r} is another pipeline than the one that was shown.", hint=where)
    if revision is not None and revision != row.revision:
        raise _stale(row, revision)
    return row


def _stale(row: DraftRow, revision: int | None) -> StaleDraftError:
    change = dict(row.change or {})
    operation = change.get("operation") or {}
    what = " ".join(str(operation[key]) for key in ("op", "node", "to") if operation.get(key))
    seen = f"; you were at revision {revision}" if revision is not None else ""
    return StaleDraftError(
        f"{change.get('actor', 'Somebody')} changed the pipeline {row.name!r} meanwhile"
        f" ({what}, revision {row.revision}){seen}.",
        hint="Nothing is lost: look at the newest revision, and make your change again where it is still wanted.",
    )
