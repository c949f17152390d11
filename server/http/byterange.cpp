// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/byterange.h"

#include <algorithm>

namespace danube::http {
namespace {

constexpr QByteArrayView unit("bytes=");

/// Decimal digits only, at most 18.
std::optional<qint64> number(QByteArrayView text)
{
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.isEmpty() || text.size() > 18 || !std::ranges::all_of(text, isDigit))
        return std::nullopt;
    return text.toLongLong();
}

} // namespace

RangeAnswer answerRange(QByteArrayView header, qint64 size)
{
    const RangeAnswer whole{RangeAnswer::Kind::Whole, {0, size}};
    const RangeAnswer unsatisfiable{RangeAnswer::Kind::Unsatisfiable, {}};
    if (!header.startsWith(unit))
        return whole;
    const auto spec = header.sliced(unit.size()).trimmed();
    const auto dash = spec.indexOf('-');
    if (dash < 0)
        return whole;
    const auto firstText = spec.first(dash);
    const auto lastText = spec.sliced(dash + 1);
    const auto first = number(firstText);
    const auto last = number(lastText);
    if (firstText.isEmpty()) { // the last n bytes
        if (!last)
            return whole;
        const qint64 length = std::min(*last, size);
        return length == 0 ? unsatisfiable : RangeAnswer{RangeAnswer::Kind::Part, {size - length, length}};
    }
    if (!first || (!lastText.isEmpty() && (!last || *last < *first)))
        return whole;
    if (*first >= size)
        return unsatisfiable;
    const qint64 end = lastText.isEmpty() ? size : std::min(*last + 1, size);
    return {RangeAnswer::Kind::Part, {*first, end - *first}};
}

} // namespace danube::http
