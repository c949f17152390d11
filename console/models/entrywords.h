// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/egress/entry.h"
#include "shared/egress/linter.h"

#include <QStringList>

namespace danube::console {

/// What an allowlist's entry is, for people.
enum class EntryKind { Exact, OneLevel, AnyDepth, OtherPattern, MatchAll, InCluster, Invalid };
EntryKind kindOf(const QString &text, const egress::LintOptions &options);
QString kindWord(EntryKind kind); ///< "Exact name", "Wildcard, one level", ...

/// An entry in words, with names that show where it ends. Examples are computed by the matcher, never claimed.
struct EntryWords
{
    EntryKind kind = EntryKind::Invalid;
    QString meaning;        ///< one sentence
    QStringList matches;    ///< at most two "host:port"
    QStringList mismatches; ///< at most two
    bool operator==(const EntryWords &) const = default;
};
EntryWords wordsOf(const QString &text, const egress::LintOptions &options);

/// The linter's severity as a word.
QString severityWord(egress::Severity severity);

} // namespace danube::console
