// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include <QString>

namespace danube::guard {

/// The canonical form that shared/egress gives a name (lower case, no dot at the end); empty for what is no name, an
/// address among them.
std::string canonicalHostName(std::string_view name);

inline QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace danube::guard
