"""Serve and placement in memory, for tests of the reconciler."""

from engine.errors import ServingError
from engine.serving.deployer import Deployed
from resources.enforcement.limits import Limits
from resources.errors import PlacementError
from resources.placement import Loan
from resources.shares import Amount


class MemoryServe:
    """Runs services as entries of a dictionary; a version in `broken` never starts."""

    def __init__(self):
        self.applications = {}
        self.serving = {}
        self.broken = {}
        self.slow = set()
        self.log = []
        self.orders = []

    def start(self, port=None):
        return port or 8100

    def deploy(self, order, share, bundles, *, beside=True):
        self.log.append((order.service, order.version, beside))
        self.orders.append(order)
        if order.version in self.broken:
            self.applications[order.service] = Deployed("failed", self.broken[order.version])
        elif order.version in self.slow:
            self.applications[order.service] = Deployed("starting")
        else:
            self.applications[order.service] = Deployed("running")
            self.serving[order.service] = order.version

    def remove(self, service):
        self.log.append((service, "removed"))
        self.applications.pop(service, None)
        self.serving.pop(service, None)

    def states(self):
        return dict(self.applications)

    def held(self):
        return {service: Amount(2500) for service in self.serving}

    def health(self, url):
        service = url.rsplit("/", 1)[-1]
        if service not in self.serving:
            raise ServingError(f"Nothing answers at {url}.")
        return {"status": "healthy", "model": "churn", "version": self.serving[service]}


class MemoryShares:
    """Lends CPU of one environment."""

    names = ("inference", "other")

    def __init__(self, cpu=10_000):
        self.cpu = cpu
        self.lent = {}
        self.memory = 0
        self.down = set()
        self.spare = ["gpu1", "gpu2"]

    def lend(self, name, borrower, request, *, after=""):
        mine = {(name, borrower), (name, after)}
        others = sum((amount.cpu for key, amount in self.lent.items() if key not in mine), 0)
        if others + request.cpu > self.cpu:
            raise PlacementError(f"The environment {name!r} has no room.")
        self.lent.pop((name, after), None)
        self.lent[name, borrower] = Amount(request.cpu)
        return Loan(Amount(request.cpu), tuple(self._device()))

    def has_room(self, name, request):
        held = sum(amount.cpu for amount in self.lent.values())
        return held + request.cpu <= self.cpu and bool(self._device())

    def _device(self):
        return [device for device in self.spare if device not in self.down][:1]

    def loan(self, name, borrower):
        amount = self.lent.get((name, borrower))
        return None if amount is None else Loan(amount, ("gpu1",))

    def bundles(self, name, loan):
        return [loan.amount.bundle()]

    def partition(self, name, loan):
        return {}

    def seen(self, loan):
        return {"CUDA_VISIBLE_DEVICES": ",".join(device.removeprefix("gpu") for device in loan.devices)}

    def limits(self, name, loan):
        return Limits(1, self.memory)

    def give_back(self, name, borrower):
        self.lent.pop((name, borrower), None)
