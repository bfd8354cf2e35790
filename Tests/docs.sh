#!/bin/sh
# The reference documentation of every room, by DocC from the modules of a release build; a warning is a failure.
# Usage: docs.sh BUILD FOLDER
set -eu
build=$1
folder=$2
target=$(swift -print-target-info | sed -n 's/.*"unversionedTriple": "\(.*\)".*/\1/p')
maps=
for map in Sources/*/module.modulemap "$build"/CKernels.build/module.modulemap \
  .build/checkouts/swift-numerics/Sources/_NumericsShims/include/module.modulemap; do
  maps="$maps -Xcc -fmodule-map-file=$map"
done
for flag in $(pkg-config --cflags-only-I cairo fftw3 netcdf lapacke libcrypto); do
  maps="$maps -Xcc $flag"
done
mkdir -p "$folder"
status=0
for room in Tensors Autodiff Spectral Solvers DatasetIO Problems NeuralOperators Generation Training Plots Studies; do
  symbols=$folder/symbols/$room
  rm -rf "$symbols" "$folder/$room.doccarchive"
  mkdir -p "$symbols"
  # shellcheck disable=SC2086
  swift-symbolgraph-extract -module-name "$room" -I "$build/Modules" $maps \
    -target "$target" -minimum-access-level public -skip-synthesized-members -output-dir "$symbols"
  docc convert --additional-symbol-graph-dir "$symbols" --fallback-display-name "$room" \
    --fallback-bundle-identifier "pde.$room" --warnings-as-errors --output-path "$folder/$room.doccarchive" \
    || status=1
done
exit $status
