// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/filtercompletion.h"
#include "console/models/jobquery.h"

#include <QLineEdit>

class QCompleter;
class QStringListModel;

namespace danube::console {

/// The line where one types a JobQuery: offers tokens while one types, underlines in red what says nothing.
class FilterLine : public QLineEdit
{
    Q_OBJECT
public:
    explicit FilterLine(QWidget *parent = nullptr);

    void setKnown(FilterCompletion::Known known) { m_known = std::move(known); } ///< values to offer
    void setProblems(const QList<JobQuery::Problem> &problems, const QColor &color);
    const QList<JobQuery::Problem> &problems() const { return m_problems; }
    QCompleter *offers() const { return m_offers; }

signals:
    void offersWanted(); ///< a moment to call setKnown()

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void offer();
    void take(const QString &token);
    void underline();
    FilterCompletion::Known m_known;
    FilterCompletion m_completion;
    QStringListModel *m_tokens;
    QCompleter *m_offers;
    QList<JobQuery::Problem> m_problems;
    QColor m_color;
};

} // namespace danube::console
