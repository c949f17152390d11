// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/activitypage.h"

#include "console/app/activityview.h"
#include "console/app/icons.h"
#include "console/controllers/masters.h"

#include <QVBoxLayout>

namespace danube::console {

ActivityPage::ActivityPage(const PageContext &context, QWidget *parent)
    : Page(parent), m_view(new ActivityView(*context.masters.activity(), context.colors, this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_view);
    setFocusProxy(m_view);
}

QIcon ActivityPage::tabIcon() const
{
    return icon(QStringLiteral("activity"));
}

void ActivityPage::setColors(const ThemeColors &colors)
{
    m_view->setColors(colors);
}

} // namespace danube::console
