#!/usr/bin/env bash
# Makes a folder with Debian 13 and PoCL 6, in which a .NET program finds an OpenCL device without a GPU (ILGPU refuses the
# PoCL 3 of Debian 12: no generic address space). Needs root and debootstrap; about two minutes, nothing when it is there.
# Prints the folder: $LATTICEFLOW_CACHE/opencl, by default ~/.cache/latticeflow/opencl.
set -euo pipefail
cd "$(dirname "$0")/.."
cache=${LATTICEFLOW_CACHE:-$HOME/.cache/latticeflow}
root=$cache/opencl
complete=$root/.complete

if [[ ! -e $complete ]]; then
    [[ $(id -u) == 0 ]] || { echo "setup-opencl: debootstrap and chroot need root" >&2; exit 2; }
    command -v debootstrap >/dev/null || { echo "setup-opencl: install debootstrap first (apt-get install debootstrap)" >&2; exit 2; }
    rm -rf --one-file-system "$root"
    mkdir -p "$root"
    {
        debootstrap --variant=minbase --include=ca-certificates,libicu76,libssl3t64,zlib1g trixie "$root"
        export DEBIAN_FRONTEND=noninteractive
        chroot "$root" apt-get install -y -q --no-install-recommends pocl-opencl-icd ocl-icd-libopencl1
    } >&2
    touch "$complete"
fi
# PoCL 6.0 with one of LLVM's checks switched off that ends the process on some processors; made anew where its source changed.
name=pocl-no-verify-fixpoint
if ! cmp -s "scripts/$name.c" "$root/usr/src/$name.c"; then
    mkdir -p "$root/usr/src"
    cp "scripts/$name.c" "$root/usr/src/$name.c.new"
    chroot "$root" clang-18 -x c -O2 -Wall -Wextra -Werror -shared -fPIC "/usr/src/$name.c.new" -o "/usr/lib/$name.so"
    mv "$root/usr/src/$name.c.new" "$root/usr/src/$name.c"
fi
echo "$root"
