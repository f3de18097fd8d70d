"""Traces from files: what openb's columns mean, and what is said of lines that are wrong."""

import gzip

import pytest

from resources.errors import TraceError
from resources.scheduling.traces import read_openb

NODES = "sn,cpu_milli,memory_mib,gpu,model\nn0,64000,1024,2,T4\nn1,8000,512,0,\n"
HEAD = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,creation_time,deletion_time,scheduled_time\n"
PODS = HEAD + "p0,6000,256,1,460,,LS,10,100,40\np1,1000,1,4,1000,A100|T4,BE,20,,\np2,500,1,0,0,,BE,30,90,\n"


@pytest.fixture
def files(tmp_path):
    pods, nodes = tmp_path / "pods.csv", tmp_path / "nodes.csv"
    pods.write_text(PODS)
    nodes.write_text(NODES)
    return pods, nodes


def test_a_trace_is_machines_and_jobs(files):
    trace = read_openb(*files)
    assert trace.gpus == 20_000
    assert [len(one.gpus) for one in trace.machines] == [2, 0]
    requests = [job.task.request for job in trace.jobs]
    assert [(one.cpu, one.gpu, one.memory >> 20) for one in requests] == [
        (60_000, 4_600, 256), (10_000, 40_000, 1), (5_000, 0, 1)
    ]  # fmt: skip
    assert trace.jobs[1].task.models == {"A100", "T4"}


def test_times_and_classes_come_along_where_they_are_given(files):
    jobs = read_openb(*files).jobs
    assert [(job.arrived, job.seconds, job.latency_critical) for job in jobs] == [
        (10, 60, True), (20, None, False), (30, 60, False)
    ]  # fmt: skip


def test_a_file_may_be_packed(files, tmp_path):
    packed = tmp_path / "pods.csv.gz"
    packed.write_bytes(gzip.compress(PODS.encode()))
    assert read_openb(packed, files[1]) == read_openb(*files)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (HEAD + "p0,6000,256,1,460,,LS,10,100,40\np1,six,256,1,1,,LS,1,2,3\n", "Line 3 .*cpu_milli 'six' is not an in"),
        (HEAD + "p0,6000,256\n", "Line 2 .*3 values, and the head has 10 names"),
        (HEAD + "p0,6000,256,1,1460,,LS,10,100,40\n", "Line 2 .*gpu_milli is 1460"),
        (HEAD + "p0,-1,256,1,460,,LS,10,100,40\n", "Line 2 .*cpu_milli is -1"),
        (HEAD + ",1,256,1,460,,LS,10,100,40\n", "Line 2 .*name is empty"),
        (HEAD, "has no rows"),
        ("name,cpu_milli\np0,1\n", "no column 'memory_mib'"),
        ("", "no column 'name'"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_reason(files, wrong, told):
    files[0].write_text(wrong)
    with pytest.raises(TraceError, match=told) as caught:
        read_openb(*files)
    assert caught.value.hint


def test_a_file_that_is_no_text_or_not_there_is_refused(files, tmp_path):
    files[0].write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TraceError, match="cannot be read"):
        read_openb(*files)
    (tmp_path / "half.csv.gz").write_bytes(gzip.compress(PODS.encode())[:40])
    with pytest.raises(TraceError, match="cannot be read"):
        read_openb(tmp_path / "half.csv.gz", files[1])
    with pytest.raises(TraceError, match="There is no trace"):
        read_openb(tmp_path / "none.csv", files[1])


def test_a_trace_without_models_runs_anywhere(tmp_path):
    (tmp_path / "pods.csv").write_text("name,cpu_milli,memory_mib,num_gpu,gpu_milli\np0,1000,1024,1,500\n")
    (tmp_path / "nodes.csv").write_text("sn,cpu_milli,memory_mib,gpu,model\nn0,64000,262144,4,T4\n")
    [job] = read_openb(tmp_path / "pods.csv", tmp_path / "nodes.csv").jobs
    assert (job.task.models, job.task.request.gpu) == (frozenset(), 5_000)
