// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace danube::cli {

/// A name or sentence from the master, fit for one line of a terminal: controls (also C1 and bidirectional overrides)
/// become blanks.
QString singleLine(const QString &text);

/// Makes one step's log lines harmless on a terminal: SGR colours pass, every other escape sequence and control
/// character is dropped, invalid UTF-8 becomes U+FFFD, of a line rewritten by CR the last version stays. Colours go on
/// over lines of the same step, and are closed at each line's end, so that they never bleed into others.
class LineFilter
{
public:
    enum class Colours { Keep, Drop };
    explicit LineFilter(Colours colours) : m_colours(colours) {}
    QByteArray filter(QByteArrayView line); ///< without newline, in and out

private:
    qsizetype takeEscape(QStringView text, qsizetype at, QString &out);
    void takeColour(QStringView parameters, QString &out);

    Colours m_colours;
    QString m_active; ///< SGR sequences in force at the start of the next line
};

} // namespace danube::cli
