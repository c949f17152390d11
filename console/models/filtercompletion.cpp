// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/filtercompletion.h"

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

// As JobQuery reads them. State words are the ones people type; their translations are understood, too.
const QStringList &keys()
{
    static const QStringList keys{u"state:"_s,  u"branch:"_s, u"pipeline:"_s, u"trigger:"_s,
                                  u"commit:"_s, u"since:"_s,  u"is:"_s};
    return keys;
}

QStringList valuesOf(const QString &key, const FilterCompletion::Known &known)
{
    if (key == "state"_L1)
        return {u"failed"_s, u"running"_s, u"active"_s, u"queued"_s, u"succeeded"_s, u"cancelled"_s, u"timeout"_s};
    if (key == "since"_L1)
        return {u"30m"_s, u"2h"_s, u"24h"_s, u"7d"_s};
    if (key == "is"_L1)
        return {u"mine"_s, u"watched"_s};
    if (key == "branch"_L1)
        return known.branches;
    if (key == "pipeline"_L1)
        return known.pipelines;
    if (key == "trigger"_L1)
        return known.triggers;
    return {};
}

} // namespace

FilterCompletion FilterCompletion::of(const QString &line, qsizetype cursor, const Known &known)
{
    cursor = std::clamp<qsizetype>(cursor, 0, line.size());
    qsizetype start = cursor;
    while (start > 0 && !line[start - 1].isSpace())
        --start;
    qsizetype end = cursor;
    while (end < line.size() && !line[end].isSpace())
        ++end;
    FilterCompletion completion{start, end - start, {}};
    const QString typed = line.sliced(start, cursor - start);
    const qsizetype colon = typed.indexOf(u':');
    QStringList candidates = keys();
    if (colon >= 0) {
        const QString key = typed.first(colon).toLower();
        candidates = valuesOf(key, known);
        for (QString &value : candidates)
            value.prepend(key + u':');
    } else if (typed.isEmpty()) {
        return completion; // nothing is typed: nothing is in the way
    }
    for (const QString &candidate : std::as_const(candidates)) {
        const bool fits = candidate.startsWith(typed, Qt::CaseInsensitive) && candidate.size() > typed.size();
        if (fits && !candidate.contains(u' ') && completion.tokens.size() < most)
            completion.tokens.append(candidate);
    }
    return completion;
}

} // namespace danube::console
