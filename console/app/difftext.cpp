// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/difftext.h"

#include <QEvent>
#include <QFontDatabase>
#include <QScrollBar>
#include <QTextBlock>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr qsizetype contextLines = 3;
constexpr int tint = 38; // alpha of a marked line's background

QChar markOf(DiffLine::Kind kind)
{
    switch (kind) {
    case DiffLine::Kind::Added:
        return u'+';
    case DiffLine::Kind::Removed:
        return u'-';
    case DiffLine::Kind::Same:
        break;
    }
    return u' ';
}

} // namespace

DiffText::DiffText(const ThemeColors &colors, const QString &accessibleName, QWidget *parent)
    : QPlainTextEdit(parent), m_colors(colors)
{
    setLayoutDirection(Qt::LeftToRight); // whatever the language
    setReadOnly(true);
    setTabChangesFocus(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setAccessibleName(accessibleName);
}

void DiffText::setLines(QList<Line> lines)
{
    m_lines = std::move(lines);
    QStringList texts;
    for (const Line &line : std::as_const(m_lines))
        texts.append(u"%1 %2"_s.arg(markOf(line.kind)).arg(line.text));
    const int scroll = verticalScrollBar()->value();
    setPlainText(texts.join(u'\n'));
    paintLines();
    verticalScrollBar()->setValue(scroll);
}

void DiffText::setDifference(const QList<DiffLine> &lines)
{
    QList<bool> isNear(lines.size(), false);
    for (qsizetype i = 0; i < lines.size(); ++i) {
        for (qsizetype j = std::max<qsizetype>(0, i - contextLines);
             lines[i].kind != DiffLine::Kind::Same && j <= std::min(lines.size() - 1, i + contextLines); ++j)
            isNear[j] = true;
    }
    QList<Line> shown;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (isNear[i])
            shown.append({lines[i].kind, lines[i].text, false});
        else if (i == 0 || isNear[i - 1])
            shown.append({DiffLine::Kind::Same, u"⋯"_s, true});
    }
    setLines(std::move(shown));
}

void DiffText::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paintLines();
}

void DiffText::paintLines()
{
    QList<QTextEdit::ExtraSelection> marks;
    QTextBlock block = document()->firstBlock();
    for (const Line &line : std::as_const(m_lines)) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(block);
        mark.cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
        if (line.kind == DiffLine::Kind::Same)
            mark.format.setForeground(line.isMuted ? m_colors.muted : palette().color(QPalette::Text));
        else {
            QColor color = line.kind == DiffLine::Kind::Added ? m_colors.success : m_colors.failure;
            mark.format.setForeground(color);
            color.setAlpha(tint);
            mark.format.setBackground(color);
            mark.format.setProperty(QTextFormat::FullWidthSelection, true);
        }
        if (line.kind != DiffLine::Kind::Same || line.isMuted)
            marks.append(mark);
        block = block.next();
    }
    setExtraSelections(marks);
}

} // namespace danube::console
