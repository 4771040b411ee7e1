#!/usr/bin/env bash
# Trains flows that miss part of their target, with several seeds and couplings, and others on configurations of the target, and writes what each says of itself beside what the target says: docs/benchmarks/verdicts.md.
# Takes some forty minutes on two cores. Runs that are complete are not repeated.   scripts/study-verdicts.sh [FOLDER]     folder of the runs, by default runs/study-verdicts
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-runs/study-verdicts}
dotnet build -c Release -v quiet --nologo src/LatticeFlow.Cli >&2
dotnet build -c Release -v quiet --nologo tests/LatticeFlow.Studies >&2
cli=${LATTICEFLOW:-src/LatticeFlow.Cli/bin/Release/net10.0/LatticeFlow.Cli.dll}   # another build of the program, so that this one may change meanwhile
runs=()
# flow BETA SEED OBJECTIVE: one run, judged from its proposals alone (blind.json) and with the target.
flow() {
    local run=$folder/beta$1_seed$2_$3
    runs+=("$run")
    if [[ -f $run/blind.json && -f $run/analysis.json ]]; then return; fi
    local resume=()
    [[ ! -d $run ]] || resume=(--resume)
    dotnet "$cli" run configs/flows/architectures/u1_2d_L8_free_plaquettes.toml --set "theory.action.beta=$1" --set "run.seed=$2" --set "train.objective=\"$3\"" --run-dir "$run" --quiet "${resume[@]}" >/dev/null || [[ $? == 3 ]]
    dotnet "$cli" analyze "$run" --set analyze.target_samples=0 --json --quiet >"$run/blind.json" || [[ $? == 3 ]]
    dotnet "$cli" analyze "$run" --quiet >/dev/null || [[ $? == 3 ]]
}
for beta in 6 7 8 10; do
    for seed in 1 2 3 4 5; do flow "$beta" "$seed" reverse; done
done
flow 3.5 1 reverse
for beta in 3.5 6 8 10; do flow "$beta" 1 forward; flow "$beta" 1 mixed; done
page=$(mktemp)
trap 'rm -f "$page"' EXIT
{
    echo '# What flows say of themselves, and what the target says of them'
    echo
    echo 'Made by `scripts/study-verdicts.sh`: U(1) on 8², sixteen plaquette couplings on the free-plaquette prior, 600 steps of 256, judged by 65,536 of their own samples and by 16,384 exact draws of the target'
    echo '([report.md](../report.md#a-flow-is-judged-from-both-sides)). From its proposals alone an effective sample size is too high by any factor where a flow misses part of the target; trained on configurations of the target it'
    echo 'misses less. A multiscale flow has neither fault (`configs/u1_2d_L16_beta7_flow.toml`, [flows.md](flows.md)).'
    echo
    dotnet tests/LatticeFlow.Studies/bin/Release/net10.0/LatticeFlow.Studies.dll verdicts "${runs[@]}" || [[ $? == 3 ]]
} >"$page"
cp "$page" docs/benchmarks/verdicts.md
chmod 644 docs/benchmarks/verdicts.md
