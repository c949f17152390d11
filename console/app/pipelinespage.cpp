// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/pipelinespage.h"

#include "console/app/icons.h"
#include "console/app/messagebar.h"
#include "console/app/pipelinepane.h"
#include "console/app/plainlabel.h"
#include "console/app/tablelook.h"
#include "console/controllers/mastersession.h"
#include "console/controllers/statisticssession.h"
#include "console/models/statisticscsv.h"
#include "console/models/words.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPointer>
#include <QSaveFile>
#include <QSettings>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr milliseconds quietTime{250};
constexpr auto windowKey = "statistics/hours"_L1;
constexpr int defaultHours = 7 * 24;

} // namespace

PipelinesPage::PipelinesPage(const PageContext &context, QWidget *parent)
    : Page(parent),
      m_master(context.master),
      m_session(context.master->statistics()),
      m_clock(context.clock),
      m_settings(context.settings),
      m_period(new QComboBox(this)),
      m_note(new QLabel(this)),
      m_messages(new MessageBar(this)),
      m_table(new QTableView(this)),
      m_pane(new PipelinePane(this))
{
    build();
    buildTable();
    m_counting.setSingleShot(true);
    connect(&m_counting, &QTimer::timeout, this, &PipelinesPage::count);
    connect(&m_minute, &QTimer::timeout, this, &PipelinesPage::countSoon);
    m_minute.start(std::chrono::minutes(1));
    m_asking.setSingleShot(true);
    m_asking.setInterval(quietTime);
    connect(&m_asking, &QTimer::timeout, this, [this] {
        const PipelineStatistics *chosen = m_model.find(selected());
        m_session.want(chosen ? chosen->failures : QList<JobId>());
    });
    const JobTableModel *jobs = m_master->jobs();
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(jobs, signal, this, &PipelinesPage::countSoon);
    connect(jobs, &QAbstractItemModel::dataChanged, this, &PipelinesPage::countSoon);
    connect(m_master, &MasterSession::connectionChanged, this, &PipelinesPage::countSoon);
    connect(&m_session, &StatisticsSession::changed, this, &PipelinesPage::showSteps);
    connect(m_period, &QComboBox::currentIndexChanged, this, [this] {
        m_settings.setValue(windowKey, m_period->currentData());
        count();
    });
    count();
    setColors(context.colors);
}

void PipelinesPage::build()
{
    const std::pair<int, QString> windows[] = {{24, tr("Last 24 hours")},
                                               {defaultHours, tr("Last 7 days")},
                                               {30 * 24, tr("Last 30 days")},
                                               {0, tr("All jobs known here")}};
    for (const auto &[hours, text] : windows)
        m_period->addItem(text, hours);
    const int stored = m_period->findData(m_settings.value(windowKey, defaultHours).toInt());
    m_period->setCurrentIndex(std::max(stored, 0));
    m_period->setAccessibleName(tr("Time that is counted"));
    auto *label = new QLabel(tr("&Count:"), this);
    label->setBuddy(m_period);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    auto *top = new QHBoxLayout;
    top->setContentsMargins(8, 6, 8, 6);
    top->setSpacing(8);
    top->addWidget(label);
    top->addWidget(m_period);
    top->addWidget(m_note, 1);
    auto *split = new QSplitter(Qt::Vertical, this);
    split->setChildrenCollapsible(false);
    split->addWidget(m_table);
    split->addWidget(m_pane);
    split->handle(1)->setAccessibleName(tr("Border between table and pipeline"));
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addWidget(m_messages);
    layout->addWidget(split, 1);
    setFocusProxy(m_table);
    connect(m_pane, &PipelinePane::jobActivated, this, [this](const JobId &job) { emit jobWanted(m_master, job); });
    connect(m_pane, &PipelinePane::jobNumberActivated, this, [this](qint64 number) {
        const std::span<const Job> jobs = m_master->jobs()->all();
        const auto job = std::ranges::find(jobs, number, &Job::number);
        if (job != jobs.end())
            emit jobWanted(m_master, job->id);
    });
}

void PipelinesPage::buildTable()
{
    m_sorted.setSourceModel(&m_model);
    m_sorted.setSortRole(PipelineTableModel::SortRole);
    m_sorted.setSortCaseSensitivity(Qt::CaseInsensitive);
    m_table->setModel(&m_sorted);
    for (const int column : {PipelineTableModel::ResultsColumn, PipelineTableModel::TrendColumn})
        m_table->setColumnWidth(column, SparklineDelegate::widthOf(PipelineTableModel::trendLength));
    dressTable(*m_table, tr("Statistics of pipelines"),
               {{PipelineTableModel::PipelineColumn, ""},
                {PipelineTableModel::LastColumn, "Succeeded MM"},
                {PipelineTableModel::RunsColumn, "1 234"},
                {PipelineTableModel::SuccessColumn, "Success"},
                {PipelineTableModel::P50Column, "59 min 59"},
                {PipelineTableModel::P90Column, "59 min 59"},
                {PipelineTableModel::P99Column, "59 min 59"},
                {PipelineTableModel::QueueColumn, "Queue p50"}});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(PipelineTableModel::PipelineColumn, Qt::AscendingOrder);
    m_table->setItemDelegateForColumn(PipelineTableModel::LastColumn, &m_states);
    m_table->setItemDelegateForColumn(PipelineTableModel::ResultsColumn, &m_results);
    m_table->setItemDelegateForColumn(PipelineTableModel::TrendColumn, &m_trends);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &PipelinesPage::showSelected);
    connect(m_table, &QTableView::activated, this, [this] {
        const PipelineStatistics *chosen = m_model.find(selected());
        if (chosen && chosen->last)
            emit jobWanted(m_master, chosen->last->id);
    });
}

// Not more often than `rate`, and not while nobody looks: 50 000 jobs take some milliseconds.
void PipelinesPage::countSoon()
{
    if (!m_counting.isActive() && isVisible())
        m_counting.start(rate);
}

// Where there is no room for both, the share of the successes says more than which ones they were.
void PipelinesPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    m_table->setColumnHidden(PipelineTableModel::ResultsColumn,
                             width() < m_table->fontMetrics().averageCharWidth() * 155);
}

void PipelinesPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    count();
}

void PipelinesPage::count()
{
    m_counting.stop();
    const int hours = m_period->currentData().toInt();
    const WallTime since = hours > 0 ? m_clock.wall() - std::chrono::hours(hours) : WallTime{};
    m_model.setStatistics(pipelineStatistics(m_master->jobs()->all(), since));
    m_note->setText(describeCount(since));
    if (selected().isEmpty() && m_sorted.rowCount() > 0)
        selectTableRow(*m_table, 0);
    showSelected();
}

// What the figures are of: people decide by them.
QString PipelinesPage::describeCount(WallTime since) const
{
    int jobs = 0;
    int unfinished = 0;
    for (const PipelineStatistics &one : m_model.statistics()) {
        jobs += one.runs();
        unfinished += one.unfinished;
    }
    const WallTime now = m_clock.wall();
    QStringList sentences;
    if (m_master->jobs()->rowCount() == 0)
        sentences.append(m_master->isLive() ? tr("This master has no jobs yet.") : describe(m_master->connection()));
    else if (since == WallTime{})
        sentences.append(tr("%n jobs, all that are known here.", nullptr, jobs));
    else
        sentences.append(tr("%n jobs created since %1.", nullptr, jobs).arg(timeText(since, now)));
    if (unfinished > 0)
        sentences.append(tr("Unfinished: %1.").arg(unfinished));
    const std::span<const Job> known = m_master->jobs()->all();
    const auto oldest = std::ranges::min_element(known, {}, &Job::createdAt);
    if (qsizetype(known.size()) >= m_master->jobs()->limit() && oldest->createdAt > since)
        sentences.append(tr("Only the newest %n jobs are known here, since %1.", nullptr, int(known.size()))
                             .arg(timeText(oldest->createdAt, now)));
    if (!m_master->isLive() && !known.empty())
        sentences.append(tr("As of %1.").arg(timeText(m_master->connection().lastHeard, now)));
    return sentences.join(u' ');
}

QString PipelinesPage::selected() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? QString() : rows.first().data().toString();
}

bool PipelinesPage::select(const QString &pipeline) const
{
    for (int row = 0; row < m_sorted.rowCount(); ++row) {
        if (m_sorted.index(row, 0).data().toString() != pipeline)
            continue;
        selectTableRow(*m_table, row);
        m_table->scrollTo(m_sorted.index(row, 0));
        return true;
    }
    return false;
}

void PipelinesPage::showSelected()
{
    const PipelineStatistics *chosen = m_model.find(selected());
    m_pane->setVisible(chosen != nullptr);
    if (chosen)
        m_pane->setStatistics(*chosen);
    m_asking.start();
    showSteps();
    emit changed();
}

void PipelinesPage::showSteps()
{
    const PipelineStatistics *chosen = m_model.find(selected());
    if (!chosen)
        return;
    const QList<FailedJob> known = m_session.known(chosen->failures);
    const QList<FailingStep> steps = failingSteps(known);
    const int wanted = int(chosen->failures.size());
    const int failed = chosen->failed + chosen->timedOut;
    const QString note =
        wanted == 0 ? tr("No job has failed in this time.")
        : known.size() < wanted && !m_session.problem().isEmpty()
            ? tr("%1 of %2 failed jobs looked at: %3").arg(known.size()).arg(wanted).arg(m_session.problem())
        : known.size() < wanted ? tr("Looking into failed jobs: %1 of %2…").arg(known.size()).arg(wanted)
        : wanted < failed       ? tr("Of the newest %1 of %2 failed jobs.").arg(wanted).arg(failed)
        : steps.isEmpty()       ? tr("The jobs failed, but none of their steps did.")
                                : tr("Of all %n failed jobs.", nullptr, wanted);
    m_pane->setSteps(steps, int(known.size()), note);
}

QByteArray PipelinesPage::csv() const
{
    QHash<QString, QList<FailingStep>> steps; // of the pipelines whose failed jobs were looked into
    for (const PipelineStatistics &one : m_model.statistics()) {
        const QList<FailedJob> known = m_session.known(one.failures);
        if (known.size() == one.failures.size())
            steps.insert(one.pipeline, failingSteps(known));
    }
    return statisticsCsv(m_model.statistics(), steps);
}

Result<void> PipelinesPage::exportTo(const QString &path) const
{
    QSaveFile file(path);
    const QByteArray document = csv();
    if (file.open(QIODevice::WriteOnly) && file.write(document) == document.size() && file.commit())
        return {};
    return fail(ErrorCode::Unavailable, tr("Save %1: %2").arg(path, file.errorString()));
}

void PipelinesPage::chooseFile()
{
    auto *chooser = new QFileDialog(this, tr("Export statistics"), {}, tr("Comma-separated values (*.csv)"));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setAcceptMode(QFileDialog::AcceptSave);
    chooser->setDefaultSuffix(u"csv"_s);
    chooser->selectFile(u"pipelines.csv"_s);
    connect(chooser, &QFileDialog::fileSelected, this, [this](const QString &path) {
        if (const auto saved = exportTo(path); !saved)
            m_messages->showProblem(saved.error().message);
        else
            emit told(tr("Saved %1.").arg(path));
    });
    chooser->open();
}

std::optional<ActionState> PipelinesPage::actionState(const QString &id) const
{
    if (id != "statistics.export"_L1)
        return std::nullopt;
    return ActionState{m_model.rowCount() > 0, tr("there are no pipelines yet")};
}

void PipelinesPage::trigger(const QString &)
{
    chooseFile();
}

QIcon PipelinesPage::tabIcon() const
{
    return icon(u"pipelines"_s);
}

QString PipelinesPage::status() const
{
    return tr("%n pipelines", nullptr, m_model.rowCount());
}

QString PipelinesPage::noteText() const
{
    return m_note->text();
}

QList<Detail> PipelinesPage::details() const
{
    const PipelineStatistics *chosen = m_model.find(selected());
    if (!chosen)
        return {};
    QList<Detail> details{{tr("Pipeline"), {}}};
    for (int column = 0; column < PipelineTableModel::ColumnCount; ++column) {
        const QModelIndex cell = m_model.index(int(chosen - m_model.statistics().constData()), column);
        const QString text = cell.data().toString();
        const QString words = cell.data(Qt::ToolTipRole).toString();
        if (!text.isEmpty() || !words.isEmpty())
            details.append({m_model.headerData(column, Qt::Horizontal).toString(),
                            text.isEmpty() || words.isEmpty() ? text + words : u"%1 (%2)"_s.arg(text, words)});
    }
    return details;
}

QList<Findable> PipelinesPage::findable() const
{
    QList<Findable> found;
    for (const PipelineStatistics &one : m_model.statistics())
        found.append({one.pipeline, [page = QPointer<const PipelinesPage>(this), name = one.pipeline] {
                          if (page)
                              page->select(name);
                      }});
    return found;
}

void PipelinesPage::setColors(const ThemeColors &colors)
{
    m_states.setColors(colors);
    m_trends.setColors(colors);
    m_results.setColors(colors);
    m_pane->setColors(colors);
    m_table->viewport()->update();
    setTextColor(*m_note, colors.muted);
}

} // namespace danube::console
