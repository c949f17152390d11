// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/delegates.h"

namespace danube::console {

/// The last durations of a job's pipeline as small bars, the newest at the right, each in its state's colour; the job's
/// own bar is the full one; without a job all are. What the bars say is in the cell's tooltip and accessible text.
class SparklineDelegate : public ColorDelegate
{
    Q_OBJECT
public:
    using ColorDelegate::ColorDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    static constexpr int barWidth = 4;
    static constexpr int gap = 1;
    static constexpr int widthOf(int bars) { return bars * (barWidth + gap) + 14; } ///< of a column for so many
};

} // namespace danube::console
