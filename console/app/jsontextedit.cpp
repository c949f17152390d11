// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/jsontextedit.h"

#include "console/app/jsonhighlighter.h"
#include "console/models/configform.h"
#include "console/models/textdifference.h"

#include <QFontDatabase>
#include <QKeyEvent>
#include <QTextBlock>

namespace danube::console {

namespace {

constexpr QChar paragraphSeparator{0x2029}; // how QTextDocument stores the end of a line

} // namespace

JsonTextEdit::JsonTextEdit(const ThemeColors &colors, QWidget *parent)
    : QPlainTextEdit(parent), m_highlighter(new JsonHighlighter(QPlainTextEdit::document(), colors))
{
    setLayoutDirection(Qt::LeftToRight); // whatever the language
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setUndoRedoEnabled(false);
    setTabChangesFocus(true);
    setAccessibleName(tr("Text of the file"));
    setFrameShape(QFrame::NoFrame);
    connect(this, &QPlainTextEdit::textChanged, this, &JsonTextEdit::give);
    setReadOnly(true);
}

void JsonTextEdit::setDocument(BlueprintDocument *document)
{
    if (m_document == document)
        return;
    if (m_document)
        m_document->disconnect(this);
    m_document = document;
    if (m_document)
        connect(m_document, &BlueprintDocument::textChanged, this, &JsonTextEdit::take);
    m_syncing = true;
    setPlainText(m_document ? m_document->plainText() : QString());
    m_syncing = false;
    setReadOnly(!m_document || !canShow());
}

QString JsonTextEdit::shown() const
{
    return QPlainTextEdit::document()->toRawText().replace(paragraphSeparator, u'\n');
}

// Lines that end in U+2029 or U+2028 inside of a text cannot be told from others here: such a file is not edited.
bool JsonTextEdit::canShow() const
{
    return shown() == m_document->plainText();
}

void JsonTextEdit::take()
{
    if (m_syncing)
        return;
    const TextChange change = changeBetween(shown(), m_document->plainText());
    if (change.length == 0 && change.replacement.isEmpty())
        return;
    m_syncing = true;
    QTextCursor cursor(QPlainTextEdit::document());
    cursor.setPosition(static_cast<int>(change.position));
    cursor.setPosition(static_cast<int>(change.position + change.length), QTextCursor::KeepAnchor);
    cursor.insertText(change.replacement);
    m_syncing = false;
}

void JsonTextEdit::give()
{
    if (m_syncing || !m_document || isReadOnly())
        return;
    m_syncing = true;
    m_document->setPlainText(shown(), tr("Typing"), QStringLiteral("text"));
    m_syncing = false;
}

void JsonTextEdit::showPointer(const QString &pointer, const blueprint::TextPosition &fallback)
{
    QTextCursor cursor = textCursor();
    const auto range = m_document ? rangeOf(*m_document, pointer) : std::nullopt;
    if (range) {
        cursor.setPosition(static_cast<int>(range->begin));
        cursor.setPosition(static_cast<int>(range->end), QTextCursor::KeepAnchor);
    } else {
        const QTextBlock block = QPlainTextEdit::document()->findBlockByNumber(fallback.line - 1);
        cursor.setPosition(block.position() + std::min(fallback.column - 1, std::max(0, block.length() - 1)));
        cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
    }
    setTextCursor(cursor);
    centerCursor();
}

void JsonTextEdit::setMarks(const QList<std::pair<QString, QColor>> &pointers)
{
    QList<QTextEdit::ExtraSelection> marks;
    for (const auto &[pointer, color] : pointers) {
        const auto range = m_document ? rangeOf(*m_document, pointer) : std::nullopt;
        if (!range)
            continue;
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(QPlainTextEdit::document());
        mark.cursor.setPosition(static_cast<int>(range->begin));
        mark.cursor.setPosition(static_cast<int>(range->end), QTextCursor::KeepAnchor);
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(color);
        marks.append(mark);
    }
    setExtraSelections(marks);
}

void JsonTextEdit::setColors(const ThemeColors &colors)
{
    m_highlighter->setColors(colors);
}

// The editor would claim the keys of undo and redo, although it has no undo of its own.
bool JsonTextEdit::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            event->ignore();
            return true;
        }
    }
    return QPlainTextEdit::event(event);
}

void JsonTextEdit::keyPressEvent(QKeyEvent *event)
{
    if (m_document && event->matches(QKeySequence::Undo))
        m_document->undoStack().undo();
    else if (m_document && event->matches(QKeySequence::Redo))
        m_document->undoStack().redo();
    else
        QPlainTextEdit::keyPressEvent(event);
}

} // namespace danube::console
