// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/textedit.h"

#include <QStringList>

namespace danube::console {

/// The one replaced range between two texts, without what is the same in front and behind. Never begins or ends inside
/// of a UTF-8 sequence. An empty edit when they are equal.
blueprint::TextEdit editBetween(const QByteArray &before, const QByteArray &after);
/// The same of texts as an editor has them.
struct TextChange
{
    qsizetype position = 0;
    qsizetype length = 0;
    QString replacement;
};
TextChange changeBetween(const QString &before, const QString &after);

struct DiffLine
{
    enum class Kind { Same, Removed, Added };
    Kind kind = Kind::Same;
    QString text; ///< without line end
    bool operator==(const DiffLine &) const = default;
};

/// The lines of both texts, removed before added, with the fewest changes (Myers, "An O(ND) difference algorithm and
/// its variations"). Beyond 2 000 differences the rest is shown as one replaced block.
QList<DiffLine> diffLines(const QStringList &before, const QStringList &after);
QStringList linesOf(const QByteArray &text); ///< LF or CRLF; a final line end makes no line of its own

} // namespace danube::console
