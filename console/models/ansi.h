// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QList>
#include <QString>

#include <cstdint>

namespace danube::console {

/// A colour as a program asked for it: the view decides what index 1 looks like in light and dark.
struct AnsiColor
{
    enum class Kind : uint8_t { Default, Indexed, Rgb };
    Kind kind = Kind::Default;
    uint32_t value = 0; ///< 0..255 when Indexed, 0xRRGGBB when Rgb, else 0
    bool operator==(const AnsiColor &) const = default;
};

/// The state that SGR sequences (ECMA-48, 8.3.117) build up.
struct AnsiStyle
{
    AnsiColor foreground;
    AnsiColor background;
    bool bold = false;
    bool faint = false;
    bool italic = false;
    bool underline = false;
    bool inverse = false;
    bool concealed = false;
    bool strikeout = false;
    bool isDefault() const { return *this == AnsiStyle{}; }
    bool operator==(const AnsiStyle &) const = default;
};

/// An escape sequence at the start of some bytes. An ESC always starts a new sequence and a newline ends any, so the
/// meaning of an ESC never depends on what stood before it.
struct AnsiSequence
{
    enum class Kind { Sgr, EraseInLine, CursorColumn, Other };
    Kind kind = Kind::Other;
    QByteArrayView parameters; ///< between '[' and the final byte
    qsizetype length = 1;      ///< bytes to skip, the ESC included
};

inline constexpr char ansiEscape = '\x1b';

/// Reads the sequence of `bytes`, whose first byte is ESC. Incomplete and unknown ones give Other with their length.
AnsiSequence readAnsiSequence(QByteArrayView bytes);

/// Changes `style` by the parameters of an SGR sequence: 16, 256 and true colours, ';' and ':' forms.
void applySgr(QByteArrayView parameters, AnsiStyle &style);

/// Changes `style` as all SGR sequences in `bytes` (whole lines) do. Looks for the last full reset from the end, so the
/// usual log costs one search for ESC.
void advanceStyle(QByteArrayView bytes, AnsiStyle &style);

struct AnsiRun
{
    qsizetype start = 0; ///< UTF-16 units of AnsiLine::text
    qsizetype length = 0;
    AnsiStyle style;
    bool operator==(const AnsiRun &) const = default;
};

/// What a terminal would show of one line: no escape byte, "\r" overwritten, other control characters and invalid UTF-8
/// as U+FFFD (few fonts have the pictures of U+2400). Tabs stay.
struct AnsiLine
{
    QString text;
    QList<AnsiRun> runs;  ///< cover the text without gaps
    qsizetype cursor = 0; ///< where the next character would go, in UTF-16 units
    bool cut = false;     ///< the line had more bytes than were looked at
    bool operator==(const AnsiLine &) const = default;
};

/// Draws `line` (without its newline) starting in `style`. Looks at `maxBytes` at most; of a longer line with "\r" the
/// last ones, so that a long progress bar shows its end.
AnsiLine renderAnsiLine(QByteArrayView line, AnsiStyle style, qsizetype maxBytes = 64 * 1024);

/// Appends `bytes` without escape sequences to `plain`. Other control bytes stay.
void stripAnsi(QByteArrayView bytes, QByteArray &plain);

} // namespace danube::console
