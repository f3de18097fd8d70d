"""A workspace in which every string that a user can set tries to be something else."""

import polars as pl

from engine import Pipeline, Workbench
from engine.config import Workspace
from engine.records import Records, services
from engine.records.services import ServiceRow

MARKUP = "<img src=x onerror=\"window.hit='img'\">"
SCRIPT = "<script>window.hit='script'</script>"
IMAGE = "![p](http://198.51.100.7/p.png)"
LINK = "[press](javascript:window.hit='link')"
COLOUR = ":red[y] $x^2$ `code` **bold** :material/home:"
FORMULA = "=cmd|'/c calc'!A0"
PATH = "../../etc/passwd"
TURNED = "\u202egpj.exe"
FACE = "\U0001f600"
PROTOTYPE = "__proto__"
TABLE = "'; DROP TABLE runs; --"
LONG = "n" * 5000
STRINGS = (MARKUP, SCRIPT, IMAGE, LINK, COLOUR, FORMULA, PATH, TURNED, FACE, PROTOTYPE, TABLE, LONG)

SOURCE, FEATURE, TARGET = "张三 __proto__", f"{MARKUP} {IMAGE}", f"{SCRIPT} {LINK}"
MODEL = "nul-con"  # the strictest names: they stand in URLs and folders
ROWS = 240


def hostile_table(shift=0.0):
    """Return a table whose column names, cells and classes are hostile, and whose target can be learnt."""
    numbers = [float(number % 40) + shift for number in range(ROWS)]
    columns = {text: [f"{text} {number % 3}" for number in range(ROWS)] for text in STRINGS}
    columns |= {FEATURE: numbers, TARGET: [MARKUP if number % 40 < 20 else IMAGE for number in range(ROWS)]}
    return pl.DataFrame(columns)


def hostile_pipeline():
    """Return a pipeline called by markup, with hostile parameters, that works."""
    return Pipeline.from_document(
        {
            "name": f"{MARKUP} {IMAGE} {COLOUR}",
            "nodes": {
                "read": {"operator": "read_dataset", "with": {"dataset": SOURCE}},
                "split": {"operator": "split_rows", "from": {"table": "read"}},
                "fill": {
                    "operator": "fill_missing",
                    "with": {"columns": [IMAGE, SCRIPT], "statistic": "constant", "value": LINK},
                    "from": {"train": "split.train"},
                },
                "fit": {"operator": "train_classifier", "with": {"target": TARGET}, "from": {"train": "fill"}},
                "score": {
                    "operator": "score_classifier",
                    "with": {"target": TARGET},
                    "from": {"model": "fit", "table": "split.test"},
                },
                "say": {
                    "operator": "python_script",
                    "with": {
                        "code": f"def run(table):\n    print({MARKUP + IMAGE!r})\n    raise ValueError({SCRIPT!r})\n"
                    },
                    "from": {"table": "read"},
                },
            },
        }
    )


def fill_hostile(root, drive):
    """Fill a workspace with hostile strings: data, drafts, a run that half fails, a model, a service, reports."""
    bench = Workbench.open(root)
    bench.datasets.put(SOURCE, hostile_table(), label=f"{MARKUP} {PATH}")
    run = bench.run(hostile_pipeline(), options={"max_attempts": 1})
    drive(root)
    assert run.document()["nodes"]["fit"]["status"] == "done"
    assert run.document()["nodes"]["say"]["status"] == "failed"
    bench.models.register(run, "fit", name=MODEL)
    share = {"cpu": 1500, "gpu": 0, "memory": 0}
    with Records.open(Workspace.at(root)).write() as connection:
        row = ServiceRow(
            MODEL, MODEL, "1", "inference", share, status="unhealthy", url="http://127.0.0.1:9/x",
            message=MARKUP + IMAGE,
        )  # fmt: skip
        services.put_service(connection, row)
    batch = root / "batch.parquet"
    hostile_table(shift=50.0).write_parquet(batch)
    bench.monitor.check(MODEL, batch, label=f"{SCRIPT} {IMAGE}")
    draft = bench.pipelines.create(PROTOTYPE, hostile_pipeline())
    bench.pipelines.name_version(PROTOTYPE, f"{MARKUP} {IMAGE}")
    recipe = f"{SOURCE} features"
    bench.pipelines.create(recipe, bench.features.begun(recipe, SOURCE))
    chain = bench.features.added(
        bench.features.begun(recipe, SOURCE), "select_columns", {"columns": [IMAGE, MARKUP, FEATURE]}
    )
    bench.pipelines.edit(recipe, draft["revision"], {"op": "replace", "document": chain})
    return run.id
