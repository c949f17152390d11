// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/masterslist.h"

#include "console/app/actionregistry.h"
#include "console/app/plainlabel.h"
#include "console/app/tablelook.h"
#include "console/app/toolbar.h"
#include "console/controllers/profilemodel.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

MastersList::MastersList(ProfileModel &profiles, const ActionRegistry &actions, const ThemeColors &colors,
                         QWidget *parent)
    : QWidget(parent),
      m_profiles(profiles),
      m_title(new QLabel(this)),
      m_text(new QLabel(this)),
      m_table(new QTableView(this)),
      m_add(new QToolButton(this)),
      m_first(new ToolBar(this)),
      m_all(new ToolBar(this))
{
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.4);
    m_title->setFont(large);
    m_text->setWordWrap(true);
    const auto fill = [&actions](ToolBar *bar, std::initializer_list<QLatin1StringView> ids) {
        for (const auto id : ids)
            bar->addAction(actions.action(id));
    };
    // They fold what a narrow window has no room for.
    fill(m_first, {"masters.import"_L1, "app.openFile"_L1});
    fill(m_all, {"masters.connect"_L1, "masters.edit"_L1, "masters.test"_L1, "masters.duplicate"_L1,
                 "masters.remove"_L1, "masters.import"_L1, "masters.export"_L1});
    // Not in the bar: it would lose the focus while the bar has no width yet.
    m_add->setDefaultAction(actions.action("masters.add"_L1));
    m_add->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_add->setFocusPolicy(Qt::StrongFocus);
    auto *row = new QHBoxLayout;
    row->addWidget(m_add);
    row->addWidget(m_first, 1);
    row->addWidget(m_all, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 14, 16, 12);
    layout->setSpacing(10);
    layout->addWidget(m_title);
    layout->addWidget(m_text);
    layout->addLayout(row);
    layout->addWidget(m_table, 1);
    layout->addStretch(0);
    buildTable();
    setColors(colors);
    connect(&m_profiles, &QAbstractItemModel::modelReset, this, &MastersList::showRows);
    showRows();
}

void MastersList::buildTable()
{
    m_table->setModel(&m_profiles);
    m_table->setItemDelegate(&m_kinds);
    dressTable(*m_table, tr("Masters"),
               {{ProfileModel::NameColumn, "a-name-of-a-master"},
                {ProfileModel::KindColumn, "Development M"},
                {ProfileModel::UrlColumn, ""},
                {ProfileModel::StateColumn, "Stale since 14:02:11"},
                {ProfileModel::IssuerColumn, "https://dex.example.org"},
                {ProfileModel::VersionColumn, "Not known"},
                {ProfileModel::SeenColumn, "2026-12-31 23:59:59"}});
    m_table->setFrameShape(QFrame::StyledPanel);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &MastersList::selectionChanged);
    connect(m_table, &QTableView::activated, this,
            [this](const QModelIndex &index) { emit connectWanted(index.data(ProfileModel::UrlRole).toString()); });
}

void MastersList::showRows()
{
    const bool none = m_profiles.rowCount() == 0;
    m_title->setText(none ? tr("Welcome to Danube") : tr("Masters"));
    m_text->setText(
        none ? tr("Add the master you work with to watch its jobs, or open a log file of this machine.")
             : tr("Choose a master to connect to. Addresses and names are kept in the settings, tokens never."));
    m_first->setVisible(none);
    m_all->setVisible(!none);
    m_table->setVisible(!none);
    setFocusProxy(none ? static_cast<QWidget *>(m_add) : m_table);
    if (!none && !m_table->selectionModel()->hasSelection())
        selectTableRow(*m_table, 0);
    emit selectionChanged();
}

QStringList MastersList::selectedUrls() const
{
    QStringList urls;
    for (const QModelIndex &index : m_table->selectionModel()->selectedRows())
        urls.append(index.data(ProfileModel::UrlRole).toString());
    return urls;
}

void MastersList::setColors(const ThemeColors &colors)
{
    m_kinds.setColors(colors);
    setTextColor(*m_text, colors.muted);
    m_table->viewport()->update();
}

} // namespace danube::console
