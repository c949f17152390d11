// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/filterline.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QCoreApplication>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QStringListModel>
#include <QTextCharFormat>

namespace danube::console {

FilterLine::FilterLine(QWidget *parent)
    : QLineEdit(parent), m_tokens(new QStringListModel(this)), m_offers(new QCompleter(m_tokens, this))
{
    m_offers->setWidget(this);
    m_offers->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_offers->popup()->setAccessibleName(tr("Offered filters"));
    connect(m_offers, qOverload<const QString &>(&QCompleter::activated), this, &FilterLine::take);
    connect(this, &QLineEdit::textEdited, this, &FilterLine::offer);
}

void FilterLine::offer()
{
    emit offersWanted();
    m_completion = FilterCompletion::of(text(), cursorPosition(), m_known);
    m_tokens->setStringList(m_completion.tokens);
    if (m_completion.tokens.isEmpty() || !hasFocus()) {
        m_offers->popup()->hide();
        return;
    }
    QRect place = cursorRect();
    place.setWidth(std::max(220, m_offers->popup()->sizeHintForColumn(0) + 30));
    m_offers->complete(place);
}

// A token that still wants a value keeps the line open for it.
void FilterLine::take(const QString &token)
{
    QString line = text();
    const bool isWhole = !token.endsWith(u':');
    line.replace(m_completion.start, m_completion.length, isWhole ? token + u' ' : token);
    setText(line);
    setCursorPosition(int(m_completion.start + token.size() + (isWhole ? 1 : 0)));
    if (!isWhole)
        offer();
}

void FilterLine::keyPressEvent(QKeyEvent *event)
{
    const bool isOpen = m_offers->popup()->isVisible();
    if (isOpen && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Tab) &&
        m_offers->popup()->currentIndex().isValid()) {
        event->ignore(); // the list takes it
        return;
    }
    if (isOpen && event->key() == Qt::Key_Escape) {
        event->ignore(); // closes the list only
        return;
    }
    if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
        clear();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

void FilterLine::setProblems(const QList<JobQuery::Problem> &problems, const QColor &color)
{
    m_problems = problems;
    m_color = color;
    underline();
}

// Input methods give pieces of their text a format; that is the one way in which a line edit takes formats.
void FilterLine::underline()
{
    QList<QInputMethodEvent::Attribute> attributes;
    for (const JobQuery::Problem &problem : std::as_const(m_problems)) {
        QTextCharFormat format;
        format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        format.setUnderlineColor(m_color);
        attributes.append(
            {QInputMethodEvent::TextFormat, int(problem.start) - cursorPosition(), int(problem.length), format});
    }
    QInputMethodEvent event(QString(), attributes);
    QCoreApplication::sendEvent(this, &event);
}

} // namespace danube::console
