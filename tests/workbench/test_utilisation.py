"""Devices are told with what is given out of them and how busy they are."""

from engine.config import Settings
from engine.workbench import utilisation
from engine.workbench.claims import Claim
from resources.health import Fault, Reading
from resources.shares import Amount


class Told:
    """Health as a test tells it."""

    def read(self, _now):
        return [
            Reading(0, used=3 << 30, utilization=0.25, temperature=50),
            Reading(1, fault=Fault("silent", {}, "It does not answer.")),
        ]


def holding(device, gpu):
    return Claim("node", "n", "train", Amount(2_500, gpu, 0), 0.0, "r", devices=device)


def test_what_is_given_out_of_each_device_is_summed(monkeypatch):
    monkeypatch.setattr(utilisation, "_health", lambda: None)
    claims = [holding(("gpu0",), 2_500), holding(("gpu0",), 5_000), holding(("gpu0", "gpu1"), 20_000), holding((), 0)]
    cpu, *cards = utilisation.devices_now(Settings(devices="2xA100,T4"), {}, claims, watched=True)
    assert [(one["device"], one["taken"]) for one in cards] == [("gpu0", 17_500), ("gpu1", 10_000), ("gpu2", 0)]
    assert cpu["taken"] == 10_000
    assert 0 <= cpu["use"]["busy"] <= 1
    assert cpu["use"]["memory"] > 0
    assert all(one["use"] is None for one in cards)


def test_a_gpu_that_answers_tells_how_busy_it_is(monkeypatch):
    monkeypatch.setattr(utilisation, "_health", Told)
    assert utilisation._readings() == {"gpu0": {"busy": 0.25, "memory": 3 << 30, "temperature": 50}}
