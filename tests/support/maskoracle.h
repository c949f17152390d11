// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

#include <algorithm>
#include <vector>

namespace danube::tests {

/// Masks as the words say: every byte inside an occurrence of a pattern is covered, each covered run shows as ***.
inline QByteArray maskedNaively(QByteArrayView text, const QList<QByteArray> &patterns)
{
    std::vector<bool> covered(static_cast<size_t>(text.size()));
    for (const QByteArray &pattern : patterns) {
        for (qsizetype at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + 1))
            std::fill_n(covered.begin() + at, pattern.size(), true);
    }
    QByteArray masked;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (!covered[static_cast<size_t>(i)])
            masked += text[i];
        else if (i == 0 || !covered[static_cast<size_t>(i) - 1])
            masked += "***";
    }
    return masked;
}

} // namespace danube::tests
