// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/masterspage.h"

#include "console/app/icons.h"
#include "console/app/mastersactions.h"
#include "console/app/masterslist.h"

#include <QVBoxLayout>

namespace danube::console {

MastersPage::MastersPage(const PageContext &context, QWidget *parent)
    : Page(parent),
      m_does(context.mastersActions),
      m_list(new MastersList(context.profiles, context.actions, context.colors, this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_list);
    setFocusProxy(m_list);
    connect(m_list, &MastersList::selectionChanged, this, &Page::changed);
    connect(m_list, &MastersList::connectWanted, &m_does, &MastersActions::connectTo);
}

QIcon MastersPage::tabIcon() const
{
    return icon(QStringLiteral("masters"));
}

void MastersPage::setColors(const ThemeColors &colors)
{
    m_list->setColors(colors);
}

std::optional<ActionState> MastersPage::actionState(const QString &id) const
{
    return MastersActions::stateOf(id, m_list->selectedUrls());
}

void MastersPage::trigger(const QString &id)
{
    m_does.trigger(id, m_list->selectedUrls());
}

} // namespace danube::console
