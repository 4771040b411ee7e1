#!/usr/bin/env bash
# Makes a short run of each of four kinds (flow, 2D, 4D, scalar), checks its report, and photographs it at 1280 and 400 pixels, light and dark, and as PDF, into FOLDER.
# With --docs parts of them go to docs/screenshots. Needs a Release build, python3 and chromium; pngquant, where there is one, makes the files of docs/ small.
# usage: scripts/screenshots.sh FOLDER [--docs]
set -euo pipefail
[ $# -ge 1 ] || { sed -n '4s/^# //p' "$0" >&2; exit 2; }
cd "$(dirname "$(realpath "$0")")/.."
folder=$(realpath -m -- "$1")
program=(dotnet src/LatticeFlow.Cli/bin/Release/net10.0/LatticeFlow.Cli.dll)
mkdir -p "$folder"

# Exit code 3 is a run that failed its diagnostics: a page too.
make_run() {
    local name=$1 code=0
    shift
    if [ ! -s "$folder/$name/analysis.json" ]; then
        "${program[@]}" run "$@" --run-dir "$folder/$name" --quiet >"$folder/$name.txt" || code=$?
        [ "$code" -eq 0 ] || [ "$code" -eq 3 ] || { echo "screenshots: the run $name ended with exit code $code" >&2; exit "$code"; }
    else
        "${program[@]}" report "$folder/$name" --quiet >/dev/null
    fi
    scripts/check-report.sh "$folder/$name"
    python3 scripts/python/browser.py shoot "$folder/$name/report.html" "$folder" "$name"
}

make_run flow configs/quickstart.toml
make_run 2d configs/su3_2d_L8x12_beta6.toml
make_run 4d configs/su3_4d_L8_beta6.toml --set run.name=su3_4d_L4x6_beta5.72 --set 'theory.extents=[4,6,6,6]' --set theory.action.beta=5.72 \
    --set sample.0.configurations=400 --set sample.1.configurations=400 --set sample.0.replicas=4 --set sample.1.replicas=4 --set sample.0.stride=4 --set sample.1.stride=5 \
    --set 'analyze.observables=["plaquette","wilson_loop_1x1","wilson_loop_1x2","wilson_loop_2x2","wilson_loop_temporal_1x1","wilson_loop_temporal_1x2","polyakov_re","polyakov_im","polyakov_abs","clover_charge_flow1","flow_energy_1"]'
make_run scalar configs/phi4_2d_L8.toml --set train.steps=150

[ "${2:-}" = --docs ] || exit 0
docs=docs/screenshots
part() {
    local run=$1 name=$2
    shift 2
    python3 scripts/python/browser.py shoot "$folder/$run/report.html" "$docs" "$name" "$@"
}
part flow flow --widths 1280 --schemes light --height 1100
part 2d 2d --widths 1280 --schemes dark --height 1100
part 4d 4d-polyakov --widths 1280 --schemes light --height 920 --at '#distributions'
part 4d 4d --widths 400 --schemes light --height 1100
part scalar scalar --widths 1280 --schemes light --height 700
part scalar scalar-flow --widths 400 --schemes dark --height 1100 --at '#flow'
if command -v pngquant >/dev/null; then pngquant --force --ext .png --speed 1 64 "$docs"/*.png; fi
ls -l "$docs"
