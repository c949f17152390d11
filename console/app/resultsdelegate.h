// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/delegates.h"
#include "shared/model/lifecycle.h"

namespace danube::console {

/// The last results of a pipeline as a win-loss strip, the newest at the right: success stands above the middle,
/// failure below it, cancelled on it, so that it can be read without colours. In words in the cell's tooltip and
/// accessible text.
class ResultsDelegate : public ColorDelegate
{
    Q_OBJECT
public:
    using ColorDelegate::ColorDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

/// Where one result is drawn in a column of the strip.
QRect resultBar(JobState state, const QRect &column);

} // namespace danube::console
