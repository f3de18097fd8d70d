"""`tandem demo`: the whole life of a model on the churn sample, without a screen."""

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import typer

from app.cli.commands import command
from app.cli.errors import UsageError, WorkFailedError
from app.cli.models import document_of
from app.cli.rows import read_table
from app.cli.session import Session
from app.samples import SAMPLES

if TYPE_CHECKING:
    from engine import Pipeline

NAME = "churn"
TARGET = "churned"
NODE = "fit"


def register(root: typer.Typer) -> None:
    """Add the command."""
    command(root, "demo")(demo)


def demo(session: Session) -> None:
    """Take the churn sample to a model, the model to a service, and look for drift in two new batches."""
    if not (SAMPLES / f"{NAME}.csv").is_file():
        raise UsageError(f"The samples are not in {SAMPLES}.", hint="Install Tandem anew.")
    walk = Walk(session)
    document = walk.whole()
    session.answer(document, _draw)
    if not document["drift"]["drifted"] or document["fresh"]["drifted"]:
        raise WorkFailedError


@dataclass
class Walk:
    """The steps of the demo, each told on stderr with the time since the start."""

    session: Session
    began: float = field(default_factory=time.monotonic)

    def whole(self) -> dict[str, Any]:
        """Walk every step and return the demo's document."""
        bench = self.session.bench
        self._say("Reading the customers")
        bench.datasets.add(NAME, SAMPLES / f"{NAME}.csv")
        run = self._run()
        self._say("Registering the model; batch and online answers must agree")
        version = document_of(bench.models.register(run["id"], NODE, name=NAME))
        self._say("Deploying it as a service")
        service = bench.services.deploy(NAME, version=version["version"]).wait().document()
        self._say("Asking the service about three customers")
        answers = bench.services.predict_table(service["name"], read_table(SAMPLES / f"{NAME}_fresh.csv").head(3))
        return {
            "run": run["id"],
            "metrics": run["metrics"]["score"],
            "model": {key: version[key] for key in ("name", "version")},
            "service": {key: service[key] for key in ("name", "url", "status")},
            "predictions": answers["predictions"],
            "drift": self._drift("drifted", service["name"]),
            "fresh": self._drift("fresh", service["name"]),
            "seconds": round(time.monotonic() - self.began, 2),
        }

    def _run(self) -> dict[str, Any]:
        self._say("Starting the engine and running the pipeline")
        handle = self.session.bench.run(churn_pipeline())
        handle.wait()
        document: dict[str, Any] = handle.document()
        if document["status"] != "succeeded":
            self.session.tell(f"The run {document['status']}: {document['error']}")
            raise WorkFailedError
        return document

    def _drift(self, batch: str, service: str) -> dict[str, Any]:
        self._say(f"Comparing the {batch} batch with the training data")
        file = SAMPLES / f"{NAME}_{batch}.csv"
        return dict(document_of(self.session.bench.monitor.check(service, against=file)))

    def _say(self, step: str) -> None:
        self.session.tell(f"{time.monotonic() - self.began:6.1f} s  {step}")


def churn_pipeline() -> "Pipeline":
    """Return the pipeline of the demo: the one the README shows."""
    from engine import Pipeline
    from operators import FillMissing, ReadDataset, ScoreClassifier, SplitRows, TrainClassifier

    return (
        Pipeline(NAME)
        .add("read", ReadDataset(dataset=NAME))
        .add("split", SplitRows(test_share=0.2, seed=7), table="read")
        .add("fill", FillMissing(columns=["age"], statistic="median"), train="split.train")
        .add(NODE, TrainClassifier(target=TARGET, algorithm="hist_gradient_boosting"), train="fill")
        .add("score", ScoreClassifier(target=TARGET), model=NODE, table="split.test")
    )


def _draw(document: Any) -> Any:
    from rich.text import Text

    from app.cli.monitor import draw_report
    from app.cli.output import facts, stack

    keys = ("run", "metrics", "model", "service", "predictions", "seconds")
    return stack(
        facts({key: document[key] for key in keys}),
        Text("The drifted batch:", style="bold"),
        draw_report(document["drift"]),
        Text("The fresh batch:", style="bold"),
        draw_report(document["fresh"]),
    )
