// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/secretvalue.h"

using namespace Qt::StringLiterals;

namespace danube::protocol {

Result<Secret> secretBody(const Secret &value)
{
    static constexpr char digits[] = "0123456789abcdef";
    if (value.isEmpty() || value.reveal().size() > longestSecret)
        return fail(ErrorCode::InvalidArgument,
                    u"the value has %1 bytes; expected 1 to %2"_s.arg(value.reveal().size()).arg(longestSecret));
    if (!value.reveal().isValidUtf8())
        return fail(ErrorCode::InvalidArgument, u"the value is no UTF-8 text: encode it first, as Base64"_s);
    QByteArray body = "{\"value\":\"";
    body.reserve(value.reveal().size() * 6 + 16); // never moves, so no copy stays behind
    for (const char c : value.reveal()) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            body.append('\\').append(c);
        else if (byte < 0x20)
            body.append("\\u00").append(digits[byte >> 4U]).append(digits[byte & 15U]);
        else
            body.append(c);
    }
    body.append("\"}");
    return Secret(std::move(body));
}

} // namespace danube::protocol
