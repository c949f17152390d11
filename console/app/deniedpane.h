// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/models/deniedmodel.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;

namespace danube::console {

/// What jobs were refused, and the way into the list: one exact entry, or a wildcard whose reach is shown first.
class DeniedPane : public QWidget
{
    Q_OBJECT
public:
    DeniedPane(const Clock &clock, const ThemeColors &colors, QWidget *parent = nullptr);

    DeniedModel &model() { return m_model; }
    QTableView *table() const { return m_table; }
    QPushButton *addExactButton() const { return m_addExact; }
    QPushButton *addWildcardButton() const { return m_addWildcard; }
    void showRefusals(const QList<EgressRefusal> &refusals, const QString &problem);
    void setLists(const egress::Allowlists &after, const egress::LintOptions &options);
    void setColors(const ThemeColors &colors);

signals:
    void entriesChosen(const QStringList &entries);

private:
    QList<int> selectedRows() const;
    void updateButtons();
    void addExact();
    void askWildcard();

    DeniedModel m_model;
    egress::LintOptions m_options;
    QTableView *m_table;
    QLabel *m_text;
    QPushButton *m_addExact;
    QPushButton *m_addWildcard;
};

} // namespace danube::console
