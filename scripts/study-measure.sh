#!/usr/bin/env bash
# Memory of measuring one SU(3) configuration on 24^3 x 48 (links of 365 MiB): the largest resident set for several kinds of observables. Needs GNU time and 2 GB.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build -c Release -v quiet --nologo src/LatticeFlow.Cli >/dev/null
latticeflow() { dotnet src/LatticeFlow.Cli/bin/Release/net10.0/LatticeFlow.Cli.dll "$@"; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/large.toml" <<'TOML'
[run]
name = "large"
device = "cpu"
[theory]
group = "SU3"
extents = [48, 24, 24, 24]
action = { kind = "wilson", beta = 6.0 }
[[sample]]
sampler = "heatbath"
configurations = 1
replicas = 1
start = "hot"
thermalization = 1
TOML
latticeflow sample "$folder/large.toml" --run-dir "$folder/large" --quiet > /dev/null
for observable in wilson_loop_3x3 plaquette_ape2 plaquette_stout1 flow_energy_0.4; do
    /usr/bin/time -f '%M' -o "$folder/memory" dotnet src/LatticeFlow.Cli/bin/Release/net10.0/LatticeFlow.Cli.dll measure "$folder/large" --observables "$observable" --quiet > /dev/null
    awk -v name="$observable" '{ printf "%-18s %4.0f MiB, %.2f times the links\n", name, $1 / 1024, $1 * 1024 / (24 ^ 3 * 48 * 4 * 144) }' "$folder/memory"
done
