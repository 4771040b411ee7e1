#!/usr/bin/env bash
# Kills (kill -9) a running `latticeflow sample` N times (default 30) at random instants, resumes it each time, and compares every ensemble with that of a
# run that was left alone: manifests and segments byte for byte. Rounds follow each other until N kills have hit. Exits with 3 where anything differs.
# usage: scripts/kill-test.sh [N] [SEED]
set -euo pipefail
cd "$(dirname "$0")/.."
kills=${1:-30}
RANDOM=${2:-1}
dotnet build -c Release -v quiet --nologo src/LatticeFlow.Cli >&2
program=$PWD/src/LatticeFlow.Cli/bin/Release/net10.0/latticeflow
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/config.toml" <<'TOML'
[run]
name = "kill-test"
device = "cpu"

[theory]
extents = [8, 8]
action = { kind = "wilson", beta = 2.0 }

[flow]
layers = [ { kind = "plaquette-coupling", count = 8, hidden = [4] } ]

[train]
steps = 20
batch = 64

[[sample]]
sampler = "flow"
configurations = 60000
segment = 512

[[sample]]
sampler = "mixture"
parts = [ { sampler = "flow" }, { sampler = "hmc", acceptance = 0.8 }, { sampler = "heatbath", overrelaxation = 1 } ]
configurations = 60000
segment = 512

[[sample]]
sampler = "hmc"
acceptance = 0.8
thermalization = 2000
configurations = 60000
segment = 512

[[sample]]
sampler = "heatbath"
overrelaxation = 1
configurations = 60000
segment = 512
TOML

sample() { "$program" sample "$work/config.toml" --quiet --run-dir "$1" --resume >/dev/null; }
# Training is not killed here: copies of one trained flow start every round.
"$program" train "$work/config.toml" --quiet --run-dir "$work/trained" >/dev/null
cp -r "$work/trained" "$work/whole"
began=$(date +%s%N)
sample "$work/whole"
milliseconds=$(((($(date +%s%N) - began)) / 1000000))
segments=$(cat "$work"/whole/ensemble/*/manifest.jsonl | wc -l)
echo "left alone: $segments segments in $milliseconds ms"

# How many files of a finished round differ from those of the run that was left alone.
differences() {
    local bad=0 file
    for file in "$work"/whole/ensemble/*/{manifest.jsonl,seg-*.h5}; do
        cmp -s "$file" "$1/${file#"$work/whole/"}" || { echo "DIFFERS ${file#"$work/whole/"}" >&2; bad=$((bad + 1)); }
    done
    find "$1" \( -name '*.corrupt*' -o -name '.*.tmp' \) -path '*/ensemble/*' | sed 's/^/LEFT BEHIND /' >&2
    [[ -z $(find "$1" \( -name '*.corrupt*' -o -name '.*.tmp' \) -path '*/ensemble/*') ]] || bad=$((bad + 1))
    echo "$bad"
}

hits=0 rounds=0 bad=0 fruitful=0
while ((hits < kills)); do
    rounds=$((rounds + 1))
    run=$work/round-$rounds
    cp -r "$work/trained" "$run"
    finished=0 before=0
    while ((hits < kills)) && ((finished == 0)); do
        sample "$run" 2>>"$work/log" &
        process=$!
        # Starting the program takes a while in which there is nothing to lose: the clock runs once it has opened the run. A life is up to half of the whole.
        opened=$(stat -c %s "$run/log.txt")
        while [[ $(stat -c %s "$run/log.txt") == "$opened" ]] && kill -0 "$process" 2>/dev/null; do sleep 0.02; done
        delay=$((RANDOM % (milliseconds / 2 + 1)))
        sleep "$((delay / 1000)).$(printf '%03d' $((delay % 1000)))"
        child=$(pgrep -P "$process" || true)
        if [[ -n $child ]] && kill -9 "$child" 2>/dev/null; then hits=$((hits + 1)); fi
        wait "$process" 2>/dev/null && finished=1
        stored=$(cat "$run"/ensemble/*/manifest.jsonl 2>/dev/null | wc -l)
        ((stored > before)) && fruitful=$((fruitful + 1))
        before=$stored
    done
    sample "$run"
    found=$(differences "$run")
    bad=$((bad + found))
    echo "round $rounds: $hits of $kills kills so far, $found files differ"
    "$program" verify "$run" --quiet >"$work/verify" || { cat "$work/verify" >&2; bad=$((bad + 1)); }
    rm -rf "$run"
done
echo "kill-test: $hits kills in $rounds rounds ($fruitful lives stored something), $((rounds * segments)) segments compared, $bad bad"
[[ $bad == 0 ]] || exit 3
