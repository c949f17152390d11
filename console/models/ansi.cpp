// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/ansi.h"

#include <QVarLengthArray>

#include <cstring>

namespace danube::console {

namespace {

constexpr qsizetype longestString = 4096; // an unterminated OSC must not swallow a log

constexpr bool isBetween(char byte, uint8_t low, uint8_t high)
{
    return uint8_t(byte) >= low && uint8_t(byte) <= high;
}

AnsiSequence readControlSequence(QByteArrayView bytes)
{
    qsizetype end = 2;
    while (end < bytes.size() && isBetween(bytes[end], 0x30, 0x3f))
        ++end;
    const QByteArrayView parameters = bytes.sliced(2, end - 2);
    const qsizetype intermediates = end;
    while (end < bytes.size() && isBetween(bytes[end], 0x20, 0x2f))
        ++end;
    if (end == bytes.size() || !isBetween(bytes[end], 0x40, 0x7e))
        return {AnsiSequence::Kind::Other, {}, end};
    const bool isPrivate = !parameters.isEmpty() && isBetween(parameters.front(), 0x3c, 0x3f);
    auto kind = AnsiSequence::Kind::Other;
    if (intermediates == end && !isPrivate) {
        if (bytes[end] == 'm')
            kind = AnsiSequence::Kind::Sgr;
        else if (bytes[end] == 'K')
            kind = AnsiSequence::Kind::EraseInLine;
        else if (bytes[end] == 'G')
            kind = AnsiSequence::Kind::CursorColumn;
    }
    return {kind, parameters, end + 1};
}

// OSC, DCS, SOS, PM, APC: text up to BEL or ST.
AnsiSequence readStringSequence(QByteArrayView bytes)
{
    const qsizetype limit = std::min(bytes.size(), longestString);
    for (qsizetype i = 2; i < limit; ++i) {
        if (bytes[i] == '\a')
            return {AnsiSequence::Kind::Other, {}, i + 1};
        if (bytes[i] == '\n')
            return {AnsiSequence::Kind::Other, {}, i};
        if (bytes[i] == ansiEscape)
            return {AnsiSequence::Kind::Other, {}, i + 1 < bytes.size() && bytes[i + 1] == '\\' ? i + 2 : i};
    }
    return {AnsiSequence::Kind::Other, {}, limit < bytes.size() ? 2 : limit};
}

// The sub-parameters of one SGR sequence; an empty one counts as 0.
struct SgrParameters
{
    struct Value
    {
        uint32_t number;
        bool colonBefore;
    };
    QVarLengthArray<Value, 16> values;

    explicit SgrParameters(QByteArrayView text)
    {
        uint32_t number = 0;
        bool colon = false;
        for (const char byte : text) {
            if (isBetween(byte, '0', '9')) {
                number = std::min<uint32_t>(number * 10 + uint32_t(byte - '0'), 100'000);
                continue;
            }
            values.append({number, colon});
            number = 0;
            colon = byte == ':';
        }
        values.append({number, colon});
    }
    uint32_t at(qsizetype i) const { return i < values.size() ? values[i].number : 0; }
    bool isColon(qsizetype i) const { return i < values.size() && values[i].colonBefore; }
    qsizetype colonEnd(qsizetype i) const
    {
        while (isColon(i))
            ++i;
        return i;
    }
};

AnsiColor indexed(uint32_t index)
{
    return {AnsiColor::Kind::Indexed, std::min<uint32_t>(index, 255)};
}

AnsiColor rgb(const SgrParameters &parameters, qsizetype first)
{
    uint32_t value = 0;
    for (qsizetype i = first; i < first + 3; ++i)
        value = value << 8 | std::min<uint32_t>(parameters.at(i), 255);
    return {AnsiColor::Kind::Rgb, value};
}

// Reads "38;5;n", "38;2;r;g;b", "38:5:n", "38:2:r:g:b" or "38:2:<space>:r:g:b" whose first value is at `i`; gives the
// next one.
qsizetype readExtendedColor(const SgrParameters &parameters, qsizetype i, AnsiColor *color)
{
    const bool colons = parameters.isColon(i + 1);
    const qsizetype end = colons ? parameters.colonEnd(i + 1) : parameters.values.size();
    const uint32_t form = parameters.at(i + 1);
    if (form == 5 && i + 2 < end) {
        *color = indexed(parameters.at(i + 2));
        return colons ? end : i + 3;
    }
    if (form == 2 && i + 4 < end) {
        *color = rgb(parameters, colons && end - i >= 6 ? i + 3 : i + 2);
        return colons ? end : i + 5;
    }
    return colons ? end : parameters.values.size(); // nobody can say where the rest begins
}

void applyAttribute(uint32_t code, AnsiStyle &style)
{
    switch (code) {
    case 0:
        style = {};
        break;
    case 1:
        style.bold = true;
        break;
    case 2:
        style.faint = true;
        break;
    case 3:
        style.italic = true;
        break;
    case 4:
    case 21:
        style.underline = true;
        break;
    case 7:
        style.inverse = true;
        break;
    case 8:
        style.concealed = true;
        break;
    case 9:
        style.strikeout = true;
        break;
    case 22:
        style.bold = style.faint = false;
        break;
    case 23:
        style.italic = false;
        break;
    case 24:
        style.underline = false;
        break;
    case 27:
        style.inverse = false;
        break;
    case 28:
        style.concealed = false;
        break;
    case 29:
        style.strikeout = false;
        break;
    case 39:
        style.foreground = {};
        break;
    case 49:
        style.background = {};
        break;
    default:
        if (code >= 30 && code <= 37)
            style.foreground = indexed(code - 30);
        else if (code >= 40 && code <= 47)
            style.background = indexed(code - 40);
        else if (code >= 90 && code <= 97)
            style.foreground = indexed(code - 90 + 8);
        else if (code >= 100 && code <= 107)
            style.background = indexed(code - 100 + 8);
    }
}

bool startsWithReset(QByteArrayView parameters)
{
    for (const char byte : parameters) {
        if (byte == ';')
            return true;
        if (byte != '0')
            return false;
    }
    return true;
}

} // namespace

AnsiSequence readAnsiSequence(QByteArrayView bytes)
{
    if (bytes.size() < 2)
        return {AnsiSequence::Kind::Other, {}, bytes.size()};
    switch (bytes[1]) {
    case '[':
        return readControlSequence(bytes);
    case ']':
    case 'P':
    case 'X':
    case '^':
    case '_':
        return readStringSequence(bytes);
    default:
        break;
    }
    qsizetype end = 1;
    while (end < bytes.size() && isBetween(bytes[end], 0x20, 0x2f))
        ++end;
    const bool complete = end < bytes.size() && isBetween(bytes[end], 0x30, 0x7e);
    return {AnsiSequence::Kind::Other, {}, complete ? end + 1 : end};
}

void applySgr(QByteArrayView parameters, AnsiStyle &style)
{
    const SgrParameters list(parameters);
    for (qsizetype i = 0; i < list.values.size();) {
        const uint32_t code = list.at(i);
        AnsiColor ignored;
        if (code == 38) {
            i = readExtendedColor(list, i, &style.foreground);
        } else if (code == 48) {
            i = readExtendedColor(list, i, &style.background);
        } else if (code == 58) {
            i = readExtendedColor(list, i, &ignored);
        } else if (code == 4 && list.isColon(i + 1)) {
            style.underline = list.at(i + 1) != 0;
            i = list.colonEnd(i + 1);
        } else {
            applyAttribute(code, style);
            i = list.colonEnd(i + 1);
        }
    }
}

void advanceStyle(QByteArrayView bytes, AnsiStyle &style)
{
    qsizetype start = bytes.size();
    for (qsizetype end = bytes.size(); end > 0;) {
        const void *found = memrchr(bytes.data(), ansiEscape, size_t(end));
        if (!found)
            break;
        start = static_cast<const char *>(found) - bytes.data();
        const AnsiSequence sequence = readAnsiSequence(bytes.sliced(start));
        if (sequence.kind == AnsiSequence::Kind::Sgr && startsWithReset(sequence.parameters))
            break;
        end = start;
    }
    while (start < bytes.size()) {
        const AnsiSequence sequence = readAnsiSequence(bytes.sliced(start));
        if (sequence.kind == AnsiSequence::Kind::Sgr)
            applySgr(sequence.parameters, style);
        start += sequence.length;
        const void *next =
            start < bytes.size() ? memchr(bytes.data() + start, ansiEscape, size_t(bytes.size() - start)) : nullptr;
        start = next ? static_cast<const char *>(next) - bytes.data() : bytes.size();
    }
}

void stripAnsi(QByteArrayView bytes, QByteArray &plain)
{
    qsizetype from = 0;
    while (from < bytes.size()) {
        const void *found = memchr(bytes.data() + from, ansiEscape, size_t(bytes.size() - from));
        const qsizetype escape = found ? static_cast<const char *>(found) - bytes.data() : bytes.size();
        plain.append(bytes.sliced(from, escape - from));
        from = found ? escape + readAnsiSequence(bytes.sliced(escape)).length : escape;
    }
}

} // namespace danube::console
