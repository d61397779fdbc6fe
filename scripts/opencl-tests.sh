#!/usr/bin/env bash
# Runs the OpenCL tests where no GPU is: in a Debian 13 root with PoCL 6, an OpenCL device in software. (Debian 12's PoCL 3 lacks the generic address space.)
#
#   sudo scripts/opencl-tests.sh [FOLDER]      FOLDER holds the root (about 1 GB) and is reused; default: artifacts/opencl
#
# Wants: root, debootstrap, the .NET SDK. The Debian archive is the one this machine's apt uses; where that is none, DEBIAN_MIRROR names one. Exit code 0: all tests ran and passed.
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mkdir -p "${1:-$repository/artifacts/opencl}" && cd "${1:-$repository/artifacts/opencl}" && pwd)
root=$folder/root
suite=trixie
packages=pocl-opencl-icd,ocl-icd-libopencl1,libstdc++6,libgcc-s1

fail() { echo "opencl-tests: $1" >&2; exit 2; }
[ "$(id -u)" = 0 ] || fail "needs root, for chroot: sudo $0"
command -v debootstrap > /dev/null || fail "needs debootstrap: apt-get install debootstrap"
command -v dotnet > /dev/null || fail "needs the .NET SDK on the PATH"

mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' 2> /dev/null | sed -n 's/^Debian|Debian|//p' | sort -u | head -n 1 || true)}
[ -n "$mirror" ] || fail "apt knows no Debian archive here: set DEBIAN_MIRROR to the address of one"

# .NET reads /proc, PoCL asks /sys how much memory there is.
attach() { for part in proc sys dev; do mountpoint -q "$root/$part" || mount --bind "/$part" "$root/$part"; done; }
detach() { for part in proc sys dev; do ! mountpoint -q "$root/$part" || umount "$root/$part"; done; }
trap detach EXIT

if [ ! -e "$root/etc/OpenCL/vendors/pocl.icd" ]; then
    echo "opencl-tests: making a Debian $suite root from $mirror in $root"
    detach
    rm -rf --one-file-system "$root"
    debootstrap --variant=minbase --include="$packages" "$suite" "$root" "$mirror" > "$folder/debootstrap.log" 2>&1 \
        || fail "debootstrap failed, see $folder/debootstrap.log: $(tail -n 1 "$folder/debootstrap.log")"
    rm -f "$root"/var/cache/apt/archives/*.deb
fi

case $(dpkg --print-architecture) in
    amd64) runtime=linux-x64 ;;
    arm64) runtime=linux-arm64 ;;
    *) fail "no .NET runtime for $(dpkg --print-architecture)" ;;
esac
echo "opencl-tests: publishing the kernel tests for $runtime"
rm -rf "$root/tests"
dotnet publish "$repository/tests/Kernels.Tests" -c Release -r $runtime --self-contained -o "$root/tests" -v quiet --nologo > "$folder/publish.log" 2>&1 \
    || { tail -n 20 "$folder/publish.log" >&2; fail "the tests did not build"; }

attach
log=$folder/tests.log
chroot "$root" env -i HOME=/tmp PATH=/usr/bin:/bin POCL_CACHE_DIR=/tmp/pocl \
    /tests/LoraCollab.Kernels.Tests -class "LoraCollab.Kernels.Tests.OpenCLCaseTests" -noColor > "$log" 2>&1 || true

summary=$(grep -o 'Total: .*' "$log" | tail -n 1 || true)
[ -n "$summary" ] || { tail -n 20 "$log" >&2; fail "the tests did not run to their end, see $log"; }
count() { echo "$summary" | sed -n "s/.*$1: \([0-9]*\).*/\1/p"; }
failed=$(($(count Failed) + $(count Errors)))
skipped=$(count Skipped)
echo "$(($(count Total) - $(count Failed) - skipped)) passed, $failed failed"
if [ "$failed" -gt 0 ]; then
    grep -A 3 '\[FAIL\]' "$log" | head -n 40
    exit 1
fi
[ "$skipped" = 0 ] || fail "$skipped tests were skipped: $(grep -m 1 -A 1 '\[SKIP\]' "$log" | tail -n 1)"
