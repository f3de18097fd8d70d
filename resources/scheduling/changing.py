"""Changing an environment while its tasks run: they stay where they are, squeezed if need be, or nothing changes."""

from collections.abc import Iterable
from dataclasses import replace

from resources.errors import QuotaError
from resources.scheduling.book import Spot
from resources.scheduling.elastic import Claim, divide
from resources.scheduling.entries import Running
from resources.scheduling.instructions import Instruction, Refuse, Resize
from resources.scheduling.pool import Pool, Setup, impossible
from resources.shares import Amount


def changed(
    old: Pool | None, name: str, setup: Setup | None, now: float, down: Iterable[str]
) -> tuple[Pool | None, list[Instruction]]:
    """Return the pool as it is after a change, and what is to be done for that; the old one is left as it is.

    Those that wait keep their place; what can never run any more is refused.

    Raises:
        QuotaError: What runs would not find its place.
        PlacementError: There is no such policy.
    """
    if setup is None:
        _check_empty(old, name)
        return None, []
    new = Pool(name, setup)
    for device in set(down) & set(new.devices()):
        new.put_down(device)
    if old is None:
        return new, []
    out: list[Instruction] = list(_moved(old, new, now))
    new.asked, new.used, new.numbers = old.asked, dict(old.used), old.numbers
    new.placer, new.search = new.placing()
    for entry in old.waiting.values():
        why = impossible(new, entry.task)
        if why:
            out.append(Refuse(entry.task.name, f"{entry.task.name} can no longer run: {why}", "Ask for less."))
        else:
            new.waiting[entry.task.name] = entry
    return new, out


def _check_empty(old: Pool | None, name: str) -> None:
    if old is not None and (old.running or old.waiting):
        raise QuotaError(
            f"The environment {name!r} has {len(old.running)} tasks that run and {len(old.waiting)} that wait.",
            hint="Cancel them or wait for their end, then remove it.",
        )


def _moved(old: Pool, new: Pool, now: float) -> Iterable[Resize]:
    """Take over what runs, and yield whose share is another now."""
    machines = {machine.name: at for at, machine in enumerate(new.setup.machines)}
    runs: dict[str, Running] = {}
    for run in sorted(old.running.values(), key=lambda one: one.number):
        machine, devices = old.names(run.spot)
        places = [new.place_of(device) for device in devices]
        at = machines.get(machine)
        if at is None or any(place is None or place[0] != at for place in places):
            raise _too_small(new.name, f"{run.task.name} runs on {', '.join(devices) or machine}.")
        run.measure(now)
        spot = Spot(at, tuple(place[1] for place in places if place is not None))
        runs[run.task.name] = replace(run, spot=spot, taken=list(run.taken))
    resizes = list(_squeezed(new, runs.values()))
    new.running = runs
    for run in runs.values():
        new.take(run)
    if (new.book.cpu < 0).any() or (new.book.memory < 0).any():
        raise _too_small(new.name, "What runs has more CPU or memory.")
    return resizes


def _squeezed(new: Pool, runs: Iterable[Running]) -> Iterable[Resize]:
    for at, machine in enumerate(new.setup.machines):
        for device, gpu in enumerate(machine.gpus):
            there = [run for run in runs if run.spot.machine == at and device in run.spot.devices]
            claims = [_claim(run, squeezable=new.elastic) for run in there]
            shares = divide(gpu.share, claims)
            if shares is None:
                raise _too_small(new.name, f"The tasks on {gpu.name} have more of it.")
            for run, share in zip(there, shares, strict=True):
                if run.taken != [share] and len(run.taken) == 1 and run.task.elastic:
                    run.taken = [share]
                    yield Resize(run.task.name, Amount(run.cpu, share, run.task.request.memory))


def _claim(run: Running, *, squeezable: bool) -> Claim:
    if not squeezable and run.task.elastic:
        return Claim(run.task.per_device, run.task.per_device, 1.0)
    return run.claim


def _too_small(name: str, why: str) -> QuotaError:
    return QuotaError(
        f"The environment {name!r} cannot be changed so while its tasks run: {why}",
        hint="Cancel what runs there or wait for its end, or leave it more.",
    )
