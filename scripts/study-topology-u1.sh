#!/usr/bin/env bash
# What an independent Q² of U(1) on 32² costs at β = 7 and 9, by sampler: docs/benchmarks/topology-u1.md. Some eight minutes on one idle core. Runs that are complete are not repeated.
# scripts/study-topology-u1.sh [FOLDER]     folder of the runs, by default runs/study-topology-u1
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-runs/study-topology-u1}
cli=${LATTICEFLOW:-src/LatticeFlow.Cli/bin/Release/net10.0/LatticeFlow.Cli.dll}   # another build of the program, so that this one may change meanwhile
[[ -n ${LATTICEFLOW:-} ]] || dotnet build -c Release -v quiet --nologo src/LatticeFlow.Cli >&2
page=$(mktemp)
trap 'rm -f "$page"' EXIT
{
    echo '# The topological charge of U(1) on 32²: what an independent Q² costs'
    echo
    echo 'Made by `scripts/study-topology-u1.sh` from `configs/u1_2d_L32_topology.toml`, eight chains each, started hot. HMC, microcanonical Monte Carlo and heat bath with four overrelaxation sweeps stay where they are for hundreds of'
    echo 'steps: their τ_int and their costs of Q² are lower bounds (the program says so and ends with exit code 3), and where a charge never changed there is none. Winding (squares of side 30, and of side 5) and instanton proposals, one a'
    echo 'heat-bath step, agree with the exact ⟨Q²⟩. Costs are those of [conventions.md](../conventions.md#cost), links by kind of work; operations are nominal, seconds are those of one thread of the machine below, with whatever else ran on it.'
    for beta in 7 9; do
        run=$folder/beta$beta
        resume=()
        [[ ! -d $run ]] || resume=(--resume)
        [[ -f $run/analysis.json ]] || dotnet "$cli" run configs/u1_2d_L32_topology.toml --set "theory.action.beta=$beta.0" --set run.threads=1 --run-dir "$run" --quiet "${resume[@]}" >/dev/null || [[ $? == 3 ]]
        echo
        echo "## β = $beta"
        echo
        echo '```text'
        { dotnet "$cli" analyze "$run" --quiet 2>/dev/null || [[ $? == 3 ]]; } | grep -v 'WARNING'
        echo '```'
    done
    echo
    echo "Processor: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)."
} >"$page"
cp "$page" docs/benchmarks/topology-u1.md
chmod 644 docs/benchmarks/topology-u1.md
