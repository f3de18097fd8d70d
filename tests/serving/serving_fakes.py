"""Serve and placement in memory, for tests of the reconciler."""

from engine.errors import ServingError
from engine.serving.deployer import Deployed
from resources.errors import PlacementError
from resources.shares import Amount


class MemoryServe:
    """Runs services as entries of a dictionary; a version in `broken` never starts."""

    def __init__(self):
        self.applications = {}
        self.serving = {}
        self.broken = {}
        self.slow = set()
        self.log = []

    def start(self, port=None):
        return port or 8100

    def deploy(self, order, share, bundles, *, beside=True):
        self.log.append((order.service, order.version, beside))
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

    def lend(self, name, borrower, request):
        others = sum((amount.cpu for key, amount in self.lent.items() if key != (name, borrower)), 0)
        if others + request.cpu > self.cpu:
            raise PlacementError(f"The environment {name!r} has no room.")
        self.lent[name, borrower] = Amount(request.cpu)
        return [request.bundle()]

    def give_back(self, name, borrower):
        self.lent.pop((name, borrower), None)
