// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/shortcutspage.h"

#include "console/app/icons.h"
#include "console/app/shortcutsview.h"

#include <QTableView>
#include <QVBoxLayout>

namespace danube::console {

ShortcutsPage::ShortcutsPage(const PageContext &context, QWidget *parent) : Page(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    auto *view = new ShortcutsView(context.actions, context.settings, this);
    layout->addWidget(view);
    setFocusProxy(view->table());
}

QIcon ShortcutsPage::tabIcon() const
{
    return icon(QStringLiteral("keyboard"));
}

} // namespace danube::console
