#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# fuzz.sh [TARGET] [SECONDS]: builds the libFuzzer targets and runs one, or each, for SECONDS (default 60) on its corpus.
# New inputs stay in build/fuzz/corpus; a crash is written there too and makes this fail.
set -euo pipefail
target=${1:-all}
duration=${2:-60}
export DANUBE_PRESET=fuzz DANUBE_BUILD=$DANUBE_CHECKOUT/build/fuzz
deploy/dev/build.sh --quiet
mapfile -t programs < <(find "$DANUBE_BUILD/bin" -name 'fuzz_*' -type f -executable | sort)
[ "$target" = all ] || programs=("$DANUBE_BUILD/bin/fuzz_$target")
[ -x "${programs[0]:-}" ] || { echo "dev: no fuzz target '$target'" >&2; exit 2; }
for program in "${programs[@]}"; do
    name=${program##*/fuzz_}
    work=$DANUBE_BUILD/corpus/$name
    mkdir -p "$work"
    seeds=(tests/fuzz/corpus/"$name")
    [ -d "${seeds[0]}" ] || seeds=()
    echo "fuzz: $name for $duration s"
    "$program" -max_total_time="$duration" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$work/" \
        "$work" ${seeds[@]+"${seeds[@]}"} >"$work.log" 2>&1 || { tail -n 30 "$work.log"; exit 1; }
    grep -E 'number_of_executed_units|DONE' "$work.log" | tail -n 2
done
