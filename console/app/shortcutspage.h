// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"

namespace danube::console {

/// Shortcuts as a tab of their own, for Help.
class ShortcutsPage : public Page
{
    Q_OBJECT
public:
    explicit ShortcutsPage(const PageContext &context, QWidget *parent = nullptr);
    QString title() const override { return tr("Shortcuts"); }
    QIcon tabIcon() const override;
};

} // namespace danube::console
