// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/jobspage.h"

#include "console/app/filterline.h"
#include "console/app/icons.h"
#include "console/app/messagebar.h"
#include "console/app/plainlabel.h"
#include "console/app/tablelook.h"
#include "console/controllers/jobstandings.h"
#include "console/controllers/savedviews.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QScrollBar>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr milliseconds typingPause{150};

} // namespace

JobsPage::JobsPage(QAbstractItemModel &jobs, bool several, const Clock &clock, const ThemeColors &colors,
                   QWidget *parent)
    : QWidget(parent),
      m_jobs(jobs),
      m_filter(clock),
      m_filterLine(new FilterLine(this)),
      m_viewsButton(new QToolButton(this)),
      m_viewsMenu(new QMenu(this)),
      m_filterProblem(new QLabel(this)),
      m_newJobs(new QToolButton(this)),
      m_table(new QTableView(this)),
      m_empty(emptyNote(*m_table)),
      m_messages(new MessageBar(this))
{
    m_filterLine->setPlaceholderText(tr("Filter: words, state:failed, branch:main, pipeline:…, since:2h"));
    m_filterLine->setAccessibleName(tr("Filter jobs"));
    m_filterLine->setClearButtonEnabled(true);
    m_filterProblem->setTextFormat(Qt::PlainText);
    m_filterProblem->hide();
    m_newJobs->setIcon(icon(u"previous"_s));
    m_newJobs->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_newJobs->hide();
    buildTable();
    m_table->setColumnHidden(JobTableModel::MasterColumn, !several);
    auto *top = new QHBoxLayout;
    top->setContentsMargins(10, 8, 10, 8);
    top->addWidget(m_filterLine, 1);
    top->addWidget(m_viewsButton);
    top->addWidget(m_newJobs);
    auto *problem = new QHBoxLayout;
    problem->setContentsMargins(12, 0, 12, 6);
    problem->addWidget(m_filterProblem);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_messages);
    layout->addLayout(top);
    layout->addLayout(problem);
    layout->addWidget(m_table, 1);
    setFocusProxy(m_table);
    m_typing.setSingleShot(true);
    m_typing.setInterval(typingPause);
    m_viewsButton->setText(tr("Views"));
    m_viewsButton->setIcon(icon(u"filter"_s));
    m_viewsButton->setToolTip(tr("Saved filters"));
    m_viewsButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_viewsButton->setPopupMode(QToolButton::InstantPopup);
    m_viewsButton->setFocusPolicy(Qt::StrongFocus);
    m_viewsButton->setMenu(m_viewsMenu);
    m_viewsButton->hide();
    connect(m_filterLine, &FilterLine::offersWanted, this, &JobsPage::offerValues);
    connect(m_filterLine, &QLineEdit::returnPressed, this, &JobsPage::applyFilter);
    connect(m_filterLine, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(&m_typing, &QTimer::timeout, this, &JobsPage::applyFilter);
    connect(m_newJobs, &QToolButton::clicked, this, &JobsPage::showNewJobs);
    m_second.setInterval(std::chrono::seconds(1));
    connect(&m_second, &QTimer::timeout, this, &JobsPage::repaintClocks);
    m_second.start();
    setColors(colors);
    showEmptyState();
}

void JobsPage::buildTable()
{
    m_filter.setSourceModel(&m_jobs);
    m_filter.sort(JobTableModel::NumberColumn, Qt::DescendingOrder);
    m_table->setModel(&m_filter);
    m_table->setItemDelegateForColumn(JobTableModel::StateColumn, &m_states);
    for (const int column : {JobTableModel::DurationColumn, JobTableModel::QueueColumn, JobTableModel::MasterColumn})
        m_table->setItemDelegateForColumn(column, &m_clocks);
    m_table->setItemDelegateForColumn(JobTableModel::TrendColumn, &m_trends);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(JobTableModel::NumberColumn, Qt::DescendingOrder);
    dressTable(*m_table, tr("Jobs"),
               {{JobTableModel::StateColumn, "Cancelling MM"},
                {JobTableModel::NumberColumn, "#100000"},
                {JobTableModel::PipelineColumn, ""},
                {JobTableModel::BranchColumn, "feature/branch"},
                {JobTableModel::CommitColumn, "0123456789"},
                {JobTableModel::TriggerColumn, "api by admin"},
                {JobTableModel::StartedColumn, "12/31/26 23:59:59"},
                {JobTableModel::DurationColumn, "59 min 59 s"},
                {JobTableModel::QueueColumn, "59 min 59 s"},
                {JobTableModel::TrendColumn, "Last durations"},
                {JobTableModel::MasterColumn, "build-master · as of 23:59"}});
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) {
        emit jobActivated(JobId(index.data(JobTableModel::IdRole).toString()),
                          index.data(JobTableModel::MasterRole).toString());
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        holdOrRelease();
        emit selectionChanged();
    });
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, &JobsPage::holdOrRelease);
    connect(&m_filter, &JobFilter::heldCountChanged, this, [this](int count) {
        m_newJobs->setText(tr("%n new - show", nullptr, count));
        m_newJobs->setVisible(count > 0);
    });
    const auto counted = [this] {
        showEmptyState();
        emit selectionChanged();
    };
    connect(&m_filter, &QAbstractItemModel::rowsInserted, this, counted);
    connect(&m_filter, &QAbstractItemModel::rowsRemoved, this, counted);
}

void JobsPage::setColors(const ThemeColors &colors)
{
    m_states.setColors(colors);
    m_trends.setColors(colors);
    m_colors = &colors;
    m_clocks.setColors(colors);
    m_filterLine->setProblems(m_filterLine->problems(), colors.failure);
    setTextColor(*m_empty, colors.muted);
    setTextColor(*m_filterProblem, colors.failure);
    m_table->viewport()->update();
}

void JobsPage::setEmptyText(const QString &text)
{
    m_emptyText = text;
    showEmptyState();
}

void JobsPage::showEmptyState()
{
    const bool none = m_filter.rowCount() == 0;
    m_empty->setVisible(none);
    if (none)
        m_empty->setText(emptyText());
}

QString JobsPage::emptyText() const
{
    if (m_jobs.rowCount() == 0)
        return m_emptyText;
    const QString url = m_jobs.index(0, 0).data(JobTableModel::MasterRole).toString();
    if (m_filter.query().mine && m_standings && m_standings->userOf(url).isEmpty())
        return tr("Which jobs are yours is not known: the token has no name. Write yours in Edit, Preferences.");
    if (m_filter.query().watched)
        return tr("No job here is watched. Job, Watch marks the selected ones.");
    return tr("No job matches the filter.");
}

void JobsPage::applyFilter()
{
    const JobQuery query = JobQuery::parse(m_filterLine->text());
    m_filter.setQuery(query);
    QStringList problems;
    for (const JobQuery::Problem &problem : query.problems)
        problems.append(u"%1: %2"_s.arg(m_filterLine->text().sliced(problem.start, problem.length), problem.message));
    m_filterLine->setProblems(query.problems, m_colors->failure);
    m_filterLine->setAccessibleDescription(problems.join(u"  "_s));
    m_filterProblem->setText(problems.join(u"  "_s));
    m_filterProblem->setVisible(!problems.isEmpty());
    showEmptyState();
    emit selectionChanged();
}

void JobsPage::holdOrRelease()
{
    const bool looking = m_table->selectionModel()->hasSelection() || m_table->verticalScrollBar()->value() > 0;
    if (looking)
        m_filter.hold();
    else
        m_filter.release();
}

void JobsPage::showNewJobs()
{
    m_table->clearSelection();
    m_filter.release();
    m_table->scrollToTop();
}

QList<JobId> JobsPage::selectedJobs() const
{
    QList<JobId> ids;
    for (const QModelIndex &index : m_table->selectionModel()->selectedRows())
        ids.append(JobId(index.data(JobTableModel::IdRole).toString()));
    return ids;
}

QList<std::pair<QString, JobId>> JobsPage::selectedKeys() const
{
    QList<std::pair<QString, JobId>> keys;
    for (const QModelIndex &index : m_table->selectionModel()->selectedRows())
        keys.append(
            {index.data(JobTableModel::MasterRole).toString(), JobId(index.data(JobTableModel::IdRole).toString())});
    return keys;
}

QString JobsPage::summary() const
{
    const QLocale locale;
    const qsizetype selected = m_table->selectionModel()->selectedRows().size();
    QString text = m_filter.rowCount() == m_jobs.rowCount()
                       ? tr("%Ln jobs", nullptr, m_jobs.rowCount())
                       : tr("%1 of %Ln jobs", nullptr, m_jobs.rowCount()).arg(locale.toString(m_filter.rowCount()));
    if (selected > 0)
        text += tr(" · %1 selected").arg(locale.toString(selected));
    return text;
}

// What a clock changes is painted anew, and only where it can be seen; the model says nothing about it.
void JobsPage::repaintClocks()
{
    if (!isVisible())
        return;
    QWidget *viewport = m_table->viewport();
    for (const int column : {JobTableModel::DurationColumn, JobTableModel::QueueColumn, JobTableModel::TrendColumn})
        viewport->update(m_table->columnViewportPosition(column), 0, m_table->columnWidth(column), viewport->height());
}

} // namespace danube::console
