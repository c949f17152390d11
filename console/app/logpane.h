// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/logview.h"
#include "console/models/logfinder.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace danube::console {

class ActionRegistry;
class FindBar;

/// A log with its find bar, follow button and status line: the same for jobs and for files.
class LogPane : public QWidget
{
    Q_OBJECT
public:
    LogPane(const ActionRegistry &actions, const ThemeColors &colors, QWidget *parent = nullptr);

    void setDocument(LogDocument *document);
    LogView *view() const { return m_view; }
    FindBar *findBar() const { return m_findBar; }
    QToolButton *followButton() const { return m_follow; }
    QString status() const;
    void setColors(const ThemeColors &colors);

    void openFind();
    void nextMatch();
    void previousMatch();
    void nextError();
    void previousError();
    void goToLine(); ///< asks for it
    void followEnd() { m_view->followEnd(); }

signals:
    /// One sentence about the last action: "No further error below."
    void told(const QString &text);

private:
    void applyQuery();
    void closeFind();
    void showCount();
    void showFollow();
    void showStatus();
    void takeHit(const LogHit &hit);
    void stepFrom(LogFinder &finder, LogFinder::Direction direction);
    int64_t startOffset(LogFinder::Direction direction) const;

    LogView *m_view;
    FindBar *m_findBar;
    QToolButton *m_follow;
    QLabel *m_status;
    LogFinder m_matches{LogFinder::Ends::Wrap};
    LogFinder m_errors{LogFinder::Ends::Stop};
};

} // namespace danube::console
