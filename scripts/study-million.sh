#!/usr/bin/env bash
# Draws a million configurations of U(1) on 4², of which only the observables are stored, and analyses them: time and the largest resident set (needs GNU time).   scripts/study-million.sh [FOLDER]     by default runs/study-million
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-runs/study-million}
dotnet build -c Release -v quiet --nologo src/LatticeFlow.Cli >&2
cli=src/LatticeFlow.Cli/bin/Release/net10.0/LatticeFlow.Cli.dll
mkdir -p "$folder"
cat >"$folder/million.toml" <<'TOML'
[run]
name = "million"
device = "cpu"
seed = 5
[theory]
extents = [4, 4]
action = { kind = "wilson", beta = 1.5 }
[[sample]]
sampler = "heatbath"
configurations = 1000000
replicas = 16
thermalization = 100
segment = 65536
store = "observables"
[analyze]
observables = ["plaquette", "topological_charge", "topological_charge_squared", "wilson_loop_1x2", "wilson_loop_2x2", "polyakov_re", "polyakov_abs", "clover_energy"]
TOML
[[ -d $folder/run ]] || dotnet "$cli" sample "$folder/million.toml" --run-dir "$folder/run" --quiet >/dev/null
/usr/bin/time -f 'analyze: %e s, largest resident set %M kB' dotnet "$cli" analyze "$folder/run" --quiet
