// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/executor.h"
#include "shared/model/stream.h"

namespace danube::tests {

/// One thing a scripted step does.
struct FakeCommand
{
    enum class Kind { Print, Sleep, Exit, Signal, Hang };
    Kind kind = Kind::Print;
    LogStream stream = LogStream::Stdout;
    QByteArray bytes;      ///< Print
    milliseconds delay{0}; ///< Sleep
    int number = 0;        ///< Exit: code; Signal: which
};

/// The few words of sh that the contract's and the scenarios' steps are made of, so that the same script runs here and
/// in a real shell: `echo TEXT [>&2]` with $NAME, `seq 1 N [>&2]`, `sleep S`, `exit N`, `kill -9 $$`, `wait` (here: for
/// ever), separated by `;`; `COMMAND &` is left out.
QList<FakeCommand> parseFakeScript(const QString &script, const jobs::Environment &environment);

} // namespace danube::tests
