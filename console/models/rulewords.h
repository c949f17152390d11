// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace danube::console {

/// A sentence of the rules that console and master share (findings, verdicts, notes on policies), in the language of
/// the console. They are English where they are made, since danubectl, REST and logs say them as well. What is no such
/// sentence comes back as it is.
QString inOwnWords(const QString &sentence);

} // namespace danube::console
