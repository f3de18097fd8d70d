"""B1, placement: how much of a cluster's GPUs is made use of when 130 % of them are asked for.

openb, the trace of Weng et al. (USENIX ATC 2023): each list of pods shuffled, topped up with samples to 1.3 times the
cluster, placed for ever. All policies get the same arrivals; the published figure, our own measurement's bound rho* and
the controls of the search stand beside. `--seeds 42,43` and `--workloads default,cpu050` run less.

The trace is no part of the project: `--trace FOLDER` names where its files lie, packed or not.
"""

import argparse
import csv
import itertools
import multiprocessing
import statistics
import sys
from pathlib import Path

from measuring import say, verdict, write_figures

from resources.scheduling.book import Book
from resources.scheduling.contest import Contest
from resources.scheduling.traces import Trace, read_openb

POLICIES = (
    "random", "dot_product", "clustering", "packing", "best_fit", "fgd", "fgd_random_ties", "swarm", "ant_colony",
    "random_order", "hill_climbing",
)  # fmt: skip
PUBLISHED = {
    "random": "01-Random", "dot_product": "02-DotProd", "clustering": "03-GpuClustering", "packing": "04-GpuPacking",
    "best_fit": "05-BestFit", "fgd": "06-FGD",
}  # fmt: skip
SLOW = ("random", "dot_product", "clustering", "packing", "best_fit", "fgd_random_ties")
"""Rules that nothing is claimed of: three seeds are enough."""
HELD_OUT = "held-out half"
NODES = "openb_node_list_all_node.csv"
NEAR, LEAST, LEAST_HELD_OUT, LONGEST_MS = 0.3, 96.0, 95.4, 5.0


def main() -> int:
    """Run the contest, print its tables, and return 1 where a limit is missed."""
    chosen = arguments()
    if not chosen.trace.is_dir():
        say(f"openb is not at {chosen.trace}: nothing was measured. Name its folder with --trace.")
        return 0
    seeds = [int(seed) for seed in chosen.seeds.split(",")]
    workloads = chosen.workloads.split(",") if chosen.workloads else found_workloads(chosen.trace)
    jobs = [
        (chosen.trace, workload, policy, seed)
        for workload in [*workloads, *([HELD_OUT] if "default" in workloads else [])]
        for policy in POLICIES
        for seed in (seeds[:3] if policy in SLOW else seeds)
    ]
    with multiprocessing.get_context("spawn").Pool(chosen.processes) as pool:
        rows = list(pool.imap(measured, jobs, chunksize=1))
    published, bounds = reference(chosen.trace)
    kept = [told(workload, rows, published, bounds) for workload in dict.fromkeys(row["workload"] for row in rows)]
    write_figures("placement", {"seeds": seeds, "rows": rows})
    return 0 if all(kept) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trace", type=Path, default=Path(__file__).parents[3] / "shared" / "data" / "openb")
    parser.add_argument("--seeds", default=",".join(map(str, range(42, 52))))
    parser.add_argument("--workloads", default="")
    parser.add_argument("--processes", type=int, default=1)
    return parser.parse_args()


def found_workloads(folder: Path) -> list[str]:
    """Return the lists of pods that are there, the default one first."""
    names = {path.name.split(".")[0].removeprefix("openb_pod_list_") for path in folder.glob("openb_pod_list_*")}
    return sorted(names, key=lambda name: (name != "default", name))


def file(folder: Path, name: str) -> Path:
    """Return a file of the trace, packed or not."""
    return next(path for path in (folder / f"{name}.gz", folder / name) if path.exists())


def measured(job: tuple[Path, str, str, int]) -> dict:
    """Return what one policy makes of one workload and seed."""
    folder, workload, policy, seed = job
    contest = contested(folder, workload)
    found, fallbacks, ratio = contest.run(policy, seed)
    row = {
        "workload": workload, "policy": policy, "seed": seed, "at_100": found.allocated_100, "at_130": found.allocated,
        "first_refusal": found.first_refusal, "refused": found.refused, "fragmented": ratio, "ms": found.mean_ms,
        "fallbacks": fallbacks,
    }  # fmt: skip
    say(f"  {workload}, {policy}, seed {seed}: {found.allocated:.2f} %, {found.mean_ms:.3f} ms per task")
    return row


def contested(folder: Path, workload: str) -> Contest:
    """Return the contest of a workload; of the held-out half, the usual tasks are those of the earlier half."""
    name = "default" if workload == HELD_OUT else workload
    trace = read_openb(file(folder, f"openb_pod_list_{name}.csv"), file(folder, NODES))
    if workload != HELD_OUT:
        return Contest(trace)
    jobs = sorted(trace.jobs, key=lambda job: job.arrived)
    half, book = len(jobs) // 2, Book(trace.machines)
    known = [book.shape(job.task) for job in jobs[:half]]
    return Contest(Trace(trace.machines, tuple(jobs[half:])), known=known)


def reference(folder: Path) -> tuple[dict, dict]:
    """Return the published allocation by workload and policy, and the bound rho* by workload; empty where unknown."""
    published, bounds = {}, {}
    if (folder / "reference.csv").exists():
        for row in csv.DictReader((folder / "reference.csv").open()):
            published[row["workload"], row["policy"]] = float(row["ref130"])
    if (folder / "bounds.csv").exists():
        for row in csv.DictReader((folder / "bounds.csv").open()):
            name = HELD_OUT if row["workload"] == "H2" else row["workload"]
            bounds.setdefault(name, []).append(float(row["rho_star"]))
    return published, {name: statistics.mean(values) for name, values in bounds.items()}


def told(workload: str, rows: list[dict], published: dict, bounds: dict) -> bool:
    """Print the table of one workload, and return whether it keeps the limits."""
    mine = [row for row in rows if row["workload"] == workload]
    by_policy = {name: list(group) for name, group in itertools.groupby(mine, lambda row: row["policy"])}
    say(f"\n{workload}: allocated % when 130 % are asked for; rho* {bounds.get(workload, float('nan')):.2f}")
    for policy, group in by_policy.items():
        values = [row["at_130"] for row in group]
        spread = statistics.stdev(values) if len(values) > 1 else 0.0
        stated = published.get((workload, PUBLISHED.get(policy, "")))
        beside = f"   published {stated:.2f}" if stated else ""
        milliseconds = statistics.mean(row["ms"] for row in group)
        say(f"  {policy:16} {statistics.mean(values):6.2f} ± {spread:.2f}   {milliseconds:7.3f} ms per task{beside}")
    return limits(workload, by_policy, published.get((workload, PUBLISHED["fgd"])))


def limits(workload: str, by_policy: dict[str, list[dict]], stated: float | None) -> bool:
    """Print and return whether fgd is near its published figure, and the swarm above it with every seed."""
    rule = {row["seed"]: row["at_130"] for row in by_policy["fgd"]}
    swarm = {row["seed"]: row["at_130"] for row in by_policy["swarm"]}
    won = sum(swarm[seed] > rule[seed] for seed in rule)
    kept = [
        verdict(f"{workload}: seeds on which the swarm does not beat fgd", len(rule) - won, 0),
        verdict(f"{workload}: swarm, ms per task", max(row["ms"] for row in by_policy["swarm"]), LONGEST_MS),
    ]
    if stated is not None:
        distance = abs(statistics.mean(rule.values()) - stated)
        kept.append(verdict(f"{workload}: fgd, points from the published {stated:.2f}", distance, NEAR))
    least = {"default": LEAST, HELD_OUT: LEAST_HELD_OUT}.get(workload)
    if least is not None:
        short = least - statistics.mean(swarm.values())
        kept.append(verdict(f"{workload}: points that the swarm lacks to {least}", short, 0))
    return all(kept)


if __name__ == "__main__":
    sys.exit(main())
