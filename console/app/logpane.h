// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/logview.h"
#include "console/models/logfinder.h"
#include "console/models/logfolds.h"
#include "console/models/logmarks.h"

#include <QWidget>

#include <array>

class QLabel;
class QSplitter;
class QToolButton;

namespace danube::console {

class ActionRegistry;
class BottomTabs;
class FindBar;
class LogPickView;
class LogSaver;
class OverviewStrip;
class StepListModel;

/// A log with all that belongs to it: overview strip, find bar, follow button, status line, and at the bottom the tabs
/// of its matches and marks (and what the owner adds). The same for jobs and for files.
class LogPane : public QWidget
{
    Q_OBJECT
public:
    LogPane(const ActionRegistry &actions, const ThemeColors &colors, QWidget *parent = nullptr);
    ~LogPane() override;

    void setDocument(LogDocument *document);
    /// Keeps the marks in this file; without a call they live as long as the pane.
    void setMarksFile(const QString &path);
    void setSteps(const StepListModel *steps); ///< their names and how they ended, for folding; null = none
    void setStart(WallTime start);             ///< of the job, for relative times
    void setNotice(const QString &text);       ///< beside the follow button: why nothing comes; empty = all is well

    LogView *view() const { return m_view; }
    LogPickView *matchesView() const { return m_matchesView; }
    LogPickView *marksView() const { return m_marksView; }
    OverviewStrip *overview() const { return m_overview; }
    BottomTabs *bottom() const { return m_bottom; }
    FindBar *findBar() const { return m_findBar; }
    QToolButton *followButton() const { return m_follow; }
    LogSaver *saver() const { return m_saver; }
    LogMarks *marks() const { return m_marks.get(); }
    const FoldedLines *folds() const { return m_folds.get(); }
    void setBaseFont(const QFont &font); ///< of the log and of the lists of its matches and marks
    QString status() const;
    QString notice() const;
    QString unsaved() const; ///< for Page::unsaved()
    void setColors(const ThemeColors &colors);

    // What the actions of the Log menu do.
    void openFind();
    void nextMatch();
    void previousMatch();
    void showMatches(bool shown); ///< the Matches tab; the log stays whole
    void nextError();
    void previousError();
    void goTo();                           ///< asks where
    bool goTo(const QString &destination); ///< false: no such place, and why was told
    void followEnd() { m_view->followEnd(); }
    void toggleMark();
    void nextMark();
    void previousMark();
    void nextTimes(); ///< off, absolute, relative, delta, off, …
    void toggleWrapping();
    void toggleFold(); ///< of the step of the current line
    void foldAllButFailed();
    void unfoldAll();
    void zoom(int steps); ///< 0 = back to the normal size
    void saveAll();       ///< asks for the file
    void saveSelection();
    void saveMatches();
    void openInOtherProgram();

signals:
    /// One sentence about the last action: "No further error below."
    void told(const QString &text);
    void unsavedChanged();

private:
    std::array<LogView *, 3> views() const;
    void build();
    void connectParts();
    void documentChanged();
    void applyQuery();
    void closeFind();
    void showCount();
    void showFollow();
    void showStatus();
    void showMarks();
    void countMarks();
    void takeHit(const LogHit &hit);
    void stepFrom(LogFinder &finder, LogFinder::Direction direction);
    int64_t startOffset(LogFinder::Direction direction) const;
    int64_t lineBorder(LogFinder::Direction direction) const;
    int64_t currentLine() const;
    void goToMark(std::optional<int64_t> offset);
    void setFolded(std::set<uint32_t> steps);
    QString stepTitle(uint32_t step) const;
    void askForFile(const QString &title, const QString &suffix, const std::function<void(const QString &)> &save);
    bool isEmpty() const;

    const ActionRegistry &m_actions;
    std::unique_ptr<FoldedLines> m_folds;
    std::unique_ptr<MatchedLines> m_matchLines;
    std::unique_ptr<MarkedLines> m_markLines;
    std::unique_ptr<LogMarks> m_marks;
    LogFinder m_matches{LogFinder::Ends::Wrap};
    LogFinder m_errors{LogFinder::Ends::Stop, LogSearch::Urgency::Background};
    QPointer<LogDocument> m_document;
    QPointer<const StepListModel> m_steps;
    WallTime m_start{};
    LogView *m_view;
    OverviewStrip *m_overview;
    QSplitter *m_splitter;
    BottomTabs *m_bottom;
    LogPickView *m_matchesView;
    LogPickView *m_marksView;
    FindBar *m_findBar;
    QToolButton *m_follow;
    QLabel *m_notice;
    LogSaver *m_saver;
    QLabel *m_status;
};

} // namespace danube::console
