// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/model/step.h"

#include <QAbstractListModel>

namespace danube::console {

/// The steps of one job in order of their numbers.
class StepListModel : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role {
        NumberRole = Qt::UserRole, ///< uint
        StepRole,                  ///< Step
        StateWordRole,             ///< QString
        DetailRole,                ///< what the state's word leaves open: "12 s", "exit code 3 after 12 s"
    };

    explicit StepListModel(const Clock &clock, QObject *parent = nullptr) : QAbstractListModel(parent), m_clock(clock)
    {}

    void replaceAll(QList<Step> steps); ///< tells only what differs
    void update(const Step &step);      ///< adds or changes one; an older state changes nothing
    const QList<Step> &steps() const { return m_steps; }
    QModelIndex indexOf(StepNumber number) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    QString detail(const Step &step) const;
    const Clock &m_clock;
    QList<Step> m_steps;
};

} // namespace danube::console

Q_DECLARE_METATYPE(danube::Step)
