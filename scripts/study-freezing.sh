#!/usr/bin/env bash
# Topological freezing of two-dimensional U(1) on 16x16 at beta = 7: flow against HMC and heat bath. Some ten minutes on two cores.
# Usage: scripts/study-freezing.sh [FOLDER]; prints both closing tables, results stand in docs/benchmarks/freezing.md.
set -uo pipefail
cd "$(dirname "$0")/.."
out=${1:-runs/study-freezing}
mkdir -p "$out"
dotnet build -c Release src/LatticeFlow.Cli >/dev/null || exit 1
for name in u1_L16_beta7 u1_L16_beta7_hmc; do
    echo "== $name"
    dotnet run -c Release --no-build --project src/LatticeFlow.Cli -- run "configs/$name.toml" --run-dir "$out/$name" --resume --quiet
    echo "exit code $?"
done
