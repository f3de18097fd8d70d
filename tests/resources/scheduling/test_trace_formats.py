"""Logs of jobs in other formats than openb's, and machines that are written in short."""

import pytest

from resources.errors import TraceError
from resources.scheduling.book import Book
from resources.scheduling.inflation import inflate
from resources.scheduling.pool import Setup
from resources.scheduling.replay import Replay
from resources.scheduling.timed import timed
from resources.scheduling.traces import read_trace
from resources.scheduling.traces.cluster import parse_cluster

HELIOS = """job_id,user,vc,gpu_num,cpu_num,node_num,state,submit_time,start_time,end_time,duration,queue
j0,u1,vcA,16,64,2,COMPLETED,2020-09-01 08:00:00,2020-09-01 08:01:00,2020-09-01 08:02:00,60,60
j1,u2,vcB,0,4,1,FAILED,2020-09-01 08:00:30,2020-09-01 08:00:31,2020-09-01 08:00:36,5,1
"""
PAI = """job_id,user,num_gpu,num_cpu,num_inst,submit_time,duration,gpu_type,group
7,u1,0.25,6,1,100,30.5,T4,g
8,u1,1.5,6,3,120,60,MISC,g
9,u2,,2,,130,10,CPU,g
"""
POLLUX = "name,time,application,num_replicas,batch_size\ncifar10-0,53,cifar10,6,2048\nncf-1,60,ncf,1,32768\n"
PAI_FULL = PAI.replace("9,u2,,2", "9,u2,0,2")


@pytest.fixture
def read(tmp_path):
    def read(text, cluster="4x8", **more):
        path = tmp_path / "jobs.csv"
        path.write_text(text)
        return read_trace(path, cluster=cluster, **more)

    return read


def test_helios_counts_gpus_of_all_its_machines(read):
    wide, narrow = read(HELIOS).jobs
    assert (wide.machines, wide.task.request.gpu, wide.task.request.cpu) == (2, 80_000, 320_000)
    assert (wide.seconds, wide.task.project) == (60, "vcA")
    assert (narrow.machines, narrow.task.request.gpu, narrow.arrived - wide.arrived) == (1, 0, 30)


def test_pai_asks_for_parts_of_gpus_by_model(read):
    part, several, none = read(PAI_FULL, "2x2:T4,2x4:MISC").jobs
    assert (part.task.request.gpu, part.task.models, part.seconds) == (2_500, {"T4"}, 30.5)
    assert (several.task.request.gpu, several.machines, several.task.models) == (20_000, 3, {"MISC"})
    assert (none.task.request.gpu, none.task.models, none.machines) == (0, frozenset(), 1)


def test_models_do_not_count_where_the_machines_have_none_of_them(read):
    assert all(not job.task.models for job in read(PAI_FULL, "2x2").jobs)


def test_pollux_runs_replicas_of_one_gpu_and_has_no_durations(read):
    trace = read(POLLUX)
    assert [(job.machines, job.task.request.gpu, job.seconds) for job in trace.jobs] == [
        (6, 10_000, None), (1, 10_000, None)
    ]  # fmt: skip
    with pytest.raises(TraceError, match="no tasks with times"):
        timed(trace.jobs, trace.machines, 0.9, 1)


def test_a_job_on_several_machines_is_a_gang_over_time(read):
    trace = read(HELIOS)
    jobs = timed(trace.jobs, trace.machines, 0.5, 1)
    wide = [job for job in jobs if job.task.gang]
    assert {job.task.gang_size for job in wide} == {2}
    assert len({job.task.name for job in jobs}) == len(jobs)
    found = Replay({"train": Setup(trace.machines, "elastic", "fifo")}, checked=True).run(jobs)
    starts: dict[str, set[float]] = {}
    for life in found.lives:
        assert life.ended is not None
        if life.job.task.gang:
            starts.setdefault(life.job.task.gang, set()).add(life.started)
    assert starts
    assert all(len(moments) == 1 for moments in starts.values())


def test_placing_counts_every_machine_of_a_job(read):
    trace = read(POLLUX)
    assert len(inflate(trace, Book(trace.machines), 0.01, 1).shapes) == 7


def test_machines_in_short():
    machines = parse_cluster("2x8:V100:48:376GiB, 1x2:T4")
    assert [(len(one.gpus), one.model) for one in machines] == [(8, "V100"), (8, "V100"), (2, "T4")]
    assert (machines[0].cpu, machines[0].memory) == (480_000, 376 << 30)
    assert machines[2].cpu > machines[0].cpu * 1000
    assert len({gpu.name for one in machines for gpu in one.gpus}) == 18


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "not written"),
        ("x8", "not written"),
        ("4x0", "no GPUs"),
        ("4x8:3 stones", "no memory '3 stones'"),
        ("999999x1", "more than 100,000 machines"),
    ],
)
def test_machines_that_cannot_be_read_are_told(text, told):
    with pytest.raises(TraceError, match=told) as caught:
        parse_cluster(text)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HELIOS.replace("2020-09-01 08:00:30", "noon"), "Line 3 .*submit_time 'noon' is no time"),
        (HELIOS.replace(",0,4,1,", ",-1,4,1,"), "Line 3 .*gpu_num is -1"),
        (PAI_FULL.replace("30.5", "long"), "Line 2 .*duration 'long' is not a number"),
        (PAI_FULL.replace("30.5", "nan"), "Line 2 .*duration is nan"),
        (PAI, "Line 4 .*num_gpu '' is not a number"),
        (POLLUX.replace(",6,", ",0,"), "Line 2 .*num_replicas is 0, and at least 1"),
        ("colour,shape\nred,round\n", "are those of no trace that is known"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_reason(read, text, told):
    with pytest.raises(TraceError, match=told) as caught:
        read(text)
    assert caught.value.hint


def test_machines_are_given_once(read, tmp_path):
    with pytest.raises(TraceError, match="machines of the trace are not known"):
        read(HELIOS, "")
    with pytest.raises(TraceError, match="given twice"):
        read(HELIOS, "4x8", nodes=tmp_path / "nodes.csv")
