// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/bytecount.h"

#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace danube {
namespace {

struct Unit
{
    QLatin1StringView name;
    double factor;
};

constexpr std::array units{
    Unit{""_L1, 1},         Unit{"b"_L1, 1},    Unit{"kib"_L1, 0x1p10}, Unit{"mib"_L1, 0x1p20}, Unit{"gib"_L1, 0x1p30},
    Unit{"tib"_L1, 0x1p40}, Unit{"kb"_L1, 1e3}, Unit{"mb"_L1, 1e6},     Unit{"gb"_L1, 1e9},     Unit{"tb"_L1, 1e12}};

} // namespace

Result<ByteCount> parseByteCount(const QString &text)
{
    const QString trimmed = text.trimmed().toLower();
    const auto isNumber = [](QChar c) { return c.isDigit() || c == u'.'; };
    const auto unitStart = std::ranges::find_if_not(trimmed, isNumber) - trimmed.begin();
    bool ok = false;
    const double number = trimmed.left(unitStart).toDouble(&ok);
    const QString unitName = trimmed.mid(unitStart).trimmed();
    const auto unit = std::ranges::find_if(units, [&](const Unit &u) { return unitName == u.name; });
    if (!ok || unit == units.end() || number * unit->factor >= 0x1p62)
        return fail(ErrorCode::InvalidArgument, u"'%1' is no byte count (expected for example \"2 GiB\")"_s.arg(text));
    return ByteCount(static_cast<int64_t>(std::llround(number * unit->factor)));
}

QString toText(ByteCount count)
{
    static constexpr std::array names{"B", "KiB", "MiB", "GiB", "TiB"};
    auto value = static_cast<double>(toInt(count));
    size_t unit = 0;
    while (std::abs(value) >= 1024 && unit + 1 < names.size()) {
        value /= 1024;
        ++unit;
    }
    const bool whole = unit == 0 || value == std::floor(value);
    return QString::number(value, 'f', whole ? 0 : 1) + u' ' + QLatin1StringView(names[unit]);
}

} // namespace danube
