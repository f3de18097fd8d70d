"""The story of shares: a training takes a GPU from a less urgent one and gives it back, a stress test runs alone, and a
service is touched by neither. Real engine, real Ray, two logical GPUs; told as it happens, in the words of the records.

`python tests/house/story_of_sharing.py FOLDER` writes the workspace into FOLDER, so that the screens can show it, and
leaves the engine running with `--stay`.
"""

import sys
import time
from pathlib import Path
from statistics import quantiles

from engine import Workbench

ROOT = Path(__file__).resolve().parents[2]
SLOW = """
name: {name}
nodes:
  read: {{operator: read_dataset, with: {{dataset: churn}}}}
  work:
    operator: python_script
    with: {{code: "import time\\ndef run(table):\\n    time.sleep({seconds})\\n    return table\\n"}}
    from: {{table: read}}
    resources: {{gpu: {gpu}, cpu: 0.2}}
"""
MODEL = """
name: churn
nodes:
  read: {operator: read_dataset, with: {dataset: churn}}
  fit: {operator: train_classifier, with: {target: churned, algorithm: linear}, from: {train: read}}
"""
PATIENCE_S = 240.0


def tell(line: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stdout.flush()


def until(holds, what: str):
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = holds()
        if found:
            return found
        time.sleep(0.2)
    raise TimeoutError(f"It has not come to this: {what}")


def slow(name: str, seconds: float, gpu: float) -> str:
    return SLOW.format(name=name, seconds=seconds, gpu=gpu)


def holders(bench: Workbench) -> set[str]:
    found = bench.resources()["holding"]
    return {one["run"] for one in found if one["kind"] == "node" and one["name"] == "work"}


def decisions(bench: Workbench) -> list[tuple[str, str, str]]:
    return [(one["what"], one["run"], one["why"]) for one in reversed(bench.resources()["decisions"])]


def answer_times(bench: Workbench, row: dict, count: int = 60) -> float:
    """Ask the service again and again, and return the 95th percentile in milliseconds."""
    took = []
    for _ in range(count):
        began = time.perf_counter()
        bench.services.predict("churn", [row])
        took.append(1000 * (time.perf_counter() - began))
    return quantiles(took, n=20)[18]


def service(bench: Workbench) -> dict:
    """Train and deploy a model, and return a row to ask it about."""
    bench.datasets.add("churn", ROOT / "data_samples" / "churn.csv")
    run = bench.run(MODEL)
    run.wait()
    bench.models.register(run.id, "fit", name="churn")
    bench.services.deploy("churn").wait()
    found = bench.datasets.preview("churn", rows=1)
    values = zip(found["columns"], found["rows"][0], strict=True)
    return {name: value for name, value in values if name != "churned"}


def tell_story(bench: Workbench) -> dict:
    """Let it happen, and return what was seen."""
    row = service(bench)
    quiet = answer_times(bench, row)
    tell(f"the service answers in {quiet:.1f} ms at the 95th percentile")
    low = bench.run(slow("less urgent", 75, 1), options={"priority": 0}).id
    until(lambda: low in holders(bench), "the less urgent training runs")
    tell("a training of no priority holds the GPU of train")
    stress = bench.run(slow("stress", 20, 0.25), environment="test", options={"alone": True}).id
    until(lambda: stress in holders(bench), "the stress test runs")
    beside = bench.run(slow("functional", 1, 0.1), environment="test").id
    alone = until(lambda: _why(bench, beside), "the functional test waits for the stress test")
    tell(f"a stress test runs alone; a functional test beside it waits: {alone}")
    high = bench.run(slow("urgent", 5, 1), options={"priority": 5}).id
    waits = until(lambda: _why(bench, high), "the urgent training waits")
    tell(f"an urgent training comes and waits: {waits}")
    until(lambda: ("pause", low, "room") in decisions(bench), "the less urgent training makes room")
    until(lambda: high in holders(bench), "the urgent training runs")
    tell("the less urgent training has made room, and the urgent one runs")
    busy = answer_times(bench, row)
    tell(f"meanwhile the service answers in {busy:.1f} ms at the 95th percentile")
    until(lambda: bench.runs.show(high)["status"] == "succeeded", "the urgent training ends")
    until(lambda: low in holders(bench), "the less urgent training has its GPU back")
    tell("the urgent training has ended, and the less urgent one has its GPU back")
    for run in (stress, beside):
        until(lambda run=run: bench.runs.show(run)["status"] == "succeeded", "the tests end")
    attempts = bench.runs.show(low)["nodes"]["work"].get("attempts")
    bench.runs.cancel(low)
    return {
        "decisions": decisions(bench), "low": low, "high": high, "stress": stress, "beside": beside, "quiet": quiet,
        "busy": busy, "waits": waits, "attempts": attempts,
    }  # fmt: skip


def _why(bench: Workbench, run: str) -> str:
    found = [one for one in bench.resources()["waiting"] if one["run"] == run and one["reason"]]
    return next((one["reason"].get("sentence", "") for one in found if one["kind"] == "node"), "")


if __name__ == "__main__":
    opened = Workbench.open(sys.argv[1])
    seen = tell_story(opened)
    if "--stay" not in sys.argv:
        opened.engine.stop()
