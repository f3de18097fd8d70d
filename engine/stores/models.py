"""The registry of models: the one door to MLflow.

MLflow keeps the versions and aliases in a SQLite file under the workspace, and the files of a version as
artifacts beside it. It is used as a library with explicit run ids: no server, no telemetry, no network.

A version is a sealed folder:

```
version.json       what `ModelVersion` says, but for the version number and the aliases
slice/             what answers (engine.serving.folder)
reference.parquet  a sample of the training rows with their answers, for monitoring
sketches/          what rows look like at each node of the slice (engine.serving.sketches), for diagnosis
MLmodel            the signature in MLflow's own words
manifest.signed    the hash of each of them
```
"""

import fcntl
import functools
import json
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from engine.config import Workspace
from engine.errors import NotFoundError, StoreError
from engine.stores.manifest import read_sealed, require_unchanged, seal_folder, verify_folder
from engine.stores.mlmodel import mlmodel
from engine.stores.model_names import name_for, require_name
from engine.stores.model_version import ModelFacts, ModelVersion
from engine.stores.registry_file import client as _client
from engine.stores.room import is_full, no_room
from engine.stores.slices import SLICE, VERSION

__all__ = ["CHALLENGER", "CHAMPION", "REFERENCE", "SLICE", "ModelFacts", "ModelStore", "ModelVersion", "name_for"]

CHAMPION = "champion"
CHALLENGER = "challenger"
REFERENCE = "reference.parquet"
_ARTIFACT = "model"
_BEGUN = "tandem.begun"
_TAGGED = ("run", "node", "actor", "pipeline", "task")


class ModelStore:
    """The model versions of one workspace.

    Args:
        workspace: Where they are kept.
        deleted: Gives the name and number of each version that was deleted; none was when None.
    """

    def __init__(self, workspace: Workspace, deleted: Callable[[], Collection[tuple[str, str]]] | None = None) -> None:
        self._workspace = workspace
        self._deleted = deleted or tuple
        self._root = workspace.mlflow
        self._key = workspace.key

    @property
    def root(self) -> Path:
        """The folder that everything is kept in."""
        return self._root

    @property
    def key(self) -> bytes:
        """The workspace's secret."""
        return self._key

    def register(self, name: str, staged: Path, facts: ModelFacts, *, key: str | None = None) -> ModelVersion:
        """Keep a model as the next version of `name`: the first is the champion, others the challenger.

        Args:
            name: Letters, digits, `_`, `-` and `.`.
            staged: A folder with `slice/` and `reference.parquet`; files are added to it, then it is copied.
            facts: What is known of it.
            key: Of who asks, see `made_for`; where a version has it already, that one is returned.

        Raises:
            ReadOnlyError: Nothing may be changed.
            InvalidNameError: The name may not be used.
            StoreError: It could not be kept; no version was made.
        """
        self._workspace.require_writable()
        require_name(name)
        with _sentences("kept", self._root, staged), self._locked():
            if key and (before := self.made_for(name, key)) is not None:  # another one was quicker
                return before
            self._remove_begun(name)
            (staged / VERSION).write_text(facts.model_dump_json(indent=1), "utf-8")
            (staged / "MLmodel").write_text(mlmodel(facts.signature), "utf-8")
            seal_folder(staged, self._key)
            experiment = self._experiment(facts.project)
            tags = _tags(name, facts) | ({"tandem.key": key} if key else {})
            run = self._client().create_run(experiment, run_name=name, tags=tags)
            try:
                number = self._keep(name, run, staged, facts, tags)
            except BaseException:
                shutil.rmtree(self._artifacts(run.info.run_id).parents[1], ignore_errors=True)
                raise
        return self.get(name, number)

    def _keep(self, name: str, run: Any, staged: Path, facts: ModelFacts, tags: Mapping[str, str]) -> str:
        """Copy the files and figures of a version into its run, then make the version; return its number."""
        client, run_id = self._client(), run.info.run_id
        client.log_artifacts(run_id, str(staged), _ARTIFACT)
        for key, value in _figures(facts.metrics):
            client.log_metric(run_id, key, value)
        client.set_terminated(run_id)
        return self._add(name, run, tags)

    def _add(self, name: str, run: Any, tags: Mapping[str, str]) -> str:
        """Make the next version of `name` of a run's artifacts, with its alias; return its number.

        It carries the tag `_BEGUN` until it has its alias, and nobody sees it before: the tag says who had the alias.
        """
        client = self._client()
        if name not in {model.name for model in self._models()}:
            client.create_registered_model(name)
        source = f"{run.info.artifact_uri}/{_ARTIFACT}"
        champion = self._aliases(name).get(CHAMPION)
        first = champion is None or (name, str(champion)) in self._deleted()
        alias = CHAMPION if first else CHALLENGER
        begun = {_BEGUN: f"{alias} {self._aliases(name).get(alias, '')}"}
        made = client.create_model_version(name, source=source, run_id=run.info.run_id, tags={**tags, **begun})
        try:
            client.set_registered_model_alias(name, alias, str(made.version))
            client.delete_model_version_tag(name, str(made.version), _BEGUN)
        except BaseException:
            with suppress(Exception):  # the next one to register tries again
                self._take_back(name, str(made.version), begun[_BEGUN])
            raise
        return str(made.version)

    def _take_back(self, name: str, version: str, begun: str) -> None:
        """Let a version that was only begun be gone, and its alias be with the version that had it."""
        alias, _, holder = begun.partition(" ")
        self._client().delete_model_version(name, version)
        if holder:
            self._client().set_registered_model_alias(name, alias, holder)

    def _remove_begun(self, name: str) -> None:
        """Take back versions over which a process died, or for which the disk had no room."""
        if name in {model.name for model in self._models()}:
            for found in _pages(self._search(name)):
                if _BEGUN in found.tags:
                    self._take_back(name, str(found.version), found.tags[_BEGUN])

    def made_for(self, name: str, key: str) -> ModelVersion | None:
        """Return the version of `name` that was registered for a key, or None."""
        for model in self._models():
            if model.name == name:
                with _sentences("read"):
                    made = [one.version for one in _pages(self._search(name)) if _asked_with(one, key)]
                return self.get(name, made[0]) if made else None
        return None

    def list(self) -> Sequence[ModelVersion]:
        """Return every version of every model, newest first.

        Raises:
            StoreError: The registry cannot be read.
        """
        found = list(self._versions(self._models()))
        return sorted(found, key=lambda one: (one.created, int(one.version)), reverse=True)

    def show(self, name: str) -> Sequence[ModelVersion]:
        """Return every version of one model, newest first.

        Raises:
            NotFoundError: No such model.
        """
        models = {model.name: model for model in self._models()}
        if name not in models:
            raise NotFoundError.among("model", name, models)
        found = sorted(
            self._versions([models[name]], f"name = '{name}'"), key=lambda one: int(one.version), reverse=True
        )
        if not found:
            raise NotFoundError.among("model", name, {one.name for one in self.list()})
        return found

    def get(self, name: str, version: str | int | None = None) -> ModelVersion:
        """Return one version, by number or alias; the champion when None.

        Raises:
            NotFoundError: No such model or version.
        """
        wanted = str(version or CHAMPION)
        versions = self.show(name)
        for one in versions:
            if wanted == one.version or wanted in one.aliases:
                return one
        known = [one.version for one in versions] + [alias for one in versions for alias in one.aliases]
        raise NotFoundError.among(f"version of model {name}", wanted, known)

    def promote(self, name: str, version: str | int, alias: str = CHAMPION) -> ModelVersion:
        """Give `alias` to a version, and take it from the one that has it.

        Raises:
            NotFoundError: No such model or version.
            StoreError: The alias is neither `champion` nor `challenger`.
            ReadOnlyError: Nothing may be changed.
        """
        self._workspace.require_writable()
        if alias not in {CHAMPION, CHALLENGER}:
            raise StoreError(f"There is no alias {alias!r}.", hint=f"Use {CHAMPION} or {CHALLENGER}.")
        chosen = self.get(name, version)
        with _sentences("changed"), self._locked():
            client = self._client()
            client.set_registered_model_alias(name, alias, chosen.version)
            if alias == CHAMPION and CHALLENGER in chosen.aliases:
                client.delete_registered_model_alias(name, CHALLENGER)
        return self.get(name, chosen.version)

    def folder(self, name: str, version: str) -> Path | None:
        """Return the folder of all that is kept of a version, deleted or not; None where nothing is."""
        with _sentences("read"):
            found = {str(one.version): one for one in _pages(self._search(name))} if self._models() else {}
        return self._artifacts(found[version].run_id).parents[1] if version in found else None

    def remove(self, name: str, version: str) -> None:
        """Remove the files of a version and its row for good; MLflow keeps the number and gives it to no other."""
        folder = self.folder(name, version)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
            with _sentences("changed"), self._locked():
                self._client().delete_model_version(name, version)

    def require_unchanged(self, version: ModelVersion) -> None:
        """Check every file of a version, for who asks often: each is hashed once per process and state of the file.

        Raises:
            StoreError: Its files are gone, or (TamperedError) not what was stored.
        """
        require_unchanged(self._folder(version), self._key)

    def whole(self, name: str, version: str | int | None = None) -> Path:
        """Return the folder of a version below `root`, after verifying every file of it.

        Raises:
            NotFoundError: No such model or version.
            StoreError: Its files are gone.
            TamperedError: A file is not what was stored.
        """
        return self.load(name, version).parent.relative_to(self._root)

    def load(self, name: str, version: str | int | None = None) -> Path:
        """Return the folder of a version's slice, after verifying every file of the version.

        Raises:
            NotFoundError: No such model or version.
            StoreError: Its files are gone.
            TamperedError: A file is not what was stored.
        """
        folder = self._folder(self.get(name, version))
        verify_folder(folder, self._key)
        return folder / SLICE

    def reference(self, name: str, version: str | int | None = None) -> Path:
        """Return the Parquet file of a version's reference sample, verified.

        It has the columns a service asks for, with the types of training, and those of the answer.

        Raises:
            NotFoundError: No such model or version.
            StoreError: It is gone.
            TamperedError: It is not what was stored.
        """
        return self.load(name, version).with_name(REFERENCE)

    # -- MLflow ---------------------------------------------------------------------------------------

    @property
    def _database(self) -> Path:
        return self._root / "mlflow.db"

    def _client(self) -> Any:
        return _client(str(self._database), self._workspace.read_only)

    def _models(self) -> Sequence[Any]:
        if not self._database.exists():
            return []
        with _sentences("read"):
            return tuple(_pages(self._client().search_registered_models))

    def _search(self, name: str) -> Any:
        return functools.partial(self._client().search_model_versions, f"name = '{name}'")

    def _aliases(self, name: str) -> Mapping[str, Any]:
        aliases: Mapping[str, Any] = self._client().get_registered_model(name).aliases
        return aliases

    def _versions(self, models: Sequence[Any], only: str | None = None) -> Iterator[ModelVersion]:
        """Give the versions of all `models`, which one question to MLflow finds, however many there are."""
        if not models:
            return
        held: dict[tuple[str, str], list[str]] = {}
        for model in models:
            for alias, number in model.aliases.items():
                held.setdefault((model.name, str(number)), []).append(alias)
        with _sentences("read"):
            versions = tuple(_pages(functools.partial(self._client().search_model_versions, only)))
        deleted = self._deleted()
        for found in versions:
            named = (found.name, str(found.version))
            if named not in deleted and _BEGUN not in found.tags:
                yield self._version(found, sorted(held.get(named, [])))

    def _version(self, found: Any, aliases: Sequence[str]) -> ModelVersion:
        damage = ""
        try:
            facts = json.loads(read_sealed(self._artifacts(found.run_id), VERSION, self._key))
        except StoreError as error:
            damage = str(error)
            named = {key: found.tags.get(f"tandem.{key}", "") for key in _TAGGED}
            facts = {**named, "signature": {}, "replay": {}}
        named = {"name": found.name, "version": str(found.version), "aliases": tuple(aliases)}
        return ModelVersion(**facts, **named, created=found.creation_timestamp / 1000, damage=damage)

    def _folder(self, version: ModelVersion) -> Path:
        found = self._client().get_model_version(version.name, version.version)
        return self._artifacts(found.run_id)

    def _artifacts(self, run_id: str) -> Path:
        """Return where a run's files are; the workspace may have been moved since."""
        return self._root / "artifacts" / run_id / "artifacts" / _ARTIFACT

    def _experiment(self, project: str) -> str:
        client, location = self._client(), (self._root / "artifacts").as_uri()
        for name in (project, f"{project} in {self._root}"):  # the second after the workspace was moved
            found = client.get_experiment_by_name(name)
            if found is None:
                return str(client.create_experiment(name, artifact_location=location))
            if found.artifact_location == location:
                return str(found.experiment_id)
        raise StoreError(f"The experiments of {project!r} point elsewhere.", hint="Move the workspace back.")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._root / "registry.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _asked_with(found: Any, key: str) -> bool:
    return found.tags.get("tandem.key") == key and _BEGUN not in found.tags


@contextmanager
def _sentences(done: str, place: Path | None = None, staged: Path | None = None) -> Iterator[None]:
    """Tell what goes wrong; where the disk is full and `place` is named, what `staged` would need there."""
    from mlflow.exceptions import MlflowException

    try:
        yield
    except (MlflowException, SQLAlchemyError, OSError, shutil.Error) as error:
        if place is not None and is_full(error):
            raise no_room(place, staged) from error
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise StoreError(
            f"The model registry could not be {done}: {said[0][:200]}",
            hint="See whether the disk has room and the workspace's mlflow folder is whole.",
        ) from error


def _pages(search: Any) -> Iterator[Any]:
    page = search(max_results=1000)
    yield from page
    while page.token:
        page = search(max_results=1000, page_token=page.token)
        yield from page


def _tags(name: str, facts: ModelFacts) -> dict[str, str]:
    named = {"model": name, **{key: getattr(facts, key) for key in _TAGGED}}
    return {f"tandem.{key}": value for key, value in named.items()}


def _figures(metrics: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, float]]:
    for node, found in metrics.items():
        for name, value in found.items():
            if isinstance(value, int | float):
                yield f"{node}.{name}", float(value)
