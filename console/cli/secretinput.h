// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <chrono>

namespace danube::cli {

/// What the keys typed at a prompt make of a value. Pure: bytes in, a line out; nothing is shown.
class SecretLine
{
public:
    enum class State { Typing, Entered, Ended, Interrupted };

    SecretLine();
    /// Enter ends it, Ctrl-D ends it without a value when nothing is typed, Ctrl-C interrupts; Backspace takes one
    /// character back, Ctrl-U all. Bytes after the end, and more than a secret may have, are dropped.
    State feed(QByteArrayView bytes);
    Secret take(); ///< once, when Entered

private:
    void feed(char key);

    QByteArray m_text; ///< reserved at once, so that it never moves and leaves copies
    State m_state = State::Typing;
};

/// A value from descriptor 0: asked for twice without echo on a terminal, else everything up to its end, less one
/// newline at the end unless `exact`. InvalidArgument: empty, too long, two different answers; Cancelled: Ctrl-C or a
/// signal; Timeout: a terminal where nobody types for `patience`.
Result<Secret> readSecret(const QString &what, bool exact,
                          std::chrono::milliseconds patience = std::chrono::minutes(5));

} // namespace danube::cli
