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
    void paintGutter(int64_t line, const LogRow &row, const QRect &rect);
    void paintRow(int64_t line, const LogRow &row, const QRect &rect);
    void paintBackgrounds(const LogRow &row, const QRect &rect);
    void paintSpan(const LogRow &row, const QRect &rect, LogSpan span, const QColor &color);
    void paintTextAndMarks(int64_t line, const LogRow &row, const QRect &rect);
    void paintText(const LogRow &row, const QRect &rect, LogSpan part, const QColor &forced);
    void paintPiece(const LogRow &row, qsizetype begin, qsizetype end, int baseline);
    void paintCutNote(const LogRow &row, const QRect &rect);
    std::optional<LogSpan> selectionIn(int64_t line, const LogRow &row) const;
    std::optional<LogSpan> hitIn(int64_t line, const LogRow &row) const;
    double xOf(int64_t cell) const;

    LogView &m_view;
    QPainter &m_painter;
    const ThemeColors &m_colors;
};

} // namespace danube::console
