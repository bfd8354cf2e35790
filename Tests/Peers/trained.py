"""A trained FNO-DEQ solved to the same residual by `pde predict` and by torchdeq: the table of times, in Markdown.

    pde gen darcy --samples 288 --grid 64 --oversample 4 -o data.nc
    pde train fno-deq --data data.nc --epochs 12 -o run
    python trained.py run --data data.nc [--rounds 5] [--threads 2] [--pde PATH]

The checkpoint's weights go into the same model in PyTorch, whose predictions are first held against ours. Both sides then
solve every sample until `rms(f(z) − z) ≤ tolerance·rms(f(z))`, by Anderson's method with a history of six; torchdeq stops a batch
when its last sample is there. Times are those of the models, files left out, of rounds that alternate.
"""
import argparse
import json
import math
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
# See compare.py.
KEPT_HEAP = {
    "MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "100000000000", "MALLOC_TOP_PAD_": "268435456"}

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("run")
parser.add_argument("--data", required=True)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--pde", default=str(HERE.parents[1] / ".build/release/pde"))
arguments = parser.parse_args()
environment = {**KEPT_HEAP, "OMP_NUM_THREADS": str(arguments.threads), "MKL_NUM_THREADS": str(arguments.threads)}
if any(os.environ.get(name) != value for name, value in environment.items()):
    os.execve(sys.executable, [sys.executable] + sys.argv, {**os.environ, **environment})

import netCDF4
import numpy
import torch
import torch.nn.functional as F
from torchdeq.solver.anderson import anderson_solver

torch.set_num_threads(arguments.threads)
BATCH = 16


def checkpoint(path):
    """Settings and tensors of a safetensors checkpoint."""
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = numpy.frombuffer(data[8 + length + begin:8 + length + end], dtype="<f4")
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return json.loads(metadata["settings"])["model"], tensors


class Model:
    """The equilibrium model of the checkpoint, without gradients."""

    def __init__(self, path):
        self.model, self.tensors = checkpoint(path)
        self.modes = self.model["modes"][0]
        self.padding = self.model["padding"]["fraction"]["_0"]
        # Complex blocks for rows 0..<m and −m..<0, as a PyTorch module would hold them.
        self.spectral = {}
        for name, weight in self.tensors.items():
            if name.endswith("spectral.weight"):
                width = weight.shape[0]
                planes = weight.reshape(width, width, 2, 2 * self.modes, self.modes)
                complex_weight = torch.complex(planes[:, :, 0], planes[:, :, 1])
                self.spectral[name] = [part.contiguous() for part in complex_weight.split(self.modes, dim=2)]
        self.solves = []

    def linear(self, path, field):
        weight = self.tensors[f"model.{path}.weight"]
        return F.conv2d(field, weight[:, :, None, None], self.tensors[f"model.{path}.bias"])

    def mlp(self, path, field):
        return self.linear(f"{path}.output", F.gelu(self.linear(f"{path}.hidden", field)))

    def layer(self, path, field):
        low, high = self.spectral[f"model.{path}.spectral.weight"]
        m = self.modes
        spectrum = torch.fft.rfft2(field)
        mixed = torch.zeros_like(spectrum)
        mixed[:, :, :m, :m] = torch.einsum("bixy,ioxy->boxy", spectrum[:, :, :m, :m], low)
        mixed[:, :, -m:, :m] = torch.einsum("bixy,ioxy->boxy", spectrum[:, :, -m:, :m], high)
        return self.mlp(f"{path}.mlp", torch.fft.irfft2(mixed, s=field.shape[-2:])) + self.linear(f"{path}.skip", field)

    def block(self, state, injection):
        for index in range(self.model["layersPerBlock"]):
            state = F.gelu(self.layer(f"blocks.0.layers.{index}", state) + injection)
        return state

    def __call__(self, inputs, tolerance, regularisation):
        """Predictions; appends evaluations and the largest relative residual of the solve to `solves`."""
        points = inputs.shape[-1]
        extra = math.ceil(self.padding * points)
        line = torch.linspace(0, 1, points)
        y, x = torch.meshgrid(line, line, indexing="ij")
        coordinates = torch.stack((y, x)).expand(len(inputs), -1, -1, -1)
        encoded = (inputs - self.tensors["normalizer.input.mean"]) / self.tensors["normalizer.input.deviation"]
        lifted = self.linear("lifting", torch.cat((encoded, coordinates), 1))
        injection = F.pad(lifted, [0, extra, 0, extra])
        evaluations = 0

        def function(state):
            nonlocal evaluations
            evaluations += 1
            return self.block(state, injection)

        state, _, info = anderson_solver(
            function, torch.zeros_like(injection), max_iter=32, tol=tolerance, stop_mode="rel", m=6,
            lam=regularisation)
        self.solves.append((evaluations, float(info["rel_lowest"].max())))
        output = self.mlp("projection", self.layer("head", state)[..., :points, :points])
        return output * self.tensors["normalizer.target.deviation"] + self.tensors["normalizer.target.mean"]


def ours(tolerance, output):
    """Seconds in the model; the predictions are in the file."""
    line = subprocess.run(
        [arguments.pde, "predict", arguments.run, "--data", arguments.data, "-o", output, "--force", "--json", "--quiet",
         "--tolerance", str(tolerance), "--threads", str(arguments.threads)],
        check=True, capture_output=True, text=True).stdout
    return json.loads(line)["modelSeconds"]


def theirs(model, inputs, tolerance, regularisation):
    """Seconds and predictions."""
    model.solves.clear()
    start = time.perf_counter()
    with torch.no_grad():
        fields = torch.cat([model(batch, tolerance, regularisation) for batch in inputs.split(BATCH)])
    return time.perf_counter() - start, fields


def main():
    model = Model(os.path.join(arguments.run, "best.safetensors"))
    with netCDF4.Dataset(arguments.data) as file:
        inputs = torch.from_numpy(numpy.asarray(file["permeability"][:], dtype="<f4"))[:, None]
    output = os.path.join(tempfile.mkdtemp(), "prediction.nc")
    print(
        "| tolerance | theirs, ms/sample | evaluations of a batch | ours | evaluations of a sample | ratio "
        "| largest residual theirs | ours | difference of predictions |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for tolerance in (1e-2, 1e-3, 1e-4, 1e-5):
        # The regulariser of theirs is absolute, so its best value depends on the tolerance.
        trials = []
        for regularisation in (1e-4, 1e-6, 1e-8, 1e-10):
            theirs(model, inputs[:2 * BATCH], tolerance, regularisation)
            trials.append((sum(count for count, _ in model.solves), regularisation))
        regularisation = min(trials)[1]
        slow, fast = [], []
        for _ in range(arguments.rounds):
            seconds, fields = theirs(model, inputs, tolerance, regularisation)
            slow.append(1e3 * seconds / len(inputs))
            fast.append(1e3 * ours(tolerance, output) / len(inputs))
        with netCDF4.Dataset(output) as file:
            pressure = torch.from_numpy(numpy.asarray(file["pressure"][:]))
            evaluations, residuals = file["solver_iterations"][:], file["solver_residual"][:]
        difference = float((fields[:, 0] - pressure).norm() / pressure.norm())
        them, us = statistics.median(slow), statistics.median(fast)
        counts, reached = zip(*model.solves)
        print(
            f"| {tolerance:.0e} | {them:.1f} | {statistics.mean(counts):.1f} | {us:.1f} | {evaluations.mean():.1f} "
            f"| {them / us:.1f} | {max(reached):.1e} | {residuals.max():.1e} | {difference:.0e} |", flush=True)


main()
