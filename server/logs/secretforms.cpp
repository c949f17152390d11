// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/secretforms.h"

#include <QSet>
#include <QStringDecoder>

namespace danube::logs {
namespace {

constexpr qsizetype shortestLine = 8; // of a value of several lines: "}" or "end" are no secrets

using Forms = QSet<QByteArray>;

void addBase64(Forms &forms, const QByteArray &value)
{
    // `lead` unknown bytes before the value touch this many characters; so do the bits left over at its end.
    constexpr qsizetype touched[] = {0, 2, 3};
    for (const auto alphabet : {QByteArray::Base64Encoding, QByteArray::Base64UrlEncoding}) {
        for (qsizetype lead = 0; lead < 3; ++lead) {
            const QByteArray encoded =
                (QByteArray(lead, '\0') + value).toBase64(alphabet | QByteArray::OmitTrailingEquals);
            const qsizetype whole = (lead + value.size()) * 8 / 6;
            forms.insert(encoded.first(whole).sliced(touched[lead]));
            for (const qsizetype columns : {64, 76}) {
                for (qsizetype at = 0; lead == 0 && whole > columns && at < whole; at += columns)
                    forms.insert(encoded.sliced(at, std::min(columns, whole - at)));
            }
        }
    }
}

QByteArray percentEncoded(const QByteArray &value, QByteArrayView keep, bool plusForBlank)
{
    QByteArray encoded = value.toPercentEncoding(keep.toByteArray());
    if (plusForBlank)
        encoded.replace("%20", "+");
    return encoded;
}

QByteArray withLowerCaseEscapes(QByteArray encoded)
{
    for (qsizetype i = encoded.indexOf('%'); i >= 0 && i + 2 < encoded.size(); i = encoded.indexOf('%', i + 3))
        encoded.replace(i, 3, encoded.sliced(i, 3).toLower());
    return encoded;
}

QByteArray unicodeEscape(char16_t unit)
{
    return "\\u" + QByteArray::number(static_cast<uint>(unit), 16).rightJustified(4, '0');
}

QByteArray jsonByte(char byte)
{
    switch (byte) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    case '\b':
        return "\\b";
    case '\f':
        return "\\f";
    default:
        break;
    }
    const auto unit = static_cast<unsigned char>(byte);
    return unit < 0x20 ? unicodeEscape(unit) : QByteArray(1, byte);
}

void addJson(Forms &forms, const QByteArray &value)
{
    QByteArray escaped;
    for (const char byte : value)
        escaped += jsonByte(byte);
    forms.insert(escaped);
    forms.insert(QByteArray(escaped).replace('/', "\\/"));
    QStringDecoder decode(QStringDecoder::Utf8);
    const QString text = decode(escaped);
    if (decode.hasError())
        return;
    QByteArray ascii; // as Python's json.dumps writes it
    for (const QChar unit : text)
        ascii += unit.unicode() < 0x80 ? QByteArray(1, unit.toLatin1()) : unicodeEscape(unit.unicode());
    forms.insert(ascii);
}

void addEncodings(Forms &forms, const QByteArray &value)
{
    addBase64(forms, value);
    forms.insert(value.toHex());
    forms.insert(value.toHex().toUpper());
    for (const QByteArrayView keep : {QByteArrayView(""), QByteArrayView("!'()*"), QByteArrayView("/")}) {
        for (const bool plusForBlank : {false, true}) {
            const QByteArray encoded = percentEncoded(value, keep, plusForBlank);
            forms.insert(encoded);
            forms.insert(withLowerCaseEscapes(encoded));
        }
    }
    addJson(forms, value);
}

QList<QByteArray> linesOf(const QByteArray &value, qsizetype shortest)
{
    QList<QByteArray> lines;
    for (const QByteArray &line : value.split('\n')) {
        if (line.trimmed().size() >= shortest)
            lines.append(line.trimmed());
    }
    return lines;
}

} // namespace

QList<QByteArray> secretForms(QByteArrayView secret)
{
    const QByteArray value = secret.trimmed().toByteArray();
    if (value.size() < shortestSecret)
        return {};
    Forms forms;
    QList<QByteArray> lines = linesOf(value, value.contains('\n') ? shortestLine : shortestSecret);
    if (lines.isEmpty())
        lines = linesOf(value, shortestSecret);
    for (const QByteArray &line : std::as_const(lines)) {
        forms.insert(line);
        addEncodings(forms, line);
    }
    addEncodings(forms, value);
    Forms pieces;
    for (const QByteArray &form : std::as_const(forms)) {
        if (form.size() < shortestSecret || form.contains('\n'))
            continue;
        for (qsizetype at = 0; at + longestForm < form.size(); at += longestForm)
            pieces.insert(form.sliced(at, longestForm));
        pieces.insert(form.last(std::min(longestForm, form.size())));
    }
    QList<QByteArray> kept = pieces.values();
    std::ranges::sort(kept);
    return kept;
}

} // namespace danube::logs
