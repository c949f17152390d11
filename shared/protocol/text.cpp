// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/text.h"

#include <QStringDecoder>

namespace danube::protocol {

QString textOf(QByteArrayView bytes)
{
    QStringDecoder decoder(QStringDecoder::Utf8,
                           QStringDecoder::Flag::Stateless | QStringDecoder::Flag::ConvertInitialBom);
    return decoder(bytes);
}

bool isExactText(QByteArrayView bytes)
{
    return QUtf8StringView(bytes).isValidUtf8();
}

void appendJsonEscaped(QByteArray &out, QByteArrayView utf8)
{
    static constexpr char hex[] = "0123456789abcdef";
    qsizetype plainStart = 0;
    for (qsizetype i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        out.append(utf8.sliced(plainStart, i - plainStart));
        plainStart = i + 1;
        if (byte == '"' || byte == '\\')
            out.append('\\').append(static_cast<char>(byte));
        else
            out.append("\\u00").append(hex[byte >> 4]).append(hex[byte & 15]);
    }
    out.append(utf8.sliced(plainStart));
}

} // namespace danube::protocol
