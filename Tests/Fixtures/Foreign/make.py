"""Writes the files of other programs that the tests import, with those programs' own writers (SciPy, h5py, PyTorch, netCDF4).

Values are a formula of sample s, row y and column x, which the tests evaluate again: a = 1 + s + 10 y + 100 x, u = −a / 2.
"""
import pathlib

import h5py
import netCDF4
import numpy
import scipy.io
import torch

HERE = pathlib.Path(__file__).resolve().parent
S, Y, X = 3, 4, 5
s, y, x = numpy.meshgrid(numpy.arange(S), numpy.arange(Y), numpy.arange(X), indexing="ij")
a = (1 + s + 10 * y + 100 * x).astype("f8")
u = -a / 2

scipy.io.savemat(HERE / "plain5.mat", {"coeff": a, "sol": u})
scipy.io.savemat(HERE / "compressed5.mat", {"coeff": a, "sol": u.astype("f4"), "Kcoeff": 2.0}, do_compression=True)
square = a[:, :, :4]
scipy.io.savemat(HERE / "last5.mat", {"coeff": square.transpose(1, 2, 0), "sol": -square.transpose(1, 2, 0) / 2})
with h5py.File(HERE / "matlab73.mat", "w", userblock_size=512) as file:
    for name, values in (("coeff", a), ("sol", u)):
        data = file.create_dataset(name, data=values.T)
        data.attrs["MATLAB_class"] = numpy.bytes_("double")
with open(HERE / "matlab73.mat", "r+b") as file:
    file.write(b"MATLAB 7.3 MAT-file".ljust(116) + bytes(8) + b"\x00\x02IM")
with h5py.File(HERE / "pdebench.hdf5", "w") as file:
    file["nu"] = a.transpose(0, 2, 1).astype("f4")
    file["tensor"] = u.transpose(0, 2, 1)[:, None].astype("f4")
    file["x-coordinate"] = (numpy.arange(X) + 0.5) / X
    file["y-coordinate"] = (numpy.arange(Y) + 0.5) / Y
torch.save({"x": torch.tensor(s + y + x) % 2 == 0, "y": torch.tensor(u).float()}, HERE / "darcy.pt")
with netCDF4.Dataset(HERE / "theirs.nc", "w") as file:
    for name, length in (("time", S), ("lat", Y), ("lon", X)):
        file.createDimension(name, length)
    for name, values in (("a", a), ("u", u)):
        file.createVariable(name, "f8", ("time", "lat", "lon"))[:] = values
