"""Reference values for FieldMetrics, by an implementation of its own: NumPy, full complex transforms, explicit mirrors.

Writes metrics.json beside this script. Fields come from a formula in whole numbers that the test repeats, so only results
are stored. Run by hand: python3 make.py
"""

import json
import pathlib

import numpy as np

# name, points (y, x), kind of the axes (y, x), extents (y, x), samples
CASES = [
    ("square of vertices", (26, 30), ("vertex", "vertex"), (1.0, 1.0), 3),
    ("torus", (32, 32), ("periodic", "periodic"), (2 * np.pi, 2 * np.pi), 4),
    ("coarse vertices", (9, 8), ("vertex", "vertex"), (1.0, 1.0), 2),
    ("channel, periodic along x", (25, 40), ("vertex", "periodic"), (1.0, 2.0), 3),
    ("middles of cells", (31, 27), ("centred", "centred"), (1.5, 1.0), 1),
]


def fields(samples, rows, columns):
    s, j, i = np.meshgrid(np.arange(samples), np.arange(rows), np.arange(columns), indexing="ij")
    target = ((37 * s + 11 * j * j + 7 * i * i + 3 * i * j) % 101) / 101
    error = ((13 * s + 5 * j + 17 * i * j + 3 * i) % 29 - 13) / 290
    return target + error, target


def rms(values, **keywords):
    return np.sqrt(np.mean(np.square(values), **keywords))


def bands_of(shells):
    return [float(np.mean(part)) if len(part) else None for part in (shells[:4], shells[4:12], shells[12:])]


def published(p, t):
    """PDEBench's definitions, https://github.com/pdebench/PDEBench, as its code has them."""
    samples, rows, columns = t.shape
    e = p - t
    per_sample = rms(e, axis=(1, 2))
    edges = np.stack([np.r_[a[0], a[-1], a[:, 0], a[:, -1]] for a in e])  # corners twice
    transform = np.fft.fft2(p) - np.fft.fft2(t)
    count = min(rows // 2, columns // 2)
    power = np.zeros((samples, count))
    for ky in range(rows // 2):
        for kx in range(columns // 2):
            shell = int(np.floor(np.hypot(ky, kx)))
            if shell < count:
                power[:, shell] += np.abs(transform[:, ky, kx]) ** 2
    shells = np.sqrt(power.mean(axis=0)) / (rows * columns)
    low, middle, high = bands_of(shells)
    return {
        "rmse": per_sample.mean(),
        "nrmse": (per_sample / rms(t, axis=(1, 2))).mean(),
        "crmse": rms(p.sum(axis=(1, 2)) - t.sum(axis=(1, 2))) / (rows * columns),
        "brmse": rms(edges, axis=1).mean(),
        "frmse": {"low": low, "middle": middle, "high": high},
        "maximum": np.abs(e).max(),
    }


def mirrored(a, kinds):
    for axis, kind in zip((1, 2), kinds):
        back = np.flip(a, axis)
        if kind == "vertex":
            inner = [slice(None)] * 3
            inner[axis] = slice(1, -1)
            a = np.concatenate([a, back[tuple(inner)]], axis)
        elif kind == "centred":
            a = np.concatenate([a, back], axis)
    return a


def shares(count, kind):
    w = np.ones(count)
    if kind == "vertex":
        w[[0, -1]] = 0.5
    return w / w.sum()


def spacing(count, kind, extent):
    return extent / (count - 1 if kind == "vertex" else count)


def boundary(e, kinds, extents):
    """Walks along the sides with the trapezoidal rule."""
    sides, lengths = [], []
    if kinds[0] == "vertex":
        weights = shares(e.shape[2], kinds[1])
        for row in (0, -1):
            sides.append((e[:, row, :] ** 2) @ weights)
            lengths.append(extents[1])
    if kinds[1] == "vertex":
        weights = shares(e.shape[1], kinds[0])
        for column in (0, -1):
            sides.append((e[:, :, column] ** 2) @ weights)
            lengths.append(extents[0])
    if not sides:
        return None
    return float(np.sqrt(np.average(sides, axis=0, weights=lengths)).mean())


def energies(a, kinds, extents):
    wide = mirrored(a, kinds)
    power = np.abs(np.fft.fft2(wide)) ** 2 / (wide.shape[1] * wide.shape[2]) ** 2
    longer = max(extents)
    k = []
    for axis, kind, extent in zip((1, 2), kinds, extents):
        period = extent * (1 if kind == "periodic" else 2)
        k.append(np.fft.fftfreq(wide.shape[axis], 1 / wide.shape[axis]) * longer / period)
    return power, np.hypot(k[0][:, None], k[1][None, :])


def corrected(p, t, kinds, extents):
    e = p - t
    weights = np.outer(shares(t.shape[1], kinds[0]), shares(t.shape[2], kinds[1]))

    def mean(a):
        return (a * weights).sum(axis=(1, 2))

    def gradient(a):
        total = np.zeros(len(a))
        for axis, kind, extent in zip((1, 2), kinds, extents):
            h = spacing(a.shape[axis], kind, extent)
            if kind == "periodic":
                d = np.roll(a, -1, axis) - a
            else:
                d = np.diff(a, axis=axis)
            other = 3 - axis
            across = shares(a.shape[other], kinds[other - 1])
            squares = np.square(d / h).sum(axis=axis)
            total += (squares @ across) * h / extent
        return total

    power, k = energies(e, kinds, extents)
    parts = []
    for chosen in (k < 4, (k >= 4) & (k < 12), k >= 12):
        parts.append(float(np.sqrt(power[:, chosen].sum(axis=1)).mean()) if chosen.any() else None)
    rmse = np.sqrt(mean(e**2))
    shells = np.floor(k + 0.5).astype(int)
    spectra = {}
    for name, field in (("truth", t), ("prediction", p), ("error", e)):
        energy = energies(field, kinds, extents)[0].mean(axis=0)
        spectra[name] = np.bincount(shells.ravel(), energy.ravel()).tolist()
    return {
        "measures": {
            "rmse": rmse.mean(),
            "nrmse": (rmse / np.sqrt(mean(t**2))).mean(),
            "crmse": rms(mean(e)),
            "brmse": boundary(e, kinds, extents),
            "frmse": dict(zip(("low", "middle", "high"), parts)),
            "maximum": np.abs(e).max(),
        },
        "relativeH1": np.sqrt((mean(e**2) + gradient(e)) / (mean(t**2) + gradient(t))).mean(),
        "spectrum": spectra,
    }


def main():
    out = []
    for name, (rows, columns), kinds, extents, samples in CASES:
        p, t = fields(samples, rows, columns)
        other = corrected(p, t, kinds, extents)
        out.append(
            {
                "name": name, "grid": [rows, columns], "kinds": kinds, "extents": extents, "samples": samples,
                "pdebench": published(p, t), "corrected": other["measures"], "relativeH1": other["relativeH1"],
                "spectrum": other["spectrum"],
            }
        )
    path = pathlib.Path(__file__).with_name("metrics.json")
    path.write_text(json.dumps(out, indent=1, default=float) + "\n")


main()
