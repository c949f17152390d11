// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/nearest.h"

#include <array>

namespace danube::blueprint {
namespace {

constexpr qsizetype longest = 63;
constexpr qsizetype mostKnown = 1000;
constexpr int farAway = 3;

/// Damerau's distance of neighbours (optimal string alignment).
int distance(QStringView a, QStringView b)
{
    using Row = std::array<int, longest + 1>;
    Row before{};
    Row previous{};
    Row row{};
    for (qsizetype j = 0; j <= b.size(); ++j)
        previous[static_cast<size_t>(j)] = static_cast<int>(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        row[0] = static_cast<int>(i);
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const auto at = static_cast<size_t>(j);
            const int change = previous[at - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[at] = std::min({previous[at] + 1, row[at - 1] + 1, change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[at] = std::min(row[at], before[at - 2] + 1);
        }
        before = std::exchange(previous, row);
    }
    return previous[static_cast<size_t>(b.size())];
}

} // namespace

QString nearest(const QString &word, const QStringList &known)
{
    QString best;
    int bestDistance = std::min(farAway, static_cast<int>(word.size() / 2 + 1));
    if (word.size() > longest)
        return best;
    for (const QString &candidate : known.first(std::min(known.size(), mostKnown))) {
        if (candidate.size() > longest || std::abs(candidate.size() - word.size()) >= farAway)
            continue;
        if (const int far = distance(word, candidate); far < bestDistance) {
            bestDistance = far;
            best = candidate;
        }
    }
    return best;
}

} // namespace danube::blueprint
