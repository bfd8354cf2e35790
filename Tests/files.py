"""Values of NetCDF files as netCDF4-python, xarray and pde export see them: the same bits.

Usage: files.py PDE FILE...
"""

import csv
import subprocess
import sys
import warnings

import netCDF4
import numpy as np
import xarray


def bits(values):
    return np.ascontiguousarray(values).view(f"u{values.dtype.itemsize}")


def exported(pde, path, index):
    """The fields of a sample from the table of `pde export`, as text."""
    subprocess.run([pde, "export", path, "--csv", "--index", str(index), "-o", "sample.csv", "--force"], check=True,
                   stdout=subprocess.DEVNULL)
    with open("sample.csv", newline="") as table:
        return list(csv.DictReader(table))


def check(pde, path):
    compared = 0
    with netCDF4.Dataset(path) as file, xarray.open_dataset(path) as lazy:
        assert file.data_model == "NETCDF4_CLASSIC", file.data_model
        assert file.Conventions == "CF-1.8 ACDD-1.3" and file.history and file.pde_recipe
        file.set_auto_mask(False)
        for name, variable in file.variables.items():
            stored = variable[...]
            assert lazy[name].shape == stored.shape, name
            fill = getattr(variable, "_FillValue", None)
            if fill is None or not (stored == fill).any():
                seen = lazy[name].values.astype(stored.dtype)
                assert (bits(seen) == bits(stored)).all(), f"{path}: {name} differs in xarray"
        fields = [n for n, v in file.variables.items() if v.dimensions == ("sample", "y", "x")]
        assert fields
        for index in range(len(file.dimensions["sample"])):
            rows = exported(pde, path, index)
            for name in fields:
                stored = file[name][index].ravel()
                read = np.array([row[name] for row in rows]).astype(stored.dtype)
                assert (bits(read) == bits(stored)).all(), f"{path}: {name} of sample {index} differs in pde export"
                compared += stored.size
    print(f"{path}: {compared} values of {len(fields)} fields, the same bits in netCDF4, xarray and pde export")


warnings.simplefilter("error")
# numpy and its extensions may have been built against each other's neighbouring versions.
warnings.filterwarnings("ignore", message="numpy.ndarray size changed")
for path in sys.argv[2:]:
    check(sys.argv[1], path)
