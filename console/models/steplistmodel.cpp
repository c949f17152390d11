// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/steplistmodel.h"

#include "console/models/progress.h"
#include "console/models/words.h"

namespace danube::console {

namespace {

bool comesBefore(const Step &step, StepNumber number)
{
    return step.number < number;
}

} // namespace

void StepListModel::replaceAll(QList<Step> steps)
{
    for (qsizetype row = m_steps.size() - 1; row >= 0; --row) {
        const StepNumber number = m_steps[row].number;
        if (std::any_of(steps.begin(), steps.end(), [&](const Step &step) { return step.number == number; }))
            continue;
        beginRemoveRows({}, int(row), int(row));
        m_steps.removeAt(row);
        endRemoveRows();
    }
    for (const Step &step : std::as_const(steps))
        update(step);
}

void StepListModel::update(const Step &step)
{
    const auto place = std::lower_bound(m_steps.begin(), m_steps.end(), step.number, comesBefore);
    const int row = int(place - m_steps.begin());
    if (place == m_steps.end() || place->number != step.number) {
        beginInsertRows({}, row, row);
        m_steps.insert(row, step);
        endInsertRows();
    } else if (*place != step && !isOlder(step, *place)) {
        *place = step;
        emit dataChanged(index(row), index(row));
    }
}

QModelIndex StepListModel::indexOf(StepNumber number) const
{
    const auto place = std::lower_bound(m_steps.begin(), m_steps.end(), number, comesBefore);
    return place == m_steps.end() || place->number != number ? QModelIndex() : index(int(place - m_steps.begin()));
}

int StepListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_steps.size());
}

QVariant StepListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Step &step = m_steps[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return step.name;
    case Qt::ToolTipRole:
        return step.command;
    case Qt::AccessibleTextRole:
        return tr("Step %1, %2, %3, %4").arg(toInt(step.number)).arg(step.name, stateWord(step), detail(step));
    case NumberRole:
        return toInt(step.number);
    case StepRole:
        return QVariant::fromValue(step);
    case StateWordRole:
        return stateWord(step);
    case DetailRole:
        return detail(step);
    default:
        return {};
    }
}

QString StepListModel::detail(const Step &step) const
{
    const QString time = durationText(runTime(step, m_clock.wall()));
    if (!step.outcome || step.outcome->isSuccess())
        return time;
    switch (step.outcome->kind) {
    case OutcomeKind::Exited:
        return time.isEmpty() ? outcomeText(*step.outcome) : tr("%1 after %2").arg(outcomeText(*step.outcome), time);
    case OutcomeKind::Signalled:
        return tr("signal %1 after %2").arg(step.outcome->signal).arg(time);
    case OutcomeKind::Timeout:
        return tr("after %1").arg(time);
    case OutcomeKind::Cancelled:
        return time;
    case OutcomeKind::Lost:
        return step.outcome->message;
    }
    return time;
}

} // namespace danube::console
