#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# lint.sh: clang-format, architecture, SPDX lines, clang-tidy. --fix-format rewrites instead. LINT_BASE=<commit> tidies
# only files changed since.
set -euo pipefail
mapfile -t sources < <(git ls-files --cached --others --exclude-standard '*.h' '*.cpp' ':!resources/examples')
if [ "${1:-}" = --fix-format ]; then
    clang-format -i "${sources[@]}"
    exit 0
fi
echo "lint: format"
clang-format --dry-run --Werror "${sources[@]}"
echo "lint: architecture"
python3 tests/arch/check_rooms.py
missing=$(grep -L 'SPDX-License-Identifier' "${sources[@]}" $(git ls-files '*.py' '*.sh' '*CMakeLists.txt' ':!resources/examples') || true)
[ -z "$missing" ] || { printf 'lint: no SPDX line in:\n%s\n' "$missing"; exit 1; }
echo "lint: tidy"
python3 deploy/dev/tidy.py
