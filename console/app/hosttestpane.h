// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/models/hosttestmodel.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QTableView;

namespace danube::console {

class VerdictDelegate;

/// Paste hosts or a log, see what the lists say of each now and after the edit.
class HostTestPane : public QWidget
{
    Q_OBJECT
public:
    explicit HostTestPane(const ThemeColors &colors, QWidget *parent = nullptr);

    HostTestModel &model() { return m_model; }
    QPlainTextEdit *hosts() const { return m_hosts; }
    QTableView *table() const { return m_table; }
    void setHistory(const QString &text); ///< what the edit would have done to jobs that ran
    QString historyText() const;
    void setColors(const ThemeColors &colors);

private:
    HostTestModel m_model;
    QPlainTextEdit *m_hosts;
    QTableView *m_table;
    QLabel *m_summary;
    QLabel *m_history;
    VerdictDelegate *m_now;
    VerdictDelegate *m_after;
    QTimer m_typing;
};

} // namespace danube::console
