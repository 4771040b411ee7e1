#!/usr/bin/env bash
# How long 10,000 segments take to read: draws U(1) on 8x8, four configurations a segment, and times verify and analyze. A minute on two cores; on a disk the drawing takes longer, 10 to 20 ms a segment.
# Usage: scripts/study-segments.sh [FOLDER]; a folder in memory such as /dev/shm/segments leaves the disk out.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-runs/study-segments}
mkdir -p "$out"
cat >"$out/segments.toml" <<'TOML'
[run]
name = "segments"
seed = 5
device = "cpu"

[theory]
group = "U1"
extents = [8, 8]
action = { kind = "wilson", beta = 2.0 }

[[sample]]
sampler = "heatbath"
configurations = 40000
replicas = 4
thermalization = 10
segment = 4

[analyze]
observables = ["plaquette", "topological_charge", "polyakov_abs", "wilson_loop_2x2"]
TOML
dotnet build -c Release src/LatticeFlow.Cli >/dev/null
latticeflow() { dotnet run -c Release --no-build --project src/LatticeFlow.Cli -- "$@"; }
latticeflow sample "$out/segments.toml" --run-dir "$out/run" --resume --quiet >/dev/null
for command in verify analyze; do
    echo "== $command"
    time latticeflow "$command" "$out/run" --quiet >/dev/null || echo "exit code $?"
done
