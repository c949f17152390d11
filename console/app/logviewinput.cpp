// SPDX-License-Identifier: GPL-3.0-or-later
// What pointer and keys do to a LogView: scrolling, selecting, copying.
#include "console/app/loghtml.h"
#include "console/app/logview.h"
#include "console/models/logfolds.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLocale>
#include <QMimeData>
#include <QScrollBar>
#include <QWheelEvent>

namespace danube::console {

namespace {

constexpr int linesPerNotch = 3;
constexpr int notch = 120; // QWheelEvent::angleDelta of one
constexpr milliseconds autoScrollInterval{40};

bool isWordCharacter(QChar character)
{
    return character.isLetterOrNumber() || character == u'_' || character == u'-' || character == u'.' ||
           character == u'/';
}

} // namespace

void LogView::keyPressEvent(QKeyEvent *event)
{
    const int64_t page = std::max<int64_t>(1, visibleLines() - 1);
    QScrollBar *across = horizontalScrollBar();
    switch (event->key()) {
    case Qt::Key_Up:
        return scrollByUser(-1);
    case Qt::Key_Down:
        return scrollByUser(1);
    case Qt::Key_PageUp:
        return scrollByUser(-page);
    case Qt::Key_PageDown:
        return scrollByUser(page);
    case Qt::Key_Home:
        across->setValue(0);
        m_following = false;
        return scrollToRow(0);
    case Qt::Key_End:
        return followEnd();
    case Qt::Key_Left:
        return across->setValue(across->value() - across->singleStep());
    case Qt::Key_Right:
        return across->setValue(across->value() + across->singleStep());
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void LogView::wheelEvent(QWheelEvent *event)
{
    const bool across =
        event->modifiers() & Qt::ShiftModifier || std::abs(event->angleDelta().x()) > std::abs(event->angleDelta().y());
    if (event->modifiers() & Qt::ControlModifier) {
        if (event->angleDelta().y() != 0)
            emit zoomTurned(event->angleDelta().y() > 0 ? 1 : -1);
        return;
    }
    if (across) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    m_wheelRest += event->angleDelta().y() * linesPerNotch; // small steps of touchpads add up
    const int lines = m_wheelRest / notch;
    m_wheelRest -= lines * notch;
    if (lines != 0)
        scrollByUser(-lines);
    event->accept();
}

void LogView::select(LogPlace anchor, LogPlace cursor)
{
    if (anchor == m_anchor && cursor == m_cursor)
        return;
    m_anchor = anchor;
    m_cursor = cursor;
    if (hasSelection())
        pauseFollowing();
    viewport()->update();
    emit selectionChanged();
}

void LogView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || slices().empty())
        return;
    pressRow(placeAt(event->position().toPoint()).line, event);
}

void LogView::pressRow(int64_t line, QMouseEvent *event)
{
    const LogPlace place = placeAt(event->position().toPoint());
    emit placeChanged(place.line, place.index, row(place.line).offset());
    setCurrentLine(line);
    if (const uint step = m_folds ? m_folds->headingOf(line) : 0)
        return emit headingClicked(step);
    m_pointer = event->position().toPoint();
    m_selecting = true;
    if (m_pointer.x() < m_gutter)
        return selectLine(line);
    select(event->modifiers() & Qt::ShiftModifier ? m_anchor : place, place);
}

void LogView::mouseMoveEvent(QMouseEvent *event)
{
    if (!m_selecting)
        return;
    m_pointer = event->position().toPoint();
    extendSelection(m_pointer);
    const bool outside = !viewport()->rect().contains(m_pointer);
    if (outside && !m_autoScroll.isActive())
        m_autoScroll.start(autoScrollInterval, this);
    else if (!outside)
        m_autoScroll.stop();
}

void LogView::mouseReleaseEvent(QMouseEvent *)
{
    m_selecting = false;
    m_autoScroll.stop();
    QClipboard *clipboard = QGuiApplication::clipboard();
    if (!hasSelection() || !clipboard->supportsSelection())
        return;
    if (const auto text = selectedText(1024 * 1024)) // the primary selection is for small things
        clipboard->setText(*text, QClipboard::Selection);
}

void LogView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (slices().empty())
        return;
    const LogPlace place = placeAt(event->position().toPoint());
    if (event->position().x() < m_gutter)
        emit gutterDoubleClicked(place.line);
    else
        selectWord(place);
}

void LogView::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_autoScroll.timerId())
        return QAbstractScrollArea::timerEvent(event);
    const int below = m_pointer.y() - viewport()->height();
    const int distance = m_pointer.y() < 0 ? m_pointer.y() : std::max(0, below);
    if (distance != 0)
        scrollByUser(distance / m_rowHeight + (distance > 0 ? 1 : -1));
    extendSelection(m_pointer);
}

void LogView::extendSelection(QPoint point)
{
    select(m_anchor, placeAt(point));
}

void LogView::selectWord(LogPlace place)
{
    const QString text = textOf(place.line);
    qsizetype begin = std::min(place.index, text.size());
    qsizetype end = begin;
    while (begin > 0 && isWordCharacter(text[begin - 1]))
        --begin;
    while (end < text.size() && isWordCharacter(text[end]))
        ++end;
    select({place.line, begin}, {place.line, end});
}

void LogView::selectLine(int64_t line)
{
    const bool last = line + 1 >= lineCount();
    select({line, 0}, last ? LogPlace{line, textOf(line).size()} : LogPlace{line + 1, 0});
}

void LogView::selectAll()
{
    if (lineCount() > 0)
        select({0, 0}, {lineCount() - 1, textOf(lineCount() - 1).size()});
}

std::optional<QString> LogView::selectedText(int64_t limit) const
{
    if (!m_document || !hasSelection() || lineCount() == 0)
        return QString();
    const LogPlace begin = selectionBegin();
    const LogPlace end = selectionEnd();
    const LogLine last = m_document->line(end.line);
    if (last.offset + last.bytes.size() - m_document->line(begin.line).offset > limit)
        return std::nullopt;
    QString text;
    for (int64_t line = begin.line; line <= end.line; ++line) {
        const LogLine content = m_document->line(line);
        const QString shown =
            renderAnsiLine(content.bytes, content.style, std::max<qsizetype>(1, content.bytes.size())).text;
        const qsizetype from = line == begin.line ? std::min(begin.index, shown.size()) : 0;
        const qsizetype to = line == end.line ? std::min(end.index, shown.size()) : shown.size();
        text += QStringView(shown).sliced(from, std::max<qsizetype>(0, to - from));
        if (line < end.line)
            text += u'\n';
    }
    return text;
}

void LogView::copy()
{
    const auto text = selectedText();
    if (!text)
        emit copyRefused(tr("The selection is larger than %1: too much for the clipboard. "
                            "Log, Save selected lines takes any size.")
                             .arg(QLocale().formattedDataSize(copyLimit)));
    else if (!text->isEmpty())
        QGuiApplication::clipboard()->setText(*text);
}

void LogView::copyWithColours()
{
    const auto text = selectedText(colouredCopyLimit);
    if (!text) {
        emit copyRefused(tr("The selection is larger than %1: too much to copy with colours. "
                            "Log, Save selected lines takes any size.")
                             .arg(QLocale().formattedDataSize(colouredCopyLimit)));
    } else if (!text->isEmpty()) {
        auto *content = new QMimeData;
        content->setText(*text);
        content->setHtml(logToHtml(*m_document, selectionBegin(), selectionEnd(), *m_colors));
        QGuiApplication::clipboard()->setMimeData(content);
    }
}

} // namespace danube::console
