// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"

namespace danube::console {

class ActivityView;

/// The event list as a tab, for reading at length; the dock shows the same rows.
class ActivityPage : public Page
{
    Q_OBJECT
public:
    explicit ActivityPage(const PageContext &context, QWidget *parent = nullptr);
    QString title() const override { return tr("Activity"); }
    QIcon tabIcon() const override;
    void setColors(const ThemeColors &colors) override;

private:
    ActivityView *m_view;
};

} // namespace danube::console
