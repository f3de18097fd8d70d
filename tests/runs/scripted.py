"""An executor that does what a test tells it, and pipelines for it."""

import hashlib
import json
from collections import Counter

from engine.graph.pipeline import Pipeline
from engine.runs import executor, report


def chain(*expressions, name="chain"):
    """Return a pipeline that reads and then computes one column after another, none of them fused."""
    pipeline = Pipeline(name).add("read", "read_dataset").set("read", dataset="people")
    before = "read"
    for number, expression in enumerate(expressions, start=1):
        step = f"step{number}"
        pipeline = pipeline.add(step, "formula_column", pin=True, table=before)
        pipeline = pipeline.set(step, name=f"column{number}", expression=expression)
        before = step
    return pipeline


class ScriptedExecutor:
    """Answers every order at once with outputs that follow from its inputs, unless `script` says otherwise.

    `script(order)` returns an answer, or None for no answer at all, or `...` for the usual one.
    """

    def __init__(self, store, script=lambda order: ...):
        self.store = store
        self.script = script
        self.orders = []
        self.stopped = []
        self.ready = []
        self.placeless = set()

    def start(self, order):
        self.orders.append(order)
        answer = self.script(order)
        if answer is ...:
            answer = self.usual(order)
        if answer is not None:
            self.ready.append(answer)

    def usual(self, order):
        inputs = sorted(ref.hash for outputs in order.outputs.values() for ref in outputs.values())
        operator = order.pipeline["nodes"][order.stage]
        text = json.dumps([operator["operator"], operator.get("with"), inputs])
        ref = self.store.put("Report", {"content": hashlib.sha256(text.encode()).hexdigest()})
        outputs = {order.stage: {"table": ref.model_dump(mode="json")}}
        return executor.Succeeded(order.token, outputs, 0.01)

    def stop(self, token):
        self.stopped.append(token)
        self.ready.append(executor.Lost(token, "It was stopped."))

    def waiting(self):
        return self.placeless

    def answers(self, timeout):
        found, self.ready = self.ready, []
        return found

    def close(self):
        self.ready = []

    def done(self):
        """Return how often each stage was ordered."""
        return Counter(order.stage for order in self.orders)


def drive(driver, turns=100):
    """Let the driver work until nothing goes on any more."""
    for _ in range(turns):
        driver.turn(0)
        if not driver.busy:
            driver.turn(0)
            if not driver.busy:
                return
    raise AssertionError(f"The driver is still busy after {turns} turns.")


def statuses(records, run):
    """The status of each node of a run."""
    return {name: node["status"] for name, node in report.document(records, run)["nodes"].items()}
