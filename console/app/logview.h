// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/logrow.h"
#include "console/app/themecolors.h"
#include "console/models/loglines.h"
#include "console/models/logsearch.h"
#include "console/models/logtime.h"

#include <QAbstractScrollArea>
#include <QBasicTimer>
#include <QPointer>

#include <functional>
#include <unordered_map>

namespace danube::console {

class FoldedLines;
class LogMarks;

struct LogPlace
{
    int64_t line = 0;
    qsizetype index = 0; ///< UTF-16 units of what the line shows
    auto operator<=>(const LogPlace &) const = default;
};

/// One row of the screen: a line, or with wrapping a part of one.
struct LogSlice
{
    int64_t row = 0; ///< of the view's LogLines
    int64_t line = 0;
    qsizetype begin = 0; ///< UTF-16 units of the line's text
    qsizetype end = -1;  ///< -1 = to its end
    int y = 0;           ///< top, in viewport coordinates
    bool isFirst() const { return begin == 0; }
    bool holds(LogPlace place) const
    {
        return place.line == line && place.index >= begin && (end < 0 || place.index < end);
    }
};

/// Where the first row of the screen is: the `part`th of a wrapped line.
struct LogTop
{
    int64_t row = 0;
    int part = 0;
    auto operator<=>(const LogTop &) const = default;
};

/// Shows a log of any size: only the visible rows are read, drawn and kept. Nothing moves by itself: following the end
/// stops by scrolling up, selecting or searching, and comes back by followEnd() only (button, End, F).
class LogView : public QAbstractScrollArea
{
    Q_OBJECT
public:
    enum class Follow { Following, Paused, Ended };

    explicit LogView(QWidget *parent = nullptr);
    ~LogView() override;

    void setDocument(LogDocument *document);
    LogDocument *document() const { return m_document; }
    void setColors(const ThemeColors &colors);
    void setPattern(const std::optional<LogPattern> &pattern); ///< marks its matches
    /// What of the document is shown; null = every line. `lines` must outlive the view or be replaced.
    void setLines(const LogLines *lines);
    void linesChanged(); ///< the lines' count or order changed; the first line of the screen stays
    void setFolds(const FoldedLines *folds) { m_folds = folds; } ///< paints their headings
    void setStepTitle(std::function<QString(uint32_t step)> title) { m_stepTitle = std::move(title); }
    void setMarks(const LogMarks *marks); ///< paints them in the gutter
    void setTimes(LogTimes times, WallTime start = {});
    LogTimes times() const { return m_times; }
    void setWrapping(bool wraps);
    bool isWrapping() const { return m_wraps; }

    Follow follow() const;
    int64_t linesBelow() const; ///< lines after the last visible one
    void followEnd();
    void pauseFollowing();

    int64_t firstLine() const;
    int64_t visibleLines() const; ///< rows that fit as a whole
    bool isLineVisible(int64_t line) const;
    void showLine(int64_t line);                      ///< in the middle, unless it is visible; pauses
    void centreLine(int64_t line);                    ///< in the middle, so that what stands around it is seen; pauses
    int64_t currentLine() const { return m_current; } ///< last clicked, found or gone to; -1 = none
    void setCurrentLine(int64_t line);
    void showHit(const LogHit &hit);
    void clearHit();
    std::optional<LogHit> hit() const { return m_hit; }

    bool hasSelection() const { return m_anchor != m_cursor; }
    /// Without escape sequences. At most `limit` bytes of the log are looked at; more gives nullopt.
    std::optional<QString> selectedText(int64_t limit = copyLimit) const;
    void selectAll();
    void copy();
    void copyWithColours(); ///< the same text, and beside it HTML with the colours
    LogPlace selectionBegin() const { return std::min(m_anchor, m_cursor); }
    LogPlace selectionEnd() const { return std::max(m_anchor, m_cursor); }
    void select(LogPlace anchor, LogPlace cursor);

    void setBaseFont(const QFont &font); ///< of the normal size; the zoom stays
    void zoom(int steps);                ///< 0 = back to the normal size
    // Geometry, in viewport coordinates; for accessibility and tests.
    QRect rowRect(int64_t line) const;
    QRect cellRect(LogPlace place) const;
    LogPlace placeAt(QPoint point) const;
    QString textOf(int64_t line) const;
    const std::vector<LogSlice> &slices() const; ///< what is on the screen, from the top

    // What is copied is read and rendered at once, while the window waits.
    static constexpr int64_t copyLimit = 4 * 1024 * 1024;
    static constexpr int64_t colouredCopyLimit = 1024 * 1024;

signals:
    void followChanged();                                         ///< follow() or linesBelow()
    void placeChanged(qint64 line, qint64 column, qint64 offset); ///< where the pointer last pressed
    void selectionChanged();
    void copyRefused(const QString &why);
    void zoomTurned(int steps); ///< Ctrl and the wheel: zoom() is wanted
    void scrolled();            ///< other lines are on the screen
    void currentLineChanged(qint64 line);
    void hiddenLineWanted(qint64 line); ///< it lies in a fold, and is to be shown
    void headingClicked(uint step);
    void gutterDoubleClicked(qint64 line);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void timerEvent(QTimerEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

    virtual void pressRow(int64_t line, QMouseEvent *event); ///< a click in the text or the gutter
    void scrollByUser(int64_t rows);
    void scrollToRow(int64_t row);
    const LogLines &lines() const { return m_lines ? *m_lines : m_allLines; }

private:
    friend class LogPainter;
    void documentGrown();
    void documentRestarted();
    void measure();
    void updateScrollBars();
    void relayOut();
    void forgetRows();
    void forgetSlices();
    const LogRow &row(int64_t line) const;
    int64_t rowCount() const { return lines().count(); }
    int64_t lineCount() const { return m_document ? m_document->lineCount() : 0; }
    int partsOf(int64_t row) const;
    std::vector<qsizetype> startsOf(int64_t row) const;
    const LogSlice *sliceOf(LogPlace place) const;
    LogTop lastTop() const;
    LogTop moved(LogTop top, int64_t rows) const;
    LogTop topOf(int64_t line) const;
    void scrollTo(LogTop top);
    void revealPlace(LogPlace place);
    void announceFollow();
    void extendSelection(QPoint point);
    void selectWord(LogPlace place);
    void selectLine(int64_t line);

    QPointer<LogDocument> m_document;
    AllLines m_allLines{nullptr};
    const LogLines *m_lines = nullptr;
    const FoldedLines *m_folds = nullptr;
    const LogMarks *m_marks = nullptr;
    std::function<QString(uint32_t)> m_stepTitle;
    LogTimes m_times = LogTimes::Off;
    WallTime m_start{};
    bool m_wraps = false;
    const ThemeColors *m_colors = &lightColors();
    std::optional<LogPattern> m_pattern;
    std::optional<LogHit> m_hit;
    int64_t m_hitLine = 0;
    LogTop m_top;
    int64_t m_topLine = 0; ///< of m_top, so that it stays when other lines are shown
    int64_t m_current = -1;
    int64_t m_knownLines = 0;
    int64_t m_barScale = 1; ///< lines per step of the vertical bar: int is too small for some logs
    bool m_following = true;
    bool m_settingBar = false;
    int m_wheelRest = 0;
    LogPlace m_anchor;
    LogPlace m_cursor;
    bool m_selecting = false;
    QPoint m_pointer;
    QBasicTimer m_autoScroll;
    QFont m_baseFont;
    int m_zoom = 0;
    // metrics
    double m_cell = 8;
    int m_rowHeight = 16;
    int m_ascent = 12;
    int m_gutter = 0;
    int m_columns = 0;                                  ///< cells of a wrapped row; 0 = no wrapping
    mutable std::unordered_map<int64_t, LogRow> m_rows; ///< of what is visible
    mutable std::vector<LogSlice> m_slices;
    mutable bool m_slicesValid = false;
    std::pair<Follow, int64_t> m_announced{Follow::Following, 0};
};

} // namespace danube::console
