// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/navigator.h"

#include "console/app/icons.h"
#include "console/app/pages.h"
#include "console/app/translations.h"
#include "console/controllers/savedviews.h"

#include <QCoreApplication>
#include <QMenu>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

enum Role { PageRole = Qt::UserRole, FilterRole, OwnViewRole };

} // namespace

Navigator::Navigator(SavedViews &views, QWidget *parent)
    : QWidget(parent), m_views(views), m_tree(new QTreeWidget(this))
{
    setMinimumWidth(fontMetrics().averageCharWidth() * 24);
    m_tree->setHeaderHidden(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setAccessibleName(tr("Navigator"));
    m_tree->setIndentation(fontMetrics().height());
    m_tree->setUniformRowHeights(true);
    m_tree->setRootIsDecorated(false);
    m_tree->setExpandsOnDoubleClick(false);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->setIconSize({16, 16});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->addWidget(m_tree);
    setFocusProxy(m_tree);
    build();
    connect(&m_views, &SavedViews::changed, this, &Navigator::showViews);
    connect(m_tree, &QTreeWidget::itemClicked, this, &Navigator::choose);
    connect(m_tree, &QTreeWidget::itemActivated, this, &Navigator::choose);
    connect(m_tree, &QWidget::customContextMenuRequested, this, &Navigator::openMenu);
}

void Navigator::build()
{
    m_jobs = new QTreeWidgetItem(m_tree, {tr("Jobs")});
    m_jobs->setIcon(0, icon(u"jobs"_s));
    m_jobs->setData(0, FilterRole, QString());
    QHash<QString, QTreeWidgetItem *> groups;
    for (const PageSpec &spec : pageSpecs()) {
        if (!spec.inNavigator)
            continue;
        QTreeWidgetItem *heading = nullptr;
        if (*spec.group) {
            QTreeWidgetItem *&known = groups[QLatin1StringView(spec.group)];
            if (!known) {
                known = new QTreeWidgetItem(m_tree, {QCoreApplication::translate(tableContext, spec.group)});
                known->setFlags(Qt::ItemIsEnabled);
                known->setIcon(0, icon(u"blueprint"_s));
            }
            heading = known;
        }
        auto *item = heading ? new QTreeWidgetItem(heading) : new QTreeWidgetItem(m_tree);
        item->setText(0, pageTitle(spec));
        item->setData(0, PageRole, QLatin1StringView(spec.id));
        item->setIcon(0, icon(QString::fromLatin1(spec.icon)));
    }
    showViews();
    m_tree->expandAll();
    m_tree->setCurrentItem(m_jobs);
}

void Navigator::showPage(const QString &id)
{
    QTreeWidgetItem *shown = id.isEmpty() ? m_jobs : nullptr;
    for (QTreeWidgetItemIterator it(m_tree); *it && !shown; ++it) {
        if ((*it)->data(0, PageRole).toString() == id)
            shown = *it;
    }
    const QTreeWidgetItem *current = m_tree->currentItem();
    if (shown == m_jobs && current && current->parent() == m_jobs)
        return; // one of its views
    m_tree->setCurrentItem(shown);
}

void Navigator::showViews()
{
    qDeleteAll(m_jobs->takeChildren());
    for (const SavedView &view : m_views.all()) {
        auto *item = new QTreeWidgetItem(m_jobs, {view.name});
        item->setData(0, FilterRole, view.filter);
        item->setData(0, OwnViewRole, !view.builtIn);
        item->setToolTip(0, view.filter);
    }
    m_jobs->setExpanded(true);
}

void Navigator::choose(const QTreeWidgetItem *item)
{
    if (const QString page = item->data(0, PageRole).toString(); !page.isEmpty())
        emit pageChosen(page);
    else if (item->data(0, FilterRole).isValid())
        emit jobsChosen(item->data(0, FilterRole).toString());
}

void Navigator::openMenu(const QPoint &place)
{
    const QTreeWidgetItem *item = m_tree->itemAt(place);
    if (!item || !item->data(0, OwnViewRole).toBool())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString name = item->text(0);
    connect(menu->addAction(tr("&Remove view")), &QAction::triggered, this,
            [this, name] { emit viewRemovalWanted(name); });
    menu->popup(m_tree->viewport()->mapToGlobal(place));
}

} // namespace danube::console
