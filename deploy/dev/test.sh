#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test.sh [CTEST ARGS]: builds everything and runs the tests; ctest's summary is the last thing printed.
set -euo pipefail
deploy/dev/build.sh
export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen} QT_LOGGING_RULES=${QT_LOGGING_RULES:-}
# Most of what the long tests do is waiting; five a core keep the cores busy.
# In CI a test that failed beside others gets a second try; ctest prints both, and the first is a bug to mend.
exec ctest ${CI:+--repeat until-pass:2} --test-dir "$DANUBE_BUILD" --output-on-failure --no-tests=error -j "${DANUBE_TEST_JOBS:-$((5 * $(nproc)))}" "$@"
