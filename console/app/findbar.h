// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/logpattern.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QToolButton;

namespace danube::console {

/// The line below a log where one types what to find. Knows nothing of searching.
class FindBar : public QWidget
{
    Q_OBJECT
public:
    explicit FindBar(QWidget *parent = nullptr);

    void open(); ///< shows it and takes the focus, old text selected
    LogQuery query() const;
    void setQuery(const LogQuery &query);
    void showCount(const QString &text);
    void showError(const QString &text);
    void setFiltering(bool filtering); ///< shows the state of the toggle, without a signal
    bool isFiltering() const;

signals:
    void queryChanged(); ///< a moment after the last key
    void next();
    void previous();
    void filterToggled(bool filtering); ///< show the matches as a list
    void closed();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QToolButton *addButton(const char *iconName, const QString &name, bool checkable);
    QLineEdit *m_text;
    QToolButton *m_case;
    QToolButton *m_word;
    QToolButton *m_regex;
    QToolButton *m_previous;
    QToolButton *m_next;
    QToolButton *m_filter;
    QToolButton *m_close;
    QLabel *m_count;
    QTimer m_pause;
};

} // namespace danube::console
