#!/bin/sh
# The main job from beginning to end: data, training, comparison, pictures.
# Usage: demo.sh PDE FOLDER; sizes come from DEMO_GEN and DEMO_TRAIN.
set -eu
pde=$1
folder=$2
began=$(date +%s)
mkdir -p "$folder"
"$pde" gen darcy ${DEMO_GEN:-} -o "$folder/darcy.nc" --force
"$pde" train fno-deq --noise 0.1 --data "$folder/darcy.nc" ${DEMO_TRAIN:-} -o "$folder/fno-deq" --force
"$pde" eval "$folder/fno-deq" --data "$folder/darcy.nc"
"$pde" compare "$folder/fno-deq" --data "$folder/darcy.nc" -o "$folder/compare.nc" --force
"$pde" plot "$folder/darcy.nc" -o "$folder/darcy.png" --force
"$pde" plot "$folder/fno-deq" -o "$folder/training.png" --force
echo
echo "Pictures: $(ls "$folder"/*.png | tr '\n' ' ')"
echo "The demo took $(($(date +%s) - began)) s without the build."
