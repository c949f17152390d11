// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/style.h"

#include <QByteArray>

namespace danube::cli {

/// Where a command prints. Results go to out, everything about how it is going to err.
class Output
{
public:
    Output(Terminal out, Terminal err) : m_outStyle(out), m_errStyle(err) {}
    virtual ~Output() = default;

    const Style &style() const { return m_outStyle; }    ///< of stdout
    const Style &errStyle() const { return m_errStyle; } ///< of stderr
    void print(const QString &text) { writeOut(text.toUtf8()); }
    void note(const QString &sentence) { writeErr((QStringLiteral("danubectl: ") + sentence + u'\n').toUtf8()); }

    virtual void writeOut(const QByteArray &bytes) = 0; ///< exact; blocks while the reader is slow
    virtual void writeErr(const QByteArray &bytes) = 0;

private:
    Style m_outStyle;
    Style m_errStyle;
};

/// The process's own stdout and stderr. Ends the process by SIGPIPE when the reader of stdout is gone, as programs do.
class ProcessOutput final : public Output
{
public:
    using Output::Output;
    void writeOut(const QByteArray &bytes) override;
    void writeErr(const QByteArray &bytes) override;
};

} // namespace danube::cli
