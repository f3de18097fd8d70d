"""Small pools and shapes to schedule on."""

from hypothesis import strategies as st

from resources.scheduling.book import ANY, Book, Shape
from resources.scheduling.machines import Gpu, Machine
from resources.shares import WHOLE

GIB = 1 << 30


def machine(name="m", *, cpu=8, gpus=2, model="T4", memory=8):
    return Machine(name, cpu * WHOLE, memory * GIB, tuple(Gpu(f"{name}/gpu{at}") for at in range(gpus)), model)


def shape(gpu=0.0, *, cpu=1.0, devices=1):
    return Shape(round(cpu * WHOLE), 0, round(gpu * WHOLE), devices if gpu else 0, ANY)


shapes = st.one_of(
    st.builds(lambda gpu, cpu: shape(gpu / 10, cpu=cpu / 2), st.integers(1, 10), st.integers(0, 8)),
    st.builds(lambda devices, cpu: shape(1, cpu=cpu, devices=devices), st.integers(2, 3), st.integers(0, 4)),
    st.builds(lambda cpu: shape(cpu=cpu), st.integers(0, 8)),
)
books = st.lists(st.tuples(st.integers(1, 8), st.integers(0, 4)), min_size=1, max_size=4).map(
    lambda sizes: Book([machine(f"m{at}", cpu=cpu, gpus=gpus) for at, (cpu, gpus) in enumerate(sizes)])
)
