#!/usr/bin/env bash
# Runs the device tests on a real OpenCL implementation (PoCL 6, on the CPU) in the folder that setup-opencl.sh makes. The tests
# are built outside; inside run only the .NET runtime and PoCL. Needs root. Fails where a test fails, is skipped, or none is found.
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
root=$(scripts/setup-opencl.sh)
[[ -n ${LATTICEFLOW_BUILT:-} ]] || dotnet build -c Release -v quiet --nologo tests/LatticeFlow.Tests
sdk=$(dirname "$(readlink -f "$(command -v dotnet)")")

# In a mount namespace of its own, so that nothing stays mounted, whatever happens.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
unshare --mount --propagation private bash -euc '
    root=$1 repository=$2 sdk=$3
    mkdir -p "$root/repository" "$root/usr/share/dotnet"
    mount --bind "$repository" "$root/repository"
    mount --bind "$sdk" "$root/usr/share/dotnet"
    for place in proc sys dev; do mount --rbind "/$place" "$root/$place"; done
    mount -t tmpfs tmpfs "$root/tmp"
    exec chroot "$root" env HOME=/root DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_ROOT=/usr/share/dotnet \
        LD_PRELOAD=/usr/lib/pocl-no-verify-fixpoint.so \
        /usr/share/dotnet/dotnet vstest /repository/tests/LatticeFlow.Tests/bin/Release/net10.0/LatticeFlow.Tests.dll \
        "--TestCaseFilter:Category=Device&DisplayName~opencl"
' bash "$root" "$repository" "$sdk" 2>&1 | tee "$log" || status=1

count() { sed -nE "s/.*(Passed|Failed)! .*$1: *([0-9]+).*/\2/p" "$log" | tail -1; }
passed=$(count Passed) failed=$(count Failed) skipped=$(count Skipped)
if [[ ${passed:-0} == 0 && ${failed:-0} == 0 || ${skipped:-0} != 0 ]]; then
    echo "test-opencl: no OpenCL device was found inside the folder, or no test asked for it" >&2
    status=1
fi
echo "opencl: ${passed:-0} passed, ${failed:-0} failed, ${skipped:-0} skipped"
exit $status
