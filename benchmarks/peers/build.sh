#!/usr/bin/env bash
# Writes the tables and builds the five C programs into build/. Needs gcc and a Python with numpy (PYTHON=...).
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p build
"${PYTHON:-python3}" tables.py build/tables.bin
for stride in 1 2 4; do
  "${CC:-gcc}" -O3 -march=native -DSTRIDE=$stride docket_ref.c -lm -o "build/docket_ref_r$((8 * stride))"
done
for stride in 4 8; do
  "${CC:-gcc}" -O3 -march=native -DSTRIDE=$stride -DLIKE docket_ref.c -lm -o "build/docket_ref_like$((8 * stride))"
done
