// SPDX-License-Identifier: GPL-3.0-or-later
// Statuses of an exec: an exit code is one, and Success is said only by a text that says so and nothing else.
#include "server/kube/execstatus.h"
#include "tests/fuzz/require.h"

using namespace danube;
using namespace danube::kube;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray json(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const ExecStatus status = readExecStatus(json);
    const bool isExitCode = status.kind == ExecStatus::Kind::ExitCode;
    require(isExitCode ? status.exitCode >= 1 && status.exitCode <= 255 : status.exitCode == -1);
    require(status.message.size() <= 2048);
    // Cut short it is never a status (white space behind the end aside).
    if (status.kind != ExecStatus::Kind::Malformed && json.endsWith('}'))
        require(readExecStatus(json.chopped(1)).kind == ExecStatus::Kind::Malformed);
    return 0;
}
