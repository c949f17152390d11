// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/models/allowlistmodel.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;

namespace danube::console {

class EntryDetails;
class SeverityDelegate;

/// The list itself: a line to add to it, the table, and below it the current entry in words.
class AllowlistEditor : public QWidget
{
    Q_OBJECT
public:
    AllowlistEditor(const Clock &clock, const ThemeColors &colors, QWidget *parent = nullptr);

    AllowlistModel &model() { return m_model; }
    QTableView *table() const { return m_table; }
    QLineEdit *addLine() const { return m_addLine; }
    EntryDetails *details() const { return m_details; }
    QList<int> selectedRows() const;
    void addEntries(const QStringList &entries); ///< and selects them
    void removeSelected();
    void editCurrent();
    void selectRows(const QList<int> &rows);
    QString summary() const; ///< "12 entries, 1 error, 2 warnings"
    void setColors(const ThemeColors &colors);

signals:
    void selectionChanged();
    void problem(const QString &text); ///< what could not be done, and why
    void told(const QString &text);

private:
    void build();
    void showDetails();
    void showUses();
    void addTyped();
    void report(const Result<void> &done);

    AllowlistModel m_model;
    QLineEdit *m_addLine;
    QPushButton *m_addButton;
    QTableView *m_table;
    EntryDetails *m_details;
    SeverityDelegate *m_findings;
};

} // namespace danube::console
