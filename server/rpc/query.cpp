// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/query.h"

#include <QStringConverter>

#include <algorithm>
#include <cctype>
#include <optional>

using namespace Qt::StringLiterals;

namespace danube::rpc {
namespace {

bool isEscape(QByteArrayView text)
{
    return text.size() >= 3 && std::isxdigit(static_cast<unsigned char>(text[1])) &&
           std::isxdigit(static_cast<unsigned char>(text[2]));
}

std::optional<QString> decode(QByteArrayView text)
{
    QByteArray bytes;
    while (!text.isEmpty()) {
        const bool escaped = text.front() == '%';
        if (escaped && !isEscape(text))
            return std::nullopt;
        bytes += escaped ? QByteArray::fromHex(text.sliced(1, 2).toByteArray()) : QByteArray(1, text.front());
        text = text.sliced(escaped ? 3 : 1);
    }
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    QString decoded = decoder(bytes);
    return decoder.hasError() ? std::nullopt : std::optional(std::move(decoded));
}

} // namespace

Result<QMap<QString, QString>> parseQuery(QByteArrayView query, std::span<const QLatin1StringView> known)
{
    QMap<QString, QString> values;
    while (!query.isEmpty()) {
        const auto end = query.indexOf('&');
        const auto pair = end < 0 ? query : query.first(end);
        query = end < 0 ? QByteArrayView() : query.sliced(end + 1);
        const auto equals = pair.indexOf('=');
        const auto name = decode(equals < 0 ? pair : pair.first(equals));
        const auto value = decode(equals < 0 ? QByteArrayView() : pair.sliced(equals + 1));
        if (!name || !value)
            return fail(ErrorCode::InvalidArgument,
                        u"query parameter '%1': not percent-encoded UTF-8"_s.arg(
                            QString::fromLatin1(pair.first(std::min(pair.size(), qsizetype(40))))));
        if (std::ranges::none_of(known, [&](QLatin1StringView k) { return *name == k; }))
            return fail(ErrorCode::InvalidArgument, u"%1: unknown query parameter"_s.arg(name->left(40)));
        if (values.contains(*name))
            return fail(ErrorCode::InvalidArgument, u"%1: query parameter given twice"_s.arg(*name));
        values.insert(*name, *value);
    }
    return values;
}

} // namespace danube::rpc
