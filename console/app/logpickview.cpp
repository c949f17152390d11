// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/logpickview.h"

#include <QMouseEvent>

namespace danube::console {

LogPickView::LogPickView(const QString &name, QWidget *parent) : LogView(parent)
{
    setAccessibleName(name);
    viewport()->setCursor(Qt::PointingHandCursor);
}

void LogPickView::showLines(LogDocument *document, const LogLines *lines)
{
    setDocument(document);
    setLines(lines);
    pauseFollowing();
}

void LogPickView::pickRow(int64_t row)
{
    const int64_t count = lines().count();
    if (count == 0)
        return;
    const int64_t line = lines().lineOf(std::clamp<int64_t>(row, 0, count - 1));
    showLine(line);
    emit picked(line);
}

void LogPickView::keyPressEvent(QKeyEvent *event)
{
    const int64_t current = currentLine() < 0 ? -1 : lines().rowOf(currentLine());
    switch (event->key()) {
    case Qt::Key_Up:
        return pickRow(current < 0 ? 0 : current - 1);
    case Qt::Key_Down:
        return pickRow(current + 1);
    case Qt::Key_PageUp:
        return pickRow(current - visibleLines());
    case Qt::Key_PageDown:
        return pickRow(current + visibleLines());
    case Qt::Key_Home:
        return pickRow(0);
    case Qt::Key_End:
        return pickRow(lines().count() - 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return pickRow(std::max<int64_t>(0, current));
    default:
        LogView::keyPressEvent(event);
    }
}

void LogPickView::pressRow(int64_t line, QMouseEvent *)
{
    pickRow(lines().rowOf(line));
}

} // namespace danube::console
