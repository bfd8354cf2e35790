"""One case of the networks that `pde bench` times, done with PyTorch, neuraloperator or torchdeq: one JSON line.

The opponents at their best: plain eager PyTorch with its heap kept (see compare.py), the padded size that its FFT likes
(96 instead of 94), float32, Adam, no gradient where none is needed.
"""
import argparse
import json
import os
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("case", help="as in fno.darcy85.step or fno-deq.anderson16.forward; neuralop.… for neuraloperator")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--repetitions", type=int, default=3)
arguments = parser.parse_args()
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = str(arguments.threads)

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(arguments.threads)
torch.manual_seed(0)

# points, batch, width, modes, padding
SHAPES = {
    "darcy85": (85, 20, 32, 12, 11),
    "n64_w64_m16": (64, 20, 64, 16, 0),
    "n128_w32_m12": (128, 20, 32, 12, 0),
}


class SpectralConv(nn.Module):
    def __init__(self, width, modes):
        super().__init__()
        self.modes = modes
        shape = (width, width, modes, modes)
        self.low, self.high = (
            nn.Parameter(torch.randn(shape, dtype=torch.cfloat) / width**2) for _ in range(2))

    def forward(self, field):
        m = self.modes
        spectrum = torch.fft.rfft2(field)
        mixed = torch.zeros_like(spectrum)
        mixed[:, :, :m, :m] = torch.einsum("bixy,ioxy->boxy", spectrum[:, :, :m, :m], self.low)
        mixed[:, :, -m:, :m] = torch.einsum("bixy,ioxy->boxy", spectrum[:, :, -m:, :m], self.high)
        return torch.fft.irfft2(mixed, s=field.shape[-2:])


class Ends(nn.Module):
    """Lifting with two coordinate channels, and the projection."""

    def __init__(self, width):
        super().__init__()
        self.lifting, self.hidden, self.output = nn.Conv2d(3, width, 1), nn.Conv2d(width, 128, 1), nn.Conv2d(128, 1, 1)

    def lift(self, field):
        rows, columns = (torch.linspace(0, 1, n) for n in field.shape[-2:])
        y, x = torch.meshgrid(rows, columns, indexing="ij")
        coordinates = torch.stack((y, x)).expand(len(field), -1, -1, -1)
        return self.lifting(torch.cat((field, coordinates), 1))

    def project(self, state):
        return self.output(F.gelu(self.hidden(state)))


class FNO(Ends):
    def __init__(self, width, modes, padding, layers=4):
        super().__init__(width)
        self.padding = padding
        self.spectral = nn.ModuleList(SpectralConv(width, modes) for _ in range(layers))
        self.skip = nn.ModuleList(nn.Conv2d(width, width, 1) for _ in range(layers))

    def forward(self, field):
        state = F.pad(self.lift(field), [0, self.padding, 0, self.padding])
        for index, (spectral, skip) in enumerate(zip(self.spectral, self.skip)):
            state = spectral(state) + skip(state)
            if index + 1 < len(self.spectral):
                state = F.gelu(state)
        return self.project(state[..., : field.shape[-2], : field.shape[-1]])


class EquilibriumFNO(Ends):
    """One layer iterated by torchdeq, then a layer without activation, as ours."""

    def __init__(self, width, modes, method, iterations):
        from torchdeq import get_deq

        super().__init__(width)
        self.spectral, self.skip = SpectralConv(width, modes), nn.Conv2d(width, width, 1)
        self.head, self.headSkip = SpectralConv(width, modes), nn.Conv2d(width, width, 1)
        self.method, self.iterations = method, iterations
        if method != "unrolled":
            # A tolerance that is never met: a fixed amount of work.
            self.deq = get_deq(
                ift=True, f_solver=method, b_solver=method, f_max_iter=iterations, b_max_iter=iterations, f_tol=0.0,
                b_tol=0.0, f_stop_mode="rel", b_stop_mode="rel")

    def layer(self, state, injection):
        return F.gelu(self.spectral(state) + self.skip(state) + injection)

    def forward(self, field):
        injection = self.lift(field)
        state = torch.zeros_like(injection)
        if self.method == "unrolled":
            for _ in range(self.iterations):
                state = self.layer(state, injection)
        else:
            state = self.deq(lambda z: self.layer(z, injection), state)[0][-1]
        return self.project(self.head(state) + self.headSkip(state))


def neuraloperator(points, width, modes, padding):
    from neuralop.models import FNO as Model

    options = dict(
        n_modes=(2 * modes, 2 * modes), in_channels=1, out_channels=1, hidden_channels=width, n_layers=4,
        lifting_channel_ratio=0, projection_channel_ratio=128 // width, positional_embedding="grid",
        use_channel_mlp=False, fno_skip="linear", norm=None, factorization=None)
    if padding:
        options["domain_padding"] = (padding + 1) // 2 / points
    return Model(**options)


def network(kind, name):
    """The network of a case, points and batch."""
    if kind == "fno-deq":
        method = name.rstrip("0123456789")
        return EquilibriumFNO(32, 12, method, int(name[len(method):])), 64, 16
    points, batch, width, modes, padding = SHAPES[name]
    if kind == "neuralop":
        return neuraloperator(points, width, modes, padding), points, batch
    return FNO(width, modes, padding), points, batch


def memory(key):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(key))


def main():
    kind, name, what = arguments.case.split(".")
    model, points, batch = network(kind, name)
    inputs, targets = torch.randn(batch, 1, points, points), torch.randn(batch, 1, points, points)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)

    def forward():
        with torch.no_grad():
            model(inputs)

    def step():
        optimizer.zero_grad(set_to_none=True)
        error = torch.linalg.vector_norm((model(inputs) - targets).flatten(1), dim=1)
        (error / torch.linalg.vector_norm(targets.flatten(1), dim=1)).sum().backward()
        optimizer.step()

    run = forward if what == "forward" else step
    base = memory("VmRSS:")
    for _ in range(2):
        run()
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    times = []
    for _ in range(arguments.repetitions):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    times.sort()
    print(json.dumps({
        "case": arguments.case, "ms_per_sample": 1e3 * times[len(times) // 2] / batch,
        "peak_rss_mb": memory("VmHWM:"), "base_rss_mb": base}))


main()
