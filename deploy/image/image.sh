#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by ./dev after deploy/dev/toolchain.sh: `image [--out DIR]` makes the container images, `image --lock` takes the
# package versions that Debian has now. Needs no container engine, no registry, and no root but what mmdebstrap needs.

image_uses=(master job)
image_lock=deploy/toolchain/packages.lock

# The root of one use, cached under a name that contains a hash of its locked packages.
image_root_path() {
    echo "$danube_cache/image-$1-$(awk -v use="$1" '$1 == "epoch" || $1 == use' "$image_lock" | sha256sum | cut -c1-12)"
}

ensure_image_root() {
    local root
    root=$(image_root_path "$1")
    [ -d "$root" ] && return 0
    mkdir -p "$danube_cache"
    (
        flock 9
        [ -d "$root" ] && exit 0
        echo "dev: making the package root of image '$1' (once per lock, about two minutes)" >&2
        SOURCE_DATE_EPOCH=$(awk '$1 == "epoch" { print $2 }' "$image_lock") \
            debian_root "$root" essential "$(awk -v use="$1" '$1 == use { print $2 "=" $3 }' "$image_lock" | paste -sd,)"
    ) 9>"$danube_cache/root.lock" || {
        echo "dev: if Debian no longer has those versions: ./dev image --lock takes the present ones" >&2
        exit 2
    }
}

lock_images() {
    local use root roots=() epoch
    epoch=$(date -u -d "$(date -u +%F)" +%s)
    for use in "${image_uses[@]}"; do
        root=$danube_cache/image-$use-new
        rm -rf "$root"
        echo "dev: asking Debian for the packages of image '$use'" >&2
        SOURCE_DATE_EPOCH=$epoch debian_root "$root" essential \
            "$(awk -v use="$use" '$1 == use { print $2 }' deploy/toolchain/packages.txt | paste -sd,)"
        roots+=("$use=$root")
    done
    inside python3 -B deploy/image/lock.py "$epoch" "${roots[@]}"
    for use in "${image_uses[@]}"; do
        root=$(image_root_path "$use")
        rm -rf "$root"
        mv -T "$danube_cache/image-$use-new" "$root"
    done
    echo "dev: wrote $image_lock ($(grep -cv '^#' "$image_lock") lines)"
}

image() {
    if [ "${1:-}" = --lock ]; then
        lock_images
        return
    fi
    local use roots=()
    for use in "${image_uses[@]}"; do
        ensure_image_root "$use"
        roots+=("$use=$(image_root_path "$use")")
    done
    inside deploy/dev/build.sh --quiet danube-master danube-coordinator danube-agent
    inside python3 -B deploy/image/build.py "$@" "${roots[@]}"
}
