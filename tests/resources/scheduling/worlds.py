"""Random worlds for the scheduler: environments, tasks and outages drawn from a seed."""

import random

from resources.scheduling.machines import Gpu, Machine
from resources.scheduling.policies import POLICIES
from resources.scheduling.pool import Setup
from resources.scheduling.replay import Outage
from resources.scheduling.tasks import Task
from resources.scheduling.traces import Job
from resources.shares import WHOLE, Amount, ResourceRequest

KINDS = ("elastic", "mixed", "fixed")


def world(seed, *, tasks=25):
    """Return environments by name, jobs and outages."""
    dice = random.Random(seed)
    setups = {f"e{at}": _setup(dice, f"e{at}") for at in range(dice.randint(1, 2))}
    jobs = [_job(dice, f"t{at}", dice.choice(list(setups))) for at in range(tasks)]
    devices = [gpu.name for setup in setups.values() for one in setup.machines for gpu in one.gpus]
    outages = [_outage(dice, device) for device in devices if dice.random() < 0.4]
    return setups, sorted(_with_gangs(dice, jobs), key=lambda job: job.arrived), outages


def _setup(dice, name):
    machines = tuple(
        Machine(
            f"{name}m{at}", dice.randint(1, 8) * WHOLE, dice.randint(1, 8) << 30,
            tuple(Gpu(f"{name}m{at}g{n}", dice.choice([WHOLE, WHOLE, 5000, 2500])) for n in range(dice.randint(0, 3))),
            dice.choice(["T4", "A100"]),
        )
        for at in range(dice.randint(1, 4))
    )  # fmt: skip
    quotas = {"b": Amount(4 * WHOLE, WHOLE, 8 << 30)} if dice.random() < 0.3 else {}
    return Setup(machines, dice.choice(KINDS), dice.choice(list(POLICIES)), quotas)


def _job(dice, name, environment):
    gpu = dice.choice([0, dice.randint(1, 10) * 1000, WHOLE, dice.randint(2, 3) * WHOLE])
    least = dice.randint(1, gpu) if gpu <= WHOLE and gpu and dice.random() < 0.5 else 0
    task = Task(
        name, ResourceRequest(dice.randint(0, 30) * 1000, gpu, dice.randint(0, 2) << 30), environment,
        priority=dice.randint(-2, 3), least=least, preemptible=dice.random() < 0.6,
        models=frozenset({"T4"}) if dice.random() < 0.2 else frozenset(), alone=dice.random() < 0.1 and not least,
        project=dice.choice("ab"),
    )  # fmt: skip
    return Job(task, dice.uniform(0, 3000), dice.uniform(1, 2000))


def _with_gangs(dice, jobs):
    for first, second in zip(jobs[::9], jobs[1::9], strict=False):
        if dice.random() < 0.5:
            jobs = [
                Job(_in_gang(job.task, first.task), job.arrived, job.seconds) if job in (first, second) else job
                for job in jobs
            ]
    return jobs


def _in_gang(task, first):
    request = ResourceRequest(task.request.cpu, task.request.gpu, task.request.memory)
    return Task(task.name, request, first.environment, gang=f"gang of {first.name}", gang_size=2)


def _outage(dice, device):
    lost = dice.uniform(0, 4000)
    return Outage(device, lost, lost + dice.uniform(1, 1000))
