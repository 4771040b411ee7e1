#!/usr/bin/env bash
# Compiles every kernel to PTX and assembles it with ptxas for sm_80 (A100) and sm_90 (H100, H200), without a GPU. Writes the table
# docs/benchmarks/ptx-registers.md. Fails where a kernel does not compile, spills, or keeps anything in local memory.
set -euo pipefail
cd "$(dirname "$0")/.."
ptxas=$(scripts/fetch-ptxas.sh)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
[[ -n ${LATTICEFLOW_BUILT:-} ]] || dotnet build -c Release -v quiet --nologo tests/LatticeFlow.PtxCheck >&2
failed=0
dotnet tests/LatticeFlow.PtxCheck/bin/Release/net10.0/LatticeFlow.PtxCheck.dll "$folder" >&2 || failed=1

# Prints "registers spilled-bytes local-bytes" of one file, or "- - -" where it does not assemble.
assemble() {
    "$ptxas" -v "-arch=$2" -o /dev/null "$1" 2>&1 | awk '
        /bytes stack frame/ { stack = $1; spills = $5 + $9 }
        /Used [0-9]+ registers/ { for (i = 1; i < NF; i++) if ($i == "Used") registers = $(i + 1) }
        END { if (registers == "") print "- - -"; else print registers, spills, stack }'
}
export -f assemble
export ptxas
cut -f1 "$folder/kernels.tsv" | while read -r file; do
    for arch in sm_80 sm_90; do printf '%s/%s.%s.ptx %s\n' "$folder" "$file" "$arch" "$arch"; done
done | xargs -P "$(nproc)" -L 1 bash -c 'assemble "$0" "$1" >"${0%.ptx}.txt"'

table=$folder/table.md
{
    echo '# Registers of every kernel on NVIDIA GPUs'
    echo
    echo "Made by \`scripts/check-ptx.sh\` with ptxas $("$ptxas" --version | sed -nE 's/.*release ([0-9.]+),.*/\1/p'), no GPU needed. A thread may use 255 registers; up to 32 leave all 64 warps of"
    echo 'a multiprocessor resident, 64 half, 128 a quarter. Spilled and local bytes must be 0.'
    echo
    echo '| kernel | precision | sm_80 registers | sm_90 registers | spilled bytes | local bytes |'
    echo '| --- | --- | ---: | ---: | ---: | ---: |'
} >"$table"
passed=0 bad=0
while IFS=$'\t' read -r file name precision; do
    read -r registers80 spills80 local80 <"$folder/$file.sm_80.txt"
    read -r registers90 spills90 local90 <"$folder/$file.sm_90.txt"
    if [[ "$spills80$local80$spills90$local90" == 0000 ]]; then passed=$((passed + 1)); else
        bad=$((bad + 1))
        echo "check-ptx: $name: spilled bytes $spills80 (sm_80) $spills90 (sm_90), local bytes $local80 $local90 (- where it did not assemble)" >&2
    fi
    spills=$spills80 local=$local80
    [[ $spills90 == "$spills80" ]] || spills="$spills80, $spills90"
    [[ $local90 == "$local80" ]] || local="$local80, $local90"
    echo "| \`$name\` | $precision | $registers80 | $registers90 | $spills | $local |" >>"$table"
done <"$folder/kernels.tsv"

mkdir -p docs/benchmarks
cp "$table" docs/benchmarks/ptx-registers.md
echo "ptx: $passed passed, $bad failed, 0 skipped"
[[ $failed == 0 && $bad == 0 ]]
