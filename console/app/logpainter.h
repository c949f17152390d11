// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/logview.h"

#include <QPainter>

namespace danube::console {

/// Draws the visible rows of a LogView: gutter, backgrounds, matches, selection, text. Made for one paint event.
class LogPainter
{
public:
    LogPainter(LogView &view, QPainter &painter) : m_view(view), m_painter(painter), m_colors(*view.m_colors) {}
    void paint(const QRect &exposed);
    static int gutterWidth(const LogView &view);

private:
    void paintSlice(const LogSlice &slice, bool isRepeatedStep);
    void paintGutter(bool isRepeatedStep);
    void paintHeading(uint32_t step);
    void paintRow();
    void paintBackgrounds();
    void paintSpan(LogSpan span, const QColor &color);
    void paintTextAndMarks();
    void paintText(LogSpan part, const QColor &forced);
    void paintColored(LogSpan part, const QColor &color);
    void paintPiece(qsizetype begin, qsizetype end, int baseline);
    void paintCutNote();
    QString timeText() const;
    std::optional<LogSpan> selectionIn() const;
    std::optional<LogSpan> hitIn() const;
    double xOf(int64_t cell) const;
    LogSpan shown() const; ///< the slice's part of the row's text

    LogView &m_view;
    QPainter &m_painter;
    const ThemeColors &m_colors;
    // of the slice that is being painted
    LogSlice m_slice;
    const LogRow *m_row = nullptr;
    QRect m_rect;
    int64_t m_firstCell = 0;
};

} // namespace danube::console
