"""What screens are about, each with its picker: two things to choose, what is done to one, and how the list changes."""

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from engine.records import Records, services
from engine.records.services import ServiceRow
from tests.pages.conftest import drive
from tests.pages.tabs import ENGLISH

TABLE = pl.DataFrame({"number": [*range(29), 300], "same": ["x"] * 30, "gap": [None] * 20 + [1.5] * 10})
BOTH = ("left", "right")
CHAINS = ("left chain", "right chain")


@dataclass(frozen=True)
class Subject:
    """A picker of what a screen is about.

    Args:
        screen: Where it is drawn.
        key: Of the picker in the link.
        label: Of the picker, a key of the texts.
        ones: Two things to choose.
        elsewhere: Takes the workbench: what others do, after which the list has more in it, in another order.
        act: Takes the tab: what is pressed there.
        done: Takes the workbench: to which things that was done, of all that are kept.
        more: Stands in the link, too.
        identity: Takes the workbench and one of `ones`: what the link calls it.
        listed: Takes the workbench and one of `ones`: how its label in the list begins.
    """

    screen: str
    key: str
    label: str
    ones: tuple[str, str]
    elsewhere: Callable
    act: Callable
    done: Callable
    more: dict = field(default_factory=dict)
    identity: Callable = lambda _, one: one
    listed: Callable = lambda _, one: one


def furnish(bench):
    """Add to a full workspace what the subjects are."""
    for name in ("left", "right", "aged"):
        for rows in (10, 30):
            bench.datasets.put(name, TABLE.head(rows))
    for name in BOTH:
        bench.run(chain(name))
        put_service(bench, name)
        for _ in range(2):
            begin_recipe(bench, name)
    drive(bench.workspace.root)
    trained = next(run["id"] for run in bench.runs.list() if run["pipeline"] == "churn")
    for name in ("churn", "other"):
        bench.models.register(trained, "fit", name=name)


def begin_recipe(bench, dataset):
    name = bench.pipelines.free_name(f"{dataset} features")
    bench.pipelines.create(name, bench.features.begun(name, dataset))


def chain(dataset):
    nodes = {"read": {"operator": "read_dataset", "with": {"dataset": dataset}}}
    nodes["unlike"] = {"operator": "drop_duplicates", "with": {}, "from": {"table": "read"}}
    return {"name": f"{dataset} chain", "nodes": nodes}


def put_service(bench, name):
    with Records.open(bench.workspace).write() as connection:
        share = {"cpu": 1500, "gpu": 0, "memory": 0}
        url = f"http://127.0.0.1:9/{name}"
        services.put_service(connection, ServiceRow(name, "churn", "1", "inference", share, status="healthy", url=url))
        services.looked_at(connection, name)


def other_datasets(bench):
    for name in ("aaa", "right", "aged", "left"):
        bench.datasets.put(name, TABLE.head(20))


def other_recipes(bench):
    for name in ("left", "right", "left"):
        begin_recipe(bench, name)


def other_runs(bench):
    for name in ("right", "left", "right"):
        bench.run(chain(name))


def other_models(bench):
    bench.models.promote("churn", "2")
    bench.models.promote("churn", "1", "challenger")


def other_services(bench):
    for name in ("aaa", "right", "middle"):
        put_service(bench, name)


def press(key):
    return lambda tab: tab.click(key)


def add_a_step(tab):
    tab.pick(ENGLISH["features.operator"], "Drop duplicates")
    tab.press("features.add_it")


def deploy(key):
    """Return what deploys a version as a service that is called after it and the picker `key`."""

    def act(tab):
        name = tab.page.get_by_role("textbox", name=ENGLISH["models.service"])
        name.fill(f"{key}-{tab.linked('model')}-{tab.linked('version')}")
        name.press("Tab")
        tab.settle()
        tab.click("models.deploy")

    return act


def deployed(key):
    """Return what tells which models or versions were deployed as services that are called so."""

    def done(bench):
        asked = [bench.jobs.show(job["id"])["arguments"] for job in bench.jobs.list("deploy")]
        return {one[key] for one in asked if one["name"].startswith(f"{key}-")}

    return done


def jobs(kind, about):
    return lambda bench: {about(bench.jobs.show(job["id"])["arguments"]) for job in bench.jobs.list(kind)}


def changed_recipes(bench):
    """Return the recipes that have a step."""
    names = [row["name"] for row in bench.pipelines.list() if " features" in row["name"]]
    return {name for name in names if len(bench.pipelines.open(name)["document"]["nodes"]) > 1}


def datasets_of_recipes(bench):
    return {row["name"].partition(" features")[0] for row in bench.pipelines.list() if " features" in row["name"]}


def opened_runs(bench):
    return {row["name"] for row in bench.pipelines.list() if row["name"] in CHAINS}


def stopped_services(bench):
    return {service["name"] for service in bench.services.list() if service["wanted"] == "stopped"}


def first_run(bench, pipeline):
    return [run["id"] for run in bench.runs.list() if run["pipeline"] == pipeline][-1]


SUBJECTS = {
    "explore-dataset": Subject(
        "explore", "dataset", "data.dataset", BOTH, other_datasets, press("contrast.begin"),
        jobs("contrast", lambda asked: asked["after"].partition("@")[0]), {"explore_view": "compare"},
    ),
    "explore-version": Subject(
        "explore", "version", "data.version", ("aged@1", "aged@2"), other_datasets, press("contrast.begin"),
        jobs("contrast", lambda asked: asked["after"]), {"dataset": "aged", "explore_view": "compare"},
        listed=lambda _, ref: f"Version {ref.partition('@')[2]} ·",
    ),
    "features-recipe": Subject(
        "features", "recipe", "features.recipe", ("left features", "left features 2"), other_recipes, add_a_step,
        changed_recipes, {"dataset": "left"},
    ),
    "features-dataset": Subject(
        "features", "dataset", "features.dataset", ("churn", "awkward"), other_datasets, press("features.new"),
        datasets_of_recipes,
    ),
    "runs": Subject(
        "runs", "run", "runs.run", CHAINS, other_runs, press("runs.open"), opened_runs, {}, first_run, first_run,
    ),
    "models-model": Subject(
        "models", "model", "models.model", ("churn", "other"), other_models, deploy("model"),
        deployed("model"), {"model_view": "deploy"},
    ),
    "models-version": Subject(
        "models", "version", "models.version", ("1", "2"), other_models, deploy("version"),
        deployed("version"), {"model": "churn", "model_view": "deploy"},
    ),
    "services": Subject(
        "services", "service", "services.service", BOTH, other_services, press("services.stop"), stopped_services,
    ),
    "monitoring": Subject(
        "monitoring", "service", "drift.service", BOTH, other_services, press("drift.captured"),
        jobs("drift", lambda asked: asked["service"]),
    ),
}  # fmt: skip
