// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/nearest.h"

#include <array>

namespace danube::blueprint {
namespace {

constexpr qsizetype longest = 63;
constexpr qsizetype mostKnown = 1000;
constexpr int farAway = 3;

/// Damerau's distance of neighbours (optimal string alignment) of texts whose lengths differ by less than farAway;
/// farAway when it is that or more. So nothing is looked at that lies farther from the diagonal.
int distance(QStringView a, QStringView b)
{
    using Row = std::array<int, longest + 2>;
    constexpr qsizetype band = farAway - 1;
    std::array<Row, 3> rows; // of i, i - 1 and i - 2
    for (qsizetype j = 0; j <= b.size(); ++j)
        rows[0][static_cast<size_t>(j)] = static_cast<int>(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        Row &row = rows[static_cast<size_t>(i % 3)];
        const Row &previous = rows[static_cast<size_t>((i + 2) % 3)];
        const Row &before = rows[static_cast<size_t>((i + 1) % 3)];
        const auto from = std::max<qsizetype>(1, i - band);
        const auto to = std::min(b.size(), i + band);
        row[static_cast<size_t>(from - 1)] = from == 1 ? static_cast<int>(i) : farAway;
        row[static_cast<size_t>(to + 1)] = farAway;
        for (qsizetype j = from; j <= to; ++j) {
            const auto at = static_cast<size_t>(j);
            const int change = previous[at - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[at] = std::min({previous[at] + 1, row[at - 1] + 1, change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[at] = std::min(row[at], before[at - 2] + 1);
        }
    }
    return std::min(farAway, rows[static_cast<size_t>(a.size() % 3)][static_cast<size_t>(b.size())]);
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
