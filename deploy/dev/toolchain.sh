# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by ./dev: `inside COMMAND...` runs a command with the toolchain of docs/adr/0001-toolchain.md - natively where
# Qt >= 6.8 and KF6 Archive are installed, else in a cached Debian 13 root made from deploy/toolchain/packages.txt.

danube_cache=${DANUBE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/danube}

have_native_toolchain() {
    [ -n "${DANUBE_IN_ROOT:-}" ] && return 0
    [ "${DANUBE_TOOLCHAIN:-auto}" = root ] && return 1
    command -v pkg-config cmake ninja g++ >/dev/null 2>&1 || return 1
    pkg-config --atleast-version=6.8 Qt6Core 2>/dev/null && [ -e /usr/include/KF6/KArchive/karchive_version.h ]
}

# Lines of the packages the root must have; DANUBE_ROOT_USES adds uses to "build".
packages_of() {
    awk -v uses=" build ${DANUBE_ROOT_USES:-} " 'index(uses, " " $1 " ")' deploy/toolchain/packages.txt
}

root_path() {
    local hash
    hash=$(packages_of | sha256sum | cut -c1-12)
    echo "$danube_cache/root-$hash"
}

need_mmdebstrap() {
    command -v mmdebstrap >/dev/null 2>&1 && return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "dev: installing mmdebstrap" >&2
        { apt-get install -y mmdebstrap || { apt-get update && apt-get install -y mmdebstrap; }; } >/dev/null
        return 0
    fi
    echo "dev: this machine has no Qt >= 6.8 and no mmdebstrap to make a Debian 13 root: install mmdebstrap, or build natively on Debian 13" >&2
    exit 2
}

make_root() {
    local root=$1
    echo "dev: making the Debian 13 toolchain root (once, about a minute)" >&2
    debian_root "$root" apt "$(packages_of | awk '{ print $2 }' | paste -sd,)"
}

# debian_root ROOT VARIANT PACKAGES: a Debian 13 tree at ROOT, complete or not there.
debian_root() {
    local root=$1 variant=$2 packages=$3
    need_mmdebstrap
    mkdir -p "$danube_cache"
    rm -rf "$root.tmp"
    local log=$danube_cache/root.log
    if [ "$(id -u)" = 0 ]; then
        mmdebstrap --variant="$variant" --include="$packages" trixie "$root.tmp" >"$log" 2>&1 || root_failed "$log"
    else
        mkdir -p "$root.tmp"
        { mmdebstrap --mode=unshare --variant="$variant" --include="$packages" trixie - 2>"$log" |
            tar -x -C "$root.tmp" --no-same-owner --exclude='./dev/*'; } || root_failed "$log"
    fi
    rm -rf "$root.tmp/var/cache/apt/archives" "$root.tmp/var/lib/apt/lists"
    mv -T "$root.tmp" "$root"
}

root_failed() {
    tail -n 15 "$1" >&2
    echo "dev: the Debian 13 root could not be made (log: $1); build natively on Debian 13, or run as root" >&2
    exit 2
}

# One set-up at a time: a second ./dev waits for the first one's root.
ensure_root() {
    local root
    root=$(root_path)
    [ -d "$root" ] && return 0
    mkdir -p "$danube_cache"
    (
        flock 9
        [ -d "$root" ] || make_root "$root"
    ) 9>"$danube_cache/root.lock"
}

inside() {
    if have_native_toolchain; then
        "$@"
        return
    fi
    ensure_root
    local unshare=(unshare --mount --propagation private)
    [ "$(id -u)" = 0 ] || unshare=(unshare --user --map-root-user --mount --propagation private)
    if ! "${unshare[@]}" true 2>/dev/null; then
        echo "dev: this machine refuses mount namespaces: build natively on Debian 13, or run as root" >&2
        exit 2
    fi
    "${unshare[@]}" bash deploy/dev/enter.sh "$(root_path)" "$here" "$@"
}
