"""What processes do on a GPU in checks: train in steps, serve requests, take memory by torch or past it."""

import ctypes
import ctypes.util
import importlib
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from resources.conformance.players import play, say, signal
from resources.enforcement.gate import Gate
from resources.enforcement.limits import Limits, keep

SIDE = 4096
CHUNK = 256 << 20
SIZES = (16, 32, 64, 96, 128)
EACH_S = 0.5


def _torch() -> Any:
    return importlib.import_module("torch")


def _work(torch: Any, repeats: int) -> Any:
    """Return a function that asks for `repeats` products of two matrices."""
    left = torch.randn(SIDE, SIDE, device="cuda", dtype=torch.bfloat16)
    right, out = torch.randn_like(left), torch.empty_like(left)

    def work() -> None:
        for _ in range(repeats):
            torch.mm(left, right, out=out)

    for _ in range(20):
        work()
    torch.cuda.synchronize()
    return work


def _gate(torch: Any, gate: dict[str, Any] | None) -> Gate | None:
    if gate is None:
        return None
    return Gate(Path(gate["path"]), gate["weight"], priority=gate.get("priority", 0), finish=torch.cuda.synchronize)


def train(repeats: int, gate: dict[str, Any] | None = None, every: int = 1) -> None:
    """Step until the time is over; answer the steps and the seconds.

    Args:
        repeats: Products in a step.
        gate: `{"path", "weight", "priority"}`; without one the steps run freely.
        every: Steps after which it waits for the device, where there is no gate.
    """
    torch = _torch()
    work, turn = _work(torch, repeats), _gate(torch, gate)
    begin, end = signal()
    steps = 0
    while time.monotonic() < end:
        with turn.step() if turn is not None else nullcontext():
            work()
        steps += 1
        if turn is None and steps % every == 0:
            torch.cuda.synchronize()
    torch.cuda.synchronize()
    say(steps=steps, seconds=time.monotonic() - begin)


def serve(repeats: int, rate: float, gate: dict[str, Any] | None = None) -> None:
    """Answer requests that come at a steady rate; answer the latencies in milliseconds, from when each came."""
    torch = _torch()
    work, turn = _work(torch, repeats), _gate(torch, gate)
    begin, end = signal()
    latencies, at = [], begin
    while at < end:
        time.sleep(max(0.0, at - time.monotonic()))
        with turn.step() if turn is not None else nullcontext():
            work()
            torch.cuda.synchronize()
        latencies.append(1000 * (time.monotonic() - at))
        at += 1 / rate
    say(latencies=latencies)


def fraction(share: float, tries: int) -> None:
    """Take nearly the share of memory, then more, `tries` times; answer how often each was given, and how it failed."""
    torch = _torch()
    keep(Limits(fraction=share))
    total = torch.cuda.get_device_properties(0).total_memory
    given = {"below": 0, "above": 0}
    errors: dict[str, int] = {}
    signal()
    for _ in range(tries):
        for name, part in (("below", share - 0.01), ("above", share + 0.01)):
            try:
                block = torch.empty(int(total * part), dtype=torch.uint8, device="cuda")
                given[name] += 1
                del block
            except RuntimeError as error:  # torch's OutOfMemoryError is one
                errors[type(error).__name__] = errors.get(type(error).__name__, 0) + 1
            torch.cuda.empty_cache()
    alive = bool(torch.ones(4, device="cuda").all().item())
    say(given=given, errors=errors, alive=alive, total=total)


def escape(share: float, pause: float) -> None:
    """Take memory past torch, chunk by chunk, until somebody stops this process; say each chunk."""
    torch = _torch()
    keep(Limits(fraction=share))
    torch.ones(1, device="cuda")
    runtime = _cuda_runtime()
    taken = 0
    signal()
    while True:
        pointer = ctypes.c_void_p()
        code = runtime.cudaMalloc(ctypes.byref(pointer), ctypes.c_size_t(CHUNK))
        if code:
            say(refused=code, taken=taken)
            return
        taken += CHUNK
        say(taken=taken, at=time.monotonic())
        time.sleep(pause)


def overhead() -> None:
    """Do the least there is on the device; answer what torch knows of, while the process is looked at from outside."""
    torch = _torch()
    torch.ones(1, device="cuda")
    torch.cuda.synchronize()
    say(reserved=torch.cuda.memory_reserved())
    signal()


def multiprocessors(repeats: int) -> None:
    """Work in green contexts of several sizes; answer products per second by multiprocessors."""
    torch = _torch()
    work = _work(torch, repeats)
    found: dict[str, float] = {}
    signal()
    try:
        green = importlib.import_module("torch.cuda.green_contexts")
        contexts = {count: green.GreenContext.create(num_sms=count) for count in SIZES}
    except (ImportError, RuntimeError) as error:
        say(unsupported=f"{type(error).__name__}: {error}"[:200])
        return
    for count, context in contexts.items():
        context.set_context()
        torch.cuda.synchronize()
        began, steps = time.monotonic(), 0
        while time.monotonic() - began < EACH_S:
            work()
            torch.cuda.synchronize()
            steps += 1
        found[str(count)] = steps * repeats / (time.monotonic() - began)
        context.pop_context()
    say(rates=found)


def _cuda_runtime() -> Any:
    """Return CUDA's runtime library as this process has it loaded."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        if "libcudart" in line:
            return ctypes.CDLL(line.split()[-1])
    return ctypes.CDLL(ctypes.util.find_library("cudart"))


if __name__ == "__main__":
    play(
        {
            "train": train, "serve": serve, "fraction": fraction, "escape": escape, "overhead": overhead,
            "multiprocessors": multiprocessors,
        }
    )  # fmt: skip
