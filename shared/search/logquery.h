// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace danube::search {

/// What to look for in a log.
struct LogQuery
{
    enum class Syntax { Literal, Regex };
    enum class Case { Ignore, Respect };
    enum class Words { Any, Whole };
    QString text;
    Syntax syntax = Syntax::Literal;
    Case letters = Case::Ignore;
    Words words = Words::Any;
    bool operator==(const LogQuery &) const = default;

    /// Whether characters beyond ASCII can play a part. The bytes of a literal ASCII text mean the same with and
    /// without UTF-8.
    bool needsUnicode() const
    {
        const bool ascii = std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() < 0x80; });
        return syntax == Syntax::Regex || words == Words::Whole || !ascii;
    }
};

} // namespace danube::search
