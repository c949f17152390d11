// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/models/failingsteps.h"
#include "console/models/pipelinestatistics.h"
#include "console/models/rowsmodel.h"

#include <QWidget>

class QLabel;
class QTableView;
class QTabWidget;

namespace danube::console {

class DurationChart;

/// One pipeline of the statistics: its last jobs painted, and as tables the steps that fail most and those jobs.
class PipelinePane : public QWidget
{
    Q_OBJECT
public:
    explicit PipelinePane(QWidget *parent = nullptr);

    void setStatistics(const PipelineStatistics &statistics);
    /// `note`: of how many jobs, or why there are none.
    void setSteps(const QList<FailingStep> &steps, int outOf, const QString &note);
    void setColors(const ThemeColors &colors);
    DurationChart *chart() const { return m_chart; }
    QTableView *steps() const { return m_steps; }
    QTableView *jobs() const { return m_jobs; }
    QTabWidget *tabs() const { return m_tabs; }
    QString note() const;
    QString heading() const;

signals:
    void jobNumberActivated(qint64 number);      ///< of the last jobs
    void jobActivated(const danube::JobId &job); ///< the last one in which a step failed

private:
    QWidget *buildSteps();
    void buildJobs();

    QString m_pipeline;
    QList<FailingStep> m_failing;
    QList<PastDuration> m_shown; ///< rows of the jobs, newest first
    RowsModel m_stepRows;
    RowsModel m_jobRows;
    QLabel *m_heading;
    DurationChart *m_chart;
    QTabWidget *m_tabs;
    QTableView *m_steps;
    QTableView *m_jobs;
    QLabel *m_note;
};

} // namespace danube::console
