#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# build.sh [--quiet] [TARGET...]: configures once and builds the preset $DANUBE_PRESET. One build at a time per directory.
set -euo pipefail
quiet=
[ "${1:-}" = --quiet ] && { quiet=1; shift; }
mkdir -p "$DANUBE_BUILD"
exec 9>"$DANUBE_BUILD/.lock"
flock 9
log=$DANUBE_BUILD/build.log
run() {
    if [ -n "$quiet" ]; then "$@" >"$log" 2>&1 9>&- || { cat "$log" >&2; exit 1; }; else "$@" 9>&-; fi
}
[ -e "$DANUBE_BUILD/build.ninja" ] || run cmake --preset "$DANUBE_PRESET"
targets=()
[ $# -gt 0 ] && targets=(--target "$@")
[ -z "$quiet" ] || echo "dev: building (the first time takes some minutes)" >&2
run cmake --build "$DANUBE_BUILD" ${targets[@]+"${targets[@]}"}
