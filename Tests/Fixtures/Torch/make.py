"""Writes the PyTorch files beside this script: state dictionaries with inputs and the outputs of their modules.

    python make.py        (PyTorch 2.13, CPU; the seeds are fixed)
"""
import os
from collections import OrderedDict

import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))


class Spectral(nn.Module):
    """A complex matrix for every kept mode: non-negative and negative wavenumbers of the first axis."""

    def __init__(self, width, modes, names):
        super().__init__()
        self.modes, self.names = modes, names
        for name in names:
            self.register_parameter(name, nn.Parameter(torch.randn(width, width, *modes, dtype=torch.cfloat) / width))

    def forward(self, v):
        (m1, m2), (first, second) = self.modes, (getattr(self, n) for n in self.names)
        spectrum = torch.fft.rfft2(v)
        out = torch.zeros_like(spectrum)
        out[:, :, :m1, :m2] = torch.einsum("bixy,ioxy->boxy", spectrum[:, :, :m1, :m2], first)
        out[:, :, -m1:, :m2] = torch.einsum("bixy,ioxy->boxy", spectrum[:, :, -m1:, :m2], second)
        return torch.fft.irfft2(out, s=v.shape[-2:])


class Fourier2D(nn.Module):
    """Lifting of data and coordinates, Fourier layers with GELU between them, two maps at the end; channels last."""

    def __init__(self, inputs, outputs, width, modes, layers, padding, hidden=8, flat=False):
        super().__init__()
        self.layers, self.padding, self.flat = layers, padding, flat
        self.fc0 = nn.Linear(inputs + 2, width)
        if flat:
            for i in range(layers):
                setattr(self, f"conv{i}", Spectral(width, modes, ("weights1", "weights2")))
                setattr(self, f"w{i}", nn.Conv1d(width, width, 1))
        else:
            self.spec = nn.ModuleList(Spectral(width, modes, ("w1", "w2")) for _ in range(layers))
            self.w = nn.ModuleList(nn.Conv2d(width, width, 1) for _ in range(layers))
        self.fc1 = nn.Linear(width, hidden)
        self.fc2 = nn.Linear(hidden, outputs)

    def layer(self, i, v):
        if not self.flat:
            return self.spec[i](v) + self.w[i](v)
        skip = getattr(self, f"w{i}")(v.flatten(2)).view_as(v)
        return getattr(self, f"conv{i}")(v) + skip

    def forward(self, u):
        (samples, rows, columns, _), p = u.shape, self.padding
        gx = torch.linspace(0, 1, rows).view(1, rows, 1, 1).expand(samples, rows, columns, 1)
        gy = torch.linspace(0, 1, columns).view(1, 1, columns, 1).expand(samples, rows, columns, 1)
        v = F.pad(self.fc0(torch.cat((u, gx, gy), -1)).permute(0, 3, 1, 2), (0, p, 0, p))
        for i in range(self.layers):
            v = self.layer(i, v)
            v = F.gelu(v) if i < self.layers - 1 else v
        v = v[..., :rows, :columns].permute(0, 2, 3, 1)
        return self.fc2(F.gelu(self.fc1(v)))


def save(name, content, **options):
    torch.save(content, os.path.join(HERE, name), **options)


def models():
    cases = {
        "square": ((11, 11), dict(inputs=1, outputs=1, width=4, modes=(3, 3), layers=4, padding=9)),
        "tall": ((13, 8), dict(inputs=1, outputs=1, width=3, modes=(4, 2), layers=2, padding=0)),
        # Every mode of the grid, the Nyquist column included.
        "nyquist": ((8, 8), dict(inputs=1, outputs=1, width=2, modes=(4, 5), layers=3, padding=0)),
        "channels": ((7, 12), dict(inputs=2, outputs=2, width=3, modes=(2, 3), layers=3, padding=2, flat=True)),
    }
    for seed, (name, (grid, sizes)) in enumerate(cases.items()):
        torch.manual_seed(seed)
        module = Fourier2D(**sizes)
        # The usual start gives answers that are nearly constant and would hide mistakes.
        for parameter in module.parameters():
            parameter.data *= 2
        u = torch.randn(2, *grid, sizes["inputs"])
        with torch.no_grad():
            answer = module(u)
        content = OrderedDict(
            model_state_dict=module.state_dict(), epoch=3, input=u.permute(0, 3, 1, 2), output=answer.permute(0, 3, 1, 2))
        save(f"{name}.pt", content)


def types():
    base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    state = nn.Linear(2, 2).state_dict()
    content = {
        "row": base, "transposed": base.permute(2, 0, 1), "every other": base[:, ::2, 1:3], "scalar": torch.tensor(-2.5),
        "empty": torch.zeros(0, 3), "double": torch.tensor([0.1, -1e300], dtype=torch.float64),
        "long": torch.tensor([-(2**62), 7]), "bool": torch.tensor([True, False, True]),
        "bfloat": torch.tensor([1.0, -2.0], dtype=torch.bfloat16),
        "complex": torch.tensor([[1 + 2j, 3 - 4j]], dtype=torch.complex64).t(),
        "complex double": torch.tensor([1 + 2j, 3 - 4j], dtype=torch.complex128),
        "parameter": nn.Parameter(torch.tensor([5.0])), "nested": {"list": [base[0, 0], (base[0, 1], None)], 3: state},
        "words": "left out", "lr": 1e-3, "big": 2**40, "flag": True,
    }
    save("types.pt", content)
    save("protocol4.pt", content, pickle_protocol=4)
    save("conjugated.pt", {"z": torch.tensor([1 + 2j]).conj()})
    save("function.pt", {"f": os.system, "w": torch.zeros(2)})


if __name__ == "__main__":
    models()
    types()
