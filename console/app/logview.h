// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/logrow.h"
#include "console/app/theme.h"
#include "console/models/logsearch.h"

#include <QAbstractScrollArea>
#include <QBasicTimer>
#include <QPointer>

#include <unordered_map>

namespace danube::console {

struct LogPlace
{
    int64_t line = 0;
    qsizetype index = 0; ///< UTF-16 units of what the line shows
    auto operator<=>(const LogPlace &) const = default;
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

    Follow follow() const;
    int64_t linesBelow() const; ///< lines after the last visible one
    void followEnd();
    void pauseFollowing();

    int64_t firstLine() const { return m_top; }
    int64_t visibleLines() const; ///< rows that fit as a whole
    void showLine(int64_t line);  ///< in the middle, unless it is visible; pauses
    void showHit(const LogHit &hit);
    void clearHit();
    std::optional<LogHit> hit() const { return m_hit; }

    bool hasSelection() const { return m_anchor != m_cursor; }
    /// Without escape sequences. At most `limit` bytes of the log are looked at; more gives nullopt.
    std::optional<QString> selectedText(int64_t limit = copyLimit) const;
    void selectAll();
    void copy();
    LogPlace selectionBegin() const { return std::min(m_anchor, m_cursor); }
    LogPlace selectionEnd() const { return std::max(m_anchor, m_cursor); }
    void select(LogPlace anchor, LogPlace cursor);

    void zoom(int steps); ///< 0 = back to the normal size
    // Geometry, in viewport coordinates; for accessibility and tests.
    QRect rowRect(int64_t line) const;
    QRect cellRect(LogPlace place) const;
    LogPlace placeAt(QPoint point) const;
    QString textOf(int64_t line) const;

    static constexpr int64_t copyLimit = 64 * 1024 * 1024;

signals:
    void followChanged();                                         ///< follow() or linesBelow()
    void placeChanged(qint64 line, qint64 column, qint64 offset); ///< where the pointer last pressed
    void selectionChanged();
    void copyRefused(const QString &why);

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

private:
    friend class LogPainter;
    void documentGrown();
    void documentRestarted();
    void measure();
    void updateScrollBars();
    void forgetRows();
    const LogRow &row(int64_t line) const;
    int64_t lastTop() const;
    int64_t lineCount() const { return m_document ? m_document->lineCount() : 0; }
    void scrollTo(int64_t top);
    void scrollByUser(int64_t top);
    void revealColumn(int64_t cell);
    void announceFollow();
    void extendSelection(QPoint point);
    void selectWord(LogPlace place);
    void selectLine(int64_t line);

    QPointer<LogDocument> m_document;
    const ThemeColors *m_colors = &lightColors();
    std::optional<LogPattern> m_pattern;
    std::optional<LogHit> m_hit;
    int64_t m_top = 0;
    int64_t m_barScale = 1; ///< lines per step of the vertical bar: int is too small for some logs
    bool m_following = true;
    bool m_settingBar = false;
    int m_wheelRest = 0;
    LogPlace m_anchor;
    LogPlace m_cursor;
    bool m_selecting = false;
    QPoint m_pointer;
    QBasicTimer m_autoScroll;
    int m_zoom = 0;
    // metrics
    double m_cell = 8;
    int m_rowHeight = 16;
    int m_ascent = 12;
    int m_gutter = 0;
    mutable std::unordered_map<int64_t, LogRow> m_rows; ///< of what is visible
    std::pair<Follow, int64_t> m_announced{Follow::Following, 0};
};

} // namespace danube::console
