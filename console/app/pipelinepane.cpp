// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/pipelinepane.h"

#include "console/app/durationchart.h"
#include "console/app/plainlabel.h"
#include "console/app/tablelook.h"
#include "console/models/pipelinetablemodel.h"
#include "console/models/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

PipelinePane::PipelinePane(QWidget *parent)
    : QWidget(parent),
      m_stepRows({tr("Step"), tr("Jobs"), tr("Share"), tr("Last in"), tr("How")}),
      m_jobRows({tr("Job"), tr("Result"), tr("Duration")}),
      m_heading(new QLabel(this)),
      m_chart(new DurationChart(this)),
      m_tabs(new QTabWidget(this)),
      m_steps(new QTableView(this)),
      m_jobs(new QTableView(this)),
      m_note(new QLabel(this))
{
    for (QLabel *label : {m_heading, m_note}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    QFont bold = m_heading->font();
    bold.setBold(true);
    m_heading->setFont(bold);
    m_heading->setContentsMargins(8, 6, 8, 0);
    buildJobs();
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildSteps(), tr("Failing steps"));
    m_tabs->addTab(m_jobs, tr("Last jobs"));
    m_tabs->tabBar()->setAccessibleName(tr("Of the pipeline"));
    auto *left = new QVBoxLayout;
    left->setSpacing(0);
    left->addWidget(m_heading);
    left->addWidget(m_chart, 1);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(left, 1);
    layout->addWidget(m_tabs, 1);
    setFocusProxy(m_steps);
}

QWidget *PipelinePane::buildSteps()
{
    m_steps->setModel(&m_stepRows);
    dressTable(*m_steps, tr("Steps that failed"),
               {{0, ""}, {1, "Jobs"}, {2, "99.9 %"}, {3, "#12345"}, {4, "exit code 127"}});
    m_steps->setSelectionMode(QAbstractItemView::SingleSelection);
    m_note->setContentsMargins(8, 4, 8, 4);
    connect(m_steps, &QTableView::activated, this, [this](const QModelIndex &index) {
        if (index.row() < m_failing.size())
            emit jobActivated(m_failing[index.row()].lastJob);
    });
    auto *page = new QWidget(m_tabs);
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_steps, 1);
    layout->addWidget(m_note);
    return page;
}

void PipelinePane::buildJobs()
{
    m_jobs->setModel(&m_jobRows);
    dressTable(*m_jobs, tr("Last jobs"), {{0, "#1234567"}, {1, "Succeeded x"}, {2, ""}});
    m_jobs->setSelectionMode(QAbstractItemView::SingleSelection);
    connect(m_jobs, &QTableView::activated, this, [this](const QModelIndex &index) {
        if (index.row() < m_shown.size())
            emit jobNumberActivated(m_shown[index.row()].number);
    });
}

void PipelinePane::setStatistics(const PipelineStatistics &statistics)
{
    m_pipeline = statistics.pipeline;
    const QString counts = countsText(statistics);
    m_heading->setText(counts.isEmpty() ? m_pipeline : u"%1: %2"_s.arg(m_pipeline, counts));
    m_chart->setStatistics(statistics);
    m_shown = statistics.recent;
    std::ranges::reverse(m_shown);
    QList<RowsModel::Row> rows;
    for (const PastDuration &past : std::as_const(m_shown))
        rows.append({{u'#' + QString::number(past.number), stateWord(past.state),
                      past.duration < milliseconds(0) ? tr("never started") : durationText(past.duration)}});
    m_jobRows.setRows(rows);
}

void PipelinePane::setSteps(const QList<FailingStep> &steps, int outOf, const QString &note)
{
    m_failing = steps;
    QList<RowsModel::Row> rows;
    for (const FailingStep &step : steps)
        rows.append({{step.name, QLocale().toString(step.jobs), percentText(double(step.jobs) / std::max(1, outOf)),
                      u'#' + QString::number(step.lastNumber), describe(step.lastOutcome)}});
    m_stepRows.setRows(rows);
    m_note->setText(note);
}

void PipelinePane::setColors(const ThemeColors &colors)
{
    m_chart->setColors(colors);
    setTextColor(*m_note, colors.muted);
}

QString PipelinePane::note() const
{
    return m_note->text();
}

QString PipelinePane::heading() const
{
    return m_heading->text();
}

} // namespace danube::console
