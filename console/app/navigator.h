// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QTreeWidget;
class QTreeWidgetItem;

namespace danube::console {

class SavedViews;

/// The dock at the left: jobs with the saved views below, then every page of pages.h under its heading.
class Navigator : public QWidget
{
    Q_OBJECT
public:
    explicit Navigator(SavedViews &views, QWidget *parent = nullptr);
    QTreeWidget *tree() const { return m_tree; }
    void showPage(const QString &id); ///< marks it as the current one; empty = the jobs, unknown = none of these

signals:
    void jobsChosen(const QString &filter); ///< of a saved view; empty = all jobs
    void pageChosen(const QString &id);
    void viewRemovalWanted(const QString &name);

private:
    void build();
    void showViews();
    void openMenu(const QPoint &place);
    void choose(const QTreeWidgetItem *item);
    SavedViews &m_views;
    QTreeWidget *m_tree;
    QTreeWidgetItem *m_jobs;
};

} // namespace danube::console
