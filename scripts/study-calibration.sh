#!/usr/bin/env bash
# How often errors and autocorrelation times of the analysis cover the truth, for series whose truth is known, with 1 to 32 replicas and from 50 to 2,000 autocorrelation times: docs/benchmarks/calibration.md.
# Takes about an hour on one core. Sections that are complete are not repeated.   scripts/study-calibration.sh [FOLDER]     folder of the sections, by default runs/study-calibration
# With SO_FAR=1 nothing is drawn, and the page has the sections, and the lines of an unfinished one, that are there.
set -euo pipefail
cd "$(dirname "$0")/.."
studies=${LATTICEFLOW_STUDIES:-}   # a copy of the built program, so that it may be built again meanwhile
if [[ -z $studies && -z ${SO_FAR:-} ]]; then
    dotnet build -c Release -v quiet --nologo tests/LatticeFlow.Studies >&2
    studies=tests/LatticeFlow.Studies/bin/Release/net10.0/LatticeFlow.Studies.dll
fi
folder=${1:-runs/study-calibration}
mkdir -p "$folder"
# section FILE ARGUMENT...: one table, kept when it is complete.
section() {
    if [[ ${SO_FAR:-} && ! -f $folder/$1.md ]]; then
        cat "$folder/$1.part" 2>/dev/null || true
        printf '\nThis section is not complete yet.\n\n'
        return
    fi
    [[ -f $folder/$1.md ]] || { dotnet "$studies" "${@:2}" >"$folder/$1.part" || [[ $? == 3 ]]; mv "$folder/$1.part" "$folder/$1.md"; }
    cat "$folder/$1.md"
    echo
}
page=$(mktemp)
trap 'rm -f "$page"' EXIT
{
    echo '# How often error bars cover'
    echo
    echo 'Made by `scripts/study-calibration.sh`. Many independent ensembles a line, of N values in all replicas together, analysed as `latticeflow analyze` does it, with nothing set. *covers*: the part of them whose mean ± error holds the'
    echo 'true mean; 68.3 % is right. *error / true*: root mean square of the errors over that of the deviations. *plain*: the Γ-method with S = 1.5 and nothing else (`tau_exp = 0`). *τ covers*: τ_int ± its error. *too short, says*: the part that'
    echo 'warns that it is too short for its errors to be trusted, or has not mixed; where most do, coverage is theirs to lose. N / τ is that of the observable, N / slowest τ that of the slowest one of the ensemble.'
    echo
    echo '## Autoregressive series'
    echo
    section autoregressive calibration 'AR(1)'
    echo '## A fast mode that shares a little of its variance with a slow one'
    echo
    section slow calibration 'slow'
    echo '## The published tail and that by correlation'
    echo
    echo 'Fast τ = 1, slow τ_exp = 49.5. The published one (Schaefer, Sommer, Virotta 2011), with the true τ_exp, is a bound: where little is coupled its amplitude is noise.'
    echo
    section tails tails
    echo '## U(1) on 8², β = 4.5'
    echo
    echo 'Ensembles are cut out of 384 chains of 2,000 slowest τ: the replicas of one are parts of different chains, and no two ensembles share a step.'
    echo
    section hmc calibration 'HMC'
    section heatbath calibration 'heat bath'
} >"$page"
cp "$page" docs/benchmarks/calibration.md
chmod 644 docs/benchmarks/calibration.md
