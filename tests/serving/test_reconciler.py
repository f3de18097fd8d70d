"""Rows say what is wanted; steps make it true."""

import pytest

from engine.config import Workspace
from engine.errors import InvalidNameError, NotFoundError, ServingError
from engine.records import engine_lock, services
from engine.records.database import Records
from engine.records.environments import EnvironmentRow, put_environment
from engine.serving.deployer import Deployed
from engine.serving.reconciler import START_SECONDS, Reconciler, lent
from engine.serving.services import ServiceDesk
from engine.stores.models import REFERENCE, SLICE, ModelFacts, ModelStore
from resources.errors import QuotaError, ShareError
from resources.placement import Loan
from resources.shares import Amount
from tests.serving.serving_fakes import MemoryServe, MemoryShares

SIGNATURE = {"inputs": [], "outputs": []}
FACTS = ModelFacts(run="r", node="fit", task="regression", signature=SIGNATURE, replay={"rows": 1})


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A registry with two versions of one model, whose files nobody opens."""
    root = tmp_path_factory.mktemp("workspace")
    store = ModelStore(Workspace.at(root))
    staged = root / "staged"
    (staged / SLICE).mkdir(parents=True)
    (staged / SLICE / "slice.json").write_text("{}")
    (staged / REFERENCE).write_bytes(b"")
    for _ in range(2):
        store.register("churn", staged, FACTS)
    return root


@pytest.fixture
def workspace(models, tmp_path, monkeypatch):
    """The registry is made once; the records that each test begins beside it are no loss of others."""
    monkeypatch.setattr(Workspace, "require_void", lambda workspace: None)
    return Workspace.at(models, records_url=f"sqlite:///{tmp_path / 'records.db'}")


@pytest.fixture
def records(workspace):
    records = Records.open(workspace)
    with records.write() as connection:
        put_environment(connection, EnvironmentRow("inference", "fixed", {"cpu": 10_000, "gpu": 0, "memory": 0}))
        put_environment(connection, EnvironmentRow("train", "elastic", {"cpu": 10_000, "gpu": 0, "memory": 0}))
    return records


@pytest.fixture
def desk(records, workspace):
    """Services, with this process as their engine."""
    engine_lock.announce(records)
    return ServiceDesk(records, ModelStore(workspace), lambda: None)


@pytest.fixture
def serve():
    return MemoryServe()


@pytest.fixture
def shares():
    return MemoryShares()


@pytest.fixture
def now():
    """A clock that a test moves."""
    return [0.0]


@pytest.fixture
def reconciler(workspace, records, serve, shares, now):
    return Reconciler(
        workspace, records, serve, shares, health=serve.health, trial=serve_trial(serve), clock=lambda: now[0]
    )


def serve_trial(serve):
    """Try a version alone, as the broken ones of `serve` would fail."""

    def trial(order):
        if order.version in serve.broken:
            raise ServingError(serve.broken[order.version])

    return trial


def bring(reconciler, steps=10):
    """Take steps until nothing is on its way."""
    for _ in range(steps):
        if not reconciler.step():
            return


def test_a_wanted_service_becomes_healthy(desk, reconciler, shares):
    desk.deploy("churn", version="1", cpu=0.25)
    bring(reconciler)
    shown = desk.show("churn")
    assert (shown["status"], shown["version"], shown["url"]) == ("healthy", "1", "http://127.0.0.1:8100/churn")
    assert shown["share"] == {"cpu": 2500, "gpu": 0, "memory": 0}
    assert shares.lent == {("inference", "churn"): Amount(2500)}


def test_without_services_nothing_is_asked_of_serve(reconciler, serve):
    serve.states = None
    assert reconciler.step() is False


def test_the_champion_is_served_when_no_version_is_named(desk, reconciler):
    assert desk.deploy("churn").document()["version"] == "1"


def test_a_new_version_starts_beside_the_old_one_and_takes_over_its_share(desk, reconciler, serve, shares):
    desk.deploy("churn", version="1", cpu=0.25)
    bring(reconciler)
    desk.deploy("churn", version="2", cpu=0.5)
    bring(reconciler)
    assert serve.log == [("churn", "1", True), ("churn", "2", True)]
    assert (desk.show("churn")["version"], desk.show("churn")["status"]) == ("2", "healthy")
    assert shares.lent == {("inference", "churn"): Amount(5000)}


def test_a_broken_version_leaves_the_old_one_serving_and_says_why(desk, reconciler, serve, shares):
    desk.deploy("churn", version="1", cpu=0.25)
    bring(reconciler)
    serve.broken["2"] = "It cannot be unpickled."
    desk.deploy("churn", version="2", cpu=0.25)
    bring(reconciler)
    shown = desk.show("churn")
    assert shown["status"] == "failed"
    assert shown["message"] == "It cannot be unpickled. Version 1 goes on serving."
    assert serve.serving == {"churn": "1"}
    assert shares.lent == {("inference", "churn"): Amount(2500)}
    with pytest.raises(ServingError, match="cannot be unpickled"):
        desk.wait("churn")


def test_a_broken_first_version_leaves_nothing_behind(desk, reconciler, serve, shares):
    serve.broken["1"] = "It cannot be unpickled."
    desk.deploy("churn", version="1")
    bring(reconciler)
    assert desk.show("churn")["message"] == "It cannot be unpickled."
    assert (serve.applications, shares.lent) == ({}, {})


def test_a_failed_version_is_not_tried_again_and_again(desk, reconciler, serve):
    serve.broken["1"] = "It cannot be unpickled."
    desk.deploy("churn", version="1")
    bring(reconciler)
    tries = len(serve.log)
    bring(reconciler)
    assert len(serve.log) == tries
    serve.broken.clear()
    desk.deploy("churn", version="1")
    bring(reconciler)
    assert desk.show("churn")["status"] == "healthy"


def test_without_room_for_two_a_version_is_tried_and_then_replaces_the_old_one(desk, reconciler, serve, shares):
    desk.deploy("churn", version="1", cpu=0.75)
    bring(reconciler)
    desk.deploy("churn", version="2", cpu=0.75)
    bring(reconciler)
    assert serve.log == [("churn", "1", True), ("churn", "2", False)]
    assert desk.show("churn")["status"] == "healthy"
    assert shares.lent == {("inference", "churn"): Amount(7500)}


def test_without_room_for_two_a_broken_version_never_replaces_the_old_one(desk, reconciler, serve):
    desk.deploy("churn", version="1", cpu=0.75)
    bring(reconciler)
    serve.broken["2"] = "It cannot be unpickled."
    desk.deploy("churn", version="2", cpu=0.75)
    bring(reconciler)
    assert serve.log == [("churn", "1", True)]
    assert desk.show("churn")["message"] == "It cannot be unpickled. Version 1 goes on serving."


def test_no_room_at_all_is_a_sentence(desk, reconciler, serve):
    desk.deploy("churn", name="one", version="1", cpu=0.75)
    desk.deploy("churn", name="two", version="1", cpu=0.75)
    bring(reconciler)
    assert "has no room" in desk.show("two")["message"]
    assert desk.show("one")["status"] == "healthy"


def test_a_stopped_service_is_gone_and_gives_its_share_back(desk, reconciler, serve, shares):
    desk.deploy("churn", version="1")
    bring(reconciler)
    desk.stop("churn")
    bring(reconciler)
    assert (desk.show("churn")["status"], desk.show("churn")["url"]) == ("stopped", "")
    assert (serve.applications, shares.lent) == ({}, {})
    assert desk.wait("churn")["status"] == "stopped"


def test_a_stopped_service_can_be_deployed_again(desk, reconciler):
    for _ in range(2):
        desk.deploy("churn", version="1")
        bring(reconciler)
        assert desk.show("churn")["status"] == "healthy"
        desk.stop("churn")
        bring(reconciler)
        assert desk.show("churn")["status"] == "stopped"


def test_a_service_that_is_gone_is_starting_before_it_is_begun_anew(desk, reconciler, serve):
    """To start Serve takes many seconds in which every request is refused."""
    desk.deploy("churn", version="1")
    bring(reconciler)
    serve.applications.clear()
    serve.serving.clear()
    begun = len(serve.log)
    assert reconciler.step()
    assert (desk.show("churn")["status"], len(serve.log)) == ("starting", begun)
    bring(reconciler)
    assert desk.show("churn")["status"] == "healthy"


def test_services_come_back_with_a_new_ray(desk, reconciler, serve):
    desk.deploy("churn", version="1")
    bring(reconciler)
    serve.applications.clear()
    serve.serving.clear()
    bring(reconciler)
    assert desk.show("churn")["status"] == "healthy"
    assert serve.serving == {"churn": "1"}


def test_a_new_engine_leaves_running_services_alone(desk, reconciler, workspace, records, serve, shares):
    desk.deploy("churn", version="1", cpu=0.25)
    bring(reconciler)
    assert lent(records, serve) == {"inference": {"churn": Loan(Amount(2500), ("gpu1",))}}
    bring(Reconciler(workspace, records, serve, shares, health=serve.health))
    assert serve.log == [("churn", "1", True)]


def test_a_service_that_serve_starts_no_more_has_failed_with_what_was_found(desk, reconciler, serve, records, now):
    desk.deploy("churn", version="1")
    bring(reconciler)
    with records.write() as connection:
        services.change(connection, "churn", status="unhealthy", message="It took 3 GiB of memory.")
    serve.serving.clear()
    serve.applications["churn"] = Deployed("failed", "The deployment failed to start 3 times.")
    now[0] += 10
    bring(reconciler)
    told = desk.show("churn")
    assert (told["status"], told["message"]) == ("failed", "It took 3 GiB of memory.")
    assert ("churn", "removed") in serve.log


def test_a_service_that_was_stopped_as_it_started_says_why(desk, reconciler, serve, records):
    serve.slow.add("1")
    desk.deploy("churn", version="1")
    reconciler.step()
    with records.write() as connection:
        services.change(connection, "churn", message="It took 3 GiB of memory.")
    serve.applications["churn"] = Deployed("failed", "ActorDiedError()")
    bring(reconciler)
    assert desk.show("churn")["message"] == "It took 3 GiB of memory."


def test_a_service_that_stops_answering_is_unhealthy_until_it_answers(desk, reconciler, serve, now):
    desk.deploy("churn", version="1")
    bring(reconciler)
    gone = serve.serving.pop("churn")
    now[0] += 10
    bring(reconciler)
    assert desk.show("churn")["status"] == "unhealthy"
    assert "Nothing answers" in desk.show("churn")["message"]
    serve.serving["churn"] = gone
    now[0] += 10
    bring(reconciler)
    assert (desk.show("churn")["status"], desk.show("churn")["message"]) == ("healthy", "")


def test_a_version_that_never_starts_has_a_deadline(desk, reconciler, serve, shares, now):
    serve.slow.add("1")
    desk.deploy("churn", version="1")
    bring(reconciler)
    assert desk.show("churn")["status"] == "starting"
    now[0] += START_SECONDS + 1
    bring(reconciler)
    assert (desk.show("churn")["status"], shares.lent) == ("failed", {})
    assert "did not start within" in desk.show("churn")["message"]


def test_a_wish_that_changes_during_a_step_is_not_overwritten(desk, reconciler, serve, records):
    desk.deploy("churn", version="1")
    honest = serve.deploy

    def change_of_mind(order, share, bundles, *, beside):
        honest(order, share, bundles, beside=beside)
        serve.deploy = honest
        desk.deploy("churn", version="2")

    serve.deploy = change_of_mind
    bring(reconciler)
    bring(reconciler)
    assert (desk.show("churn")["version"], serve.serving["churn"]) == ("2", "2")


@pytest.mark.parametrize("steps", range(4))
def test_a_wish_that_is_taken_back_lets_the_old_version_serve(desk, reconciler, serve, shares, steps):
    desk.deploy("churn", version="1", cpu=0.25)
    bring(reconciler)
    before = desk.show("churn")
    serve.slow.add("2")
    desk.deploy("churn", version="2", cpu=0.5, key="job")
    for _ in range(steps):
        reconciler.step()
    desk.take_back("churn", "job")
    bring(reconciler)
    after = desk.show("churn")
    assert {**after, "updated": 0, "seen_at": 0} == {**before, "updated": 0, "seen_at": 0}
    assert serve.serving == {"churn": "1"}
    assert shares.lent == {("inference", "churn"): Amount(2500)}
    assert serve.log == [("churn", "1", True)] + ([("churn", "2", True), ("churn", "1", True)] if steps else [])


def test_a_wish_that_is_taken_back_while_it_is_tried_ends_nothing(desk, workspace, records, serve, shares):
    def trial(order):
        desk.take_back("churn", "job")

    reconciler = Reconciler(workspace, records, serve, shares, health=serve.health, trial=trial)
    desk.deploy("churn", version="1", cpu=0.75)
    bring(reconciler)
    desk.deploy("churn", version="2", cpu=0.75, key="job")
    bring(reconciler)
    assert serve.log == [("churn", "1", True)]
    assert (desk.show("churn")["version"], desk.show("churn")["status"]) == ("1", "healthy")


def test_a_wish_that_is_taken_back_as_it_is_made_true_is_brought_back(desk, reconciler, serve, now):
    desk.deploy("churn", version="1", cpu=0.25)
    bring(reconciler)
    honest = serve.deploy

    def change_of_mind(order, share, bundles, *, beside):
        honest(order, share, bundles, beside=beside)
        desk.take_back("churn", "job")

    serve.deploy = change_of_mind
    desk.deploy("churn", version="2", cpu=0.25, key="job")
    bring(reconciler)
    now[0] += 60
    bring(reconciler)
    assert (serve.serving["churn"], desk.show("churn")["version"], desk.show("churn")["status"]) == (
        "1",
        "1",
        "healthy",
    )


def test_only_the_present_wish_is_taken_back(desk):
    desk.deploy("churn", version="1", cpu=0.25, key="first")
    desk.deploy("churn", version="2", cpu=0.25, key="second")
    desk.take_back("churn", "first")
    assert (desk.show("churn")["version"], desk.show("churn")["wanted"]) == ("2", "running")


def test_a_service_that_was_stopped_is_stopped_again(desk, reconciler, serve):
    desk.deploy("churn", version="1", cpu=0.25)
    bring(reconciler)
    desk.stop("churn")
    bring(reconciler)
    desk.deploy("churn", version="2", cpu=0.25, key="job")
    reconciler.step()
    desk.take_back("churn", "job")
    bring(reconciler)
    assert (desk.show("churn")["version"], desk.show("churn")["status"], serve.serving) == ("1", "stopped", {})


def test_a_version_whose_files_were_changed_is_not_deployed(desk, reconciler, serve, workspace):
    file = ModelStore(workspace).load("churn", "2") / "slice.json"
    file.write_text("[]")
    desk.deploy("churn", version="2")
    bring(reconciler)
    file.write_text("{}")
    assert "is not what was stored" in desk.show("churn")["message"]
    assert serve.log == []


@pytest.mark.parametrize(
    ("asked", "error", "told"),
    [
        ({"model": "chrun"}, NotFoundError, "No model 'chrun'"),
        ({"model": "churn", "version": "9"}, NotFoundError, "'9'"),
        ({"model": "churn", "environment": "moon"}, NotFoundError, "No environment 'moon'"),
        ({"model": "churn", "environment": "train"}, ServingError, "need a fixed share"),
        ({"model": "churn", "cpu": 2}, QuotaError, "quota"),
        ({"model": "churn", "gpu": -1}, ShareError, "negative"),
        ({"model": "churn", "name": "../x"}, InvalidNameError, "cannot be called"),
        ({"model": "churn", "name": "服务"}, InvalidNameError, "cannot be called"),
    ],
)
def test_what_cannot_be_deployed_is_refused_at_once(desk, asked, error, told):
    with pytest.raises(error, match=told):
        desk.deploy(**asked)
    assert desk.list() == []


def test_an_unknown_service_is_named_with_what_runs(desk, reconciler):
    desk.deploy("churn", version="1")
    for ask in (desk.stop, desk.show, desk.wait):
        with pytest.raises(NotFoundError, match="'chrun'"):
            ask("chrun")


def test_a_service_that_was_never_deployed_says_so_when_asked(desk):
    service = desk.deploy("churn", version="1")
    with pytest.raises(ServingError, match="is waiting"):
        service.predict([{}], timeout=0)


def test_waiting_has_an_end(desk):
    desk.deploy("churn", version="1")
    with pytest.raises(ServingError, match="is waiting after 0 seconds"):
        desk.wait("churn", timeout=0)


def test_rows_of_services_know_when_they_were_changed(desk, records):
    desk.deploy("churn", version="1")
    with records.read() as connection:
        row = services.find(connection, "churn")
    assert row.updated >= row.created > 0


def test_a_service_leaves_a_device_that_is_out_of_service(desk, reconciler, serve, shares, records):
    desk.deploy("churn", version="1", cpu=0.25)
    bring(reconciler)
    shares.down = {"gpu1"}
    bring(reconciler)
    assert serve.log == [("churn", "1", True), ("churn", "1", True)]
    assert serve.orders[-1].seen == {"CUDA_VISIBLE_DEVICES": "2"}
    with records.read() as connection:
        row = services.find(connection, "churn")
    assert (row.status, row.devices) == ("healthy", ["gpu2"])
    bring(reconciler)
    assert len(serve.log) == 2


def test_a_service_that_finds_no_room_elsewhere_stays_and_says_so(desk, reconciler, serve, shares, now):
    desk.deploy("churn", version="1", cpu=0.75)
    bring(reconciler)
    shares.down = {"gpu1"}
    now[0] += 10
    bring(reconciler)
    assert desk.show("churn")["status"] == "healthy"
    assert desk.show("churn")["message"].startswith("It stays on gpu1, which is out of service")
    shares.down = set()
    now[0] += 10
    bring(reconciler)
    assert desk.show("churn")["message"] == ""
    assert len(serve.log) == 1
