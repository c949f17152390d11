// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/delegates.h"
#include "console/controllers/profile.h"

namespace danube::console {

QColor kindColor(const ThemeColors &colors, ProfileKind kind);

/// The Masters table: a kind's word in its colour, and the connection's word in the colour of its state.
class KindDelegate : public ColorDelegate
{
    Q_OBJECT
public:
    using ColorDelegate::ColorDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

} // namespace danube::console
