// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/pipelinetablemodel.h"

#include "console/models/words.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

QList<PastDuration> newest(const QList<PastDuration> &past)
{
    return past.last(std::min<qsizetype>(past.size(), PipelineTableModel::trendLength));
}

QString durationOr(const Percentiles &percentiles, milliseconds value)
{
    return percentiles.count == 0 ? QString() : durationText(value);
}

QVariant alignment(int column)
{
    using Model = PipelineTableModel;
    const bool isNumber = column != Model::PipelineColumn && column != Model::LastColumn &&
                          column != Model::ResultsColumn && column != Model::TrendColumn;
    return QVariant::fromValue(Qt::Alignment(isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

QVariant sortable(const Percentiles &percentiles, milliseconds value)
{
    return percentiles.count == 0 ? -1 : qint64(value.count());
}

} // namespace

QString percentText(double share)
{
    const double percent = share * 100;
    const bool isWhole = percent <= 0 || percent >= 100;
    const double shown = isWhole ? percent : std::clamp(std::round(percent * 10) / 10, 0.1, 99.9);
    return QCoreApplication::translate("Words", "%1 %").arg(QLocale().toString(shown, 'f', isWhole ? 0 : 1));
}

QString countsText(const PipelineStatistics &statistics)
{
    QStringList parts;
    const auto add = [&](int count, const QString &text) {
        if (count > 0)
            parts.append(text);
    };
    add(statistics.succeeded, PipelineTableModel::tr("%n succeeded", nullptr, statistics.succeeded));
    add(statistics.failed, PipelineTableModel::tr("%n failed", nullptr, statistics.failed));
    add(statistics.timedOut, PipelineTableModel::tr("%n timed out", nullptr, statistics.timedOut));
    add(statistics.cancelled, PipelineTableModel::tr("%n cancelled", nullptr, statistics.cancelled));
    add(statistics.unfinished, PipelineTableModel::tr("%n unfinished", nullptr, statistics.unfinished));
    return parts.join(u", "_s);
}

// Both lists are by name, so one walk finds what came, went and changed.
void PipelineTableModel::setStatistics(const QList<PipelineStatistics> &statistics)
{
    qsizetype row = 0;
    for (const PipelineStatistics &wanted : statistics) {
        while (row < m_rows.size() && m_rows[row].pipeline < wanted.pipeline) {
            beginRemoveRows({}, int(row), int(row));
            m_rows.removeAt(row);
            endRemoveRows();
        }
        if (row == m_rows.size() || m_rows[row].pipeline != wanted.pipeline) {
            beginInsertRows({}, int(row), int(row));
            m_rows.insert(row, wanted);
            endInsertRows();
        } else if (m_rows[row] != wanted) {
            m_rows[row] = wanted;
            emit dataChanged(index(int(row), 0), index(int(row), ColumnCount - 1));
        }
        ++row;
    }
    if (row < m_rows.size()) {
        beginRemoveRows({}, int(row), int(m_rows.size()) - 1);
        m_rows.resize(row);
        endRemoveRows();
    }
}

const PipelineStatistics *PipelineTableModel::find(const QString &pipeline) const
{
    const auto found = std::ranges::lower_bound(m_rows, pipeline, {}, &PipelineStatistics::pipeline);
    return found == m_rows.end() || found->pipeline != pipeline ? nullptr : &*found;
}

int PipelineTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int PipelineTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PipelineTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const PipelineStatistics &row = m_rows[index.row()];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole:
        return words(row, column);
    case Qt::AccessibleTextRole: // a painted cell has no text of its own
        return column == ResultsColumn || column == TrendColumn ? words(row, column) : QVariant();
    case StateRole:
        return row.last ? QVariant::fromValue(row.last->state) : QVariant();
    case SortRole:
        return sortValue(row, column);
    case TrendRole:
        return QVariant::fromValue(newest(row.recent));
    case Qt::TextAlignmentRole:
        return alignment(column);
    default:
        return {};
    }
}

QString PipelineTableModel::text(const PipelineStatistics &row, int column) const
{
    switch (column) {
    case PipelineColumn:
        return row.pipeline;
    case LastColumn:
        return row.last ? stateWord(row.last->state) : QString();
    case RunsColumn:
        return QLocale().toString(row.runs());
    case SuccessColumn:
        return row.successRate() ? percentText(*row.successRate()) : QString();
    case P50Column:
        return durationOr(row.run, row.run.p50);
    case P90Column:
        return durationOr(row.run, row.run.p90);
    case P99Column:
        return durationOr(row.run, row.run.p99);
    case QueueColumn:
        return durationOr(row.queue, row.queue.p50);
    default:
        return {}; // painted
    }
}

// The figure in a sentence: what it is of, and what a painted one shows.
QString PipelineTableModel::words(const PipelineStatistics &row, int column) const
{
    const QList<PastDuration> past = newest(row.recent);
    switch (column) {
    case PipelineColumn:
        return row.pipeline; // may be cut in its cell
    case LastColumn:
        return row.last ? tr("#%1: %2").arg(row.last->number).arg(stateWord(row.last->state)) : QString();
    case RunsColumn:
    case SuccessColumn:
        return countsText(row);
    case ResultsColumn: {
        const auto good = std::ranges::count(past, JobState::Success, &PastDuration::state);
        return past.isEmpty() ? tr("No job has ended.")
                              : tr("%1 of the last %2 jobs succeeded.").arg(good).arg(past.size());
    }
    case TrendColumn: {
        QList<PastDuration> ran;
        std::ranges::copy_if(past, std::back_inserter(ran),
                             [](const PastDuration &one) { return one.duration >= milliseconds(0); });
        if (ran.isEmpty())
            return tr("No job has run to its end.");
        const auto [least, most] = std::ranges::minmax(ran, {}, &PastDuration::duration);
        return tr("The last %n jobs ran %1 to %2.", nullptr, int(ran.size()))
            .arg(durationText(least.duration), durationText(most.duration));
    }
    case P50Column:
    case P90Column:
    case P99Column:
        return row.run.count == 0 ? QString() : tr("Of %n jobs that ended by themselves", nullptr, int(row.run.count));
    case QueueColumn:
        return row.queue.count == 0
                   ? QString()
                   : tr("Half waited at most %1, 90 % at most %2, 99 % at most %3")
                         .arg(durationText(row.queue.p50), durationText(row.queue.p90), durationText(row.queue.p99));
    default:
        return {};
    }
}

QVariant PipelineTableModel::sortValue(const PipelineStatistics &row, int column) const
{
    switch (column) {
    case LastColumn:
        return row.last ? int(row.last->state) : -1;
    case RunsColumn:
        return row.runs();
    case SuccessColumn:
    case ResultsColumn:
        return row.successRate().value_or(-1);
    case P50Column:
    case TrendColumn:
        return sortable(row.run, row.run.p50);
    case P90Column:
        return sortable(row.run, row.run.p90);
    case P99Column:
        return sortable(row.run, row.run.p99);
    case QueueColumn:
        return sortable(row.queue, row.queue.p50);
    default:
        return row.pipeline;
    }
}

QVariant PipelineTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    static const char *const names[] = {QT_TR_NOOP("Pipeline"), QT_TR_NOOP("Last result"), QT_TR_NOOP("Runs"),
                                        QT_TR_NOOP("Success"),  QT_TR_NOOP("Results"),     QT_TR_NOOP("p50"),
                                        QT_TR_NOOP("p90"),      QT_TR_NOOP("p99"),         QT_TR_NOOP("Durations"),
                                        QT_TR_NOOP("Queue p50")};
    static const char *const meanings[] = {
        QT_TR_NOOP("The pipeline"),
        QT_TR_NOOP("How the last job that ended did"),
        QT_TR_NOOP("Jobs created in the time that is counted"),
        QT_TR_NOOP("Share of the jobs that succeeded; cancelled and unfinished ones do not count"),
        QT_TR_NOOP("The last results, the newest at the right: success up, failure down"),
        QT_TR_NOOP("Half of the jobs ran at most so long; cancelled ones do not count"),
        QT_TR_NOOP("90 % of the jobs ran at most so long; cancelled ones do not count"),
        QT_TR_NOOP("99 % of the jobs ran at most so long; cancelled ones do not count"),
        QT_TR_NOOP("The last durations, the newest at the right"),
        QT_TR_NOOP("Half of the jobs waited at most so long for their start")};
    static_assert(std::size(names) == ColumnCount && std::size(meanings) == ColumnCount);
    if (role == Qt::DisplayRole)
        return tr(names[section]);
    if (role == Qt::TextAlignmentRole)
        return alignment(section);
    if (role == Qt::ToolTipRole)
        return tr(meanings[section]);
    return {};
}

} // namespace danube::console
