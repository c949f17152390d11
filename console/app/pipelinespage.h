// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/delegates.h"
#include "console/app/page.h"
#include "console/app/resultsdelegate.h"
#include "console/app/sparkline.h"
#include "console/models/pipelinetablemodel.h"
#include "shared/core/result.h"

#include <QSortFilterProxyModel>
#include <QTimer>

class QComboBox;
class QLabel;
class QTableView;

namespace danube::console {

class MessageBar;
class PipelinePane;
class StatisticsSession;

/// How the pipelines of one master do: success, durations and queue times over a chosen time, counted from the jobs
/// the console knows; for the selected pipeline also the steps that fail, from its newest failed jobs.
class PipelinesPage : public Page
{
    Q_OBJECT
public:
    explicit PipelinesPage(const PageContext &context, QWidget *parent = nullptr);

    QString title() const override { return tr("Pipelines"); }
    QIcon tabIcon() const override;
    void setColors(const ThemeColors &colors) override;
    MasterSession *master() const override { return m_master; }
    QString status() const override;
    QList<Detail> details() const override;
    QList<Findable> findable() const override;
    std::optional<ActionState> actionState(const QString &id) const override;
    void trigger(const QString &id) override;

    PipelineTableModel &model() { return m_model; }
    QTableView *table() const { return m_table; }
    QComboBox *period() const { return m_period; }
    PipelinePane *pane() const { return m_pane; }
    QString noteText() const; ///< over which jobs is counted
    QString selected() const; ///< the pipeline; empty = none
    bool select(const QString &pipeline) const;
    QByteArray csv() const;
    Result<void> exportTo(const QString &path) const;

    static constexpr milliseconds rate{1000}; ///< the least time between two counts

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void build();
    void buildTable();
    void countSoon();
    void count();
    QString describeCount(WallTime since) const;
    void showSelected();
    void showSteps();
    void chooseFile();

    MasterSession *m_master;
    StatisticsSession &m_session;
    const Clock &m_clock;
    QSettings &m_settings;
    PipelineTableModel m_model;
    QSortFilterProxyModel m_sorted;
    QComboBox *m_period;
    QLabel *m_note;
    MessageBar *m_messages;
    QTableView *m_table;
    PipelinePane *m_pane;
    StateDelegate m_states;
    SparklineDelegate m_trends;
    ResultsDelegate m_results;
    QTimer m_counting;
    QTimer m_minute; ///< the time that is counted moves on, also when nothing happens
    QTimer m_asking; ///< so that walking through the table asks the master for nothing
};

} // namespace danube::console
