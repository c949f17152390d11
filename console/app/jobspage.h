// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/delegates.h"
#include "console/app/filterline.h"
#include "console/app/sparkline.h"
#include "console/models/jobfilter.h"
#include "console/models/jobtablemodel.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QMenu;
class QTableView;
class QToolButton;

namespace danube::console {

class JobStandings;
class MessageBar;
class SavedViews;

/// The job table of one master with its filter line. Rows never move while somebody looks at one of them: new jobs wait
/// behind the "new" button then.
class JobsPage : public QWidget
{
    Q_OBJECT
public:
    /// `jobs` has the columns and roles of JobTableModel; `several`: of more than one master.
    JobsPage(QAbstractItemModel &jobs, bool several, const Clock &clock, const ThemeColors &colors,
             QWidget *parent = nullptr);

    QTableView *table() const { return m_table; }
    void setViews(SavedViews &views);                 ///< to choose one, and to save the line as one
    void setStandings(const JobStandings &standings); ///< for is:mine and is:watched
    /// Saves the line under that name; false: refused, and why is shown.
    bool saveView(const QString &name);
    QToolButton *viewsButton() const { return m_viewsButton; }
    QString filterProblem() const; ///< what is shown about the line; empty = it is understood
    FilterLine *filterLine() const { return m_filterLine; }
    QToolButton *newJobsButton() const { return m_newJobs; }
    MessageBar *messages() const { return m_messages; }
    QList<JobId> selectedJobs() const;
    QList<std::pair<QString, JobId>> selectedKeys() const; ///< each with its master's URL
    QString summary() const;                               ///< "3 of 10 000 jobs, 2 selected"
    void setColors(const ThemeColors &colors);
    void setEmptyText(const QString &text); ///< shown while the master has no jobs

signals:
    void jobActivated(const danube::JobId &job, const QString &masterUrl);
    void selectionChanged(); ///< or the counts of summary()

private:
    void buildTable();
    void applyFilter();
    void offerValues();
    void fillViews();
    void askForName();
    void holdOrRelease();
    void showNewJobs();
    void showEmptyState();
    QString emptyText() const;
    void repaintClocks();

    QAbstractItemModel &m_jobs;
    JobFilter m_filter;
    FilterLine *m_filterLine;
    QToolButton *m_viewsButton;
    QMenu *m_viewsMenu;
    SavedViews *m_views = nullptr;
    const JobStandings *m_standings = nullptr;
    QLabel *m_filterProblem;
    QToolButton *m_newJobs;
    QTableView *m_table;
    QLabel *m_empty;
    MessageBar *m_messages;
    StateDelegate m_states;
    SparklineDelegate m_trends;
    AsOfDelegate m_clocks;
    QString m_emptyText;
    const ThemeColors *m_colors = &lightColors();
    QTimer m_second;
    QTimer m_typing;
};

} // namespace danube::console
