"""Runs `pde bench` and its opponents alternately and prints the table of ratios, in Markdown.

    python compare.py [--rounds 5] [--threads 2] [--pde PATH] [CASE …]

A round runs each side once, in a process of its own; a row has the medians over the rounds. `fno.…` and `fno-deq.…` are
compared with PyTorch and torchdeq; `neuralop.…` compares our fno with neuraloperator's.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
NETWORKS = [f"fno.{shape}" for shape in ("darcy85", "n64_w64_m16", "n128_w32_m12")]
NETWORKS += [f"neuralop.{shape}" for shape in ("n64_w64_m16", "n128_w32_m12")]
NETWORKS += [f"fno-deq.{method}{count}" for method in ("anderson", "broyden") for count in (16, 24)]
CASES = [f"{network}.{what}" for network in NETWORKS for what in ("forward", "step")]

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("cases", nargs="*", metavar="CASE")
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--pde", default=str(HERE.parents[1] / ".build/release/pde"))
arguments = parser.parse_args()

# PyTorch asks the system for the memory of every large tensor anew and pays for each page, unless malloc keeps its heap.
KEPT_HEAP = {
    "MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "100000000000", "MALLOC_TOP_PAD_": "268435456"}


def run(command, environment=None):
    output = subprocess.run(
        command, env={**os.environ, **(environment or {})}, check=True, capture_output=True, text=True).stdout
    return json.loads(output.strip().splitlines()[-1])


def theirs(case):
    return run([sys.executable, str(HERE / "peers.py"), case, "--threads", str(arguments.threads)], KEPT_HEAP)


def ours(case):
    case = case.replace("neuralop.", "fno.")
    return run([
        arguments.pde, "bench", "--case", case, "--json", "--quiet", "--repetitions", "3", "--threads",
        str(arguments.threads)])


def middle(lines, value):
    return statistics.median(value(line) for line in lines)


def megabytes(line):
    return line["peak_rss_mb"] - line["base_rss_mb"]


print("| case | theirs, ms/sample | ours, ms/sample | ratio | memory theirs, MiB | ours, MiB | of the machine's limit |")
print("|---|---|---|---|---|---|---|", flush=True)
for case in arguments.cases or CASES:
    rounds = [(theirs(case), ours(case)) for _ in range(arguments.rounds)]
    them, us = ([pair[side] for pair in rounds] for side in (0, 1))
    slow, fast = (middle(lines, lambda line: line["ms_per_sample"]) for lines in (them, us))
    print(
        f"| {case} | {slow:.2f} | {fast:.2f} | {slow / fast:.1f} | {middle(them, megabytes):.0f} "
        f"| {middle(us, megabytes):.0f} | {middle(us, lambda line: line['peak_fraction']):.0%} |", flush=True)
