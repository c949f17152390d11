// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/findbar.h"

#include "console/app/icons.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace danube::console {

namespace {

constexpr std::chrono::milliseconds typingPause{150};
constexpr int longestPattern = 1000;

} // namespace

FindBar::FindBar(QWidget *parent) : QWidget(parent), m_text(new QLineEdit(this)), m_count(new QLabel(this))
{
    auto *label = new QLabel(tr("Find:"), this);
    label->setBuddy(m_text);
    m_text->setPlaceholderText(tr("Text or expression"));
    m_text->setClearButtonEnabled(true);
    m_text->setMaxLength(longestPattern);
    m_text->setMinimumWidth(200);
    m_text->installEventFilter(this);
    m_case = addButton("match-case", tr("Match letter case"), true);
    m_word = addButton("whole-word", tr("Whole words only"), true);
    m_regex = addButton("regex", tr("Regular expression"), true);
    m_previous = addButton("previous", tr("Previous match"), false);
    m_next = addButton("next", tr("Next match"), false);
    m_filter = addButton("filter", tr("List the matches"), true);
    m_close = addButton("close", tr("Close the find bar"), false);
    m_count->setTextFormat(Qt::PlainText);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(4);
    layout->addWidget(label);
    layout->addWidget(m_text, 1);
    for (QToolButton *button : {m_case, m_word, m_regex, m_previous, m_next, m_filter})
        layout->addWidget(button);
    layout->addWidget(m_count, 1);
    layout->addWidget(m_close);
    m_pause.setSingleShot(true);
    m_pause.setInterval(typingPause);
    connect(&m_pause, &QTimer::timeout, this, &FindBar::queryChanged);
    connect(m_text, &QLineEdit::textEdited, &m_pause, qOverload<>(&QTimer::start));
    for (QToolButton *button : {m_case, m_word, m_regex})
        connect(button, &QToolButton::toggled, this, &FindBar::queryChanged);
    connect(m_previous, &QToolButton::clicked, this, &FindBar::previous);
    connect(m_next, &QToolButton::clicked, this, &FindBar::next);
    connect(m_filter, &QToolButton::toggled, this, &FindBar::filterToggled);
    connect(m_close, &QToolButton::clicked, this, &FindBar::closed);
    hide();
}

QToolButton *FindBar::addButton(const char *iconName, const QString &name, bool checkable)
{
    auto *button = new QToolButton(this);
    button->setObjectName(QLatin1StringView(iconName));
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setCheckable(checkable);
    button->setAutoRaise(true);
    button->setIcon(icon(QString::fromLatin1(iconName)));
    return button;
}

void FindBar::setFiltering(bool filtering)
{
    const QSignalBlocker blocker(m_filter);
    m_filter->setChecked(filtering);
}

bool FindBar::isFiltering() const
{
    return m_filter->isChecked();
}

void FindBar::open()
{
    show();
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

LogQuery FindBar::query() const
{
    return {m_text->text(), m_regex->isChecked() ? LogQuery::Syntax::Regex : LogQuery::Syntax::Literal,
            m_case->isChecked() ? LogQuery::Case::Respect : LogQuery::Case::Ignore,
            m_word->isChecked() ? LogQuery::Words::Whole : LogQuery::Words::Any};
}

void FindBar::setQuery(const LogQuery &query)
{
    {
        const QSignalBlocker caseBlocker(m_case), wordBlocker(m_word), regexBlocker(m_regex);
        m_text->setText(query.text);
        m_regex->setChecked(query.syntax == LogQuery::Syntax::Regex);
        m_case->setChecked(query.letters == LogQuery::Case::Respect);
        m_word->setChecked(query.words == LogQuery::Words::Whole);
    }
    emit queryChanged();
}

void FindBar::showCount(const QString &text)
{
    m_count->setText(text);
    m_count->setToolTip({});
}

void FindBar::showError(const QString &text)
{
    m_count->setText(text);
    m_count->setToolTip(text);
}

bool FindBar::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_text && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            if (m_pause.isActive()) {
                m_pause.stop();
                emit queryChanged();
            } else if (key->modifiers() & Qt::ShiftModifier) {
                emit previous();
            } else {
                emit next();
            }
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void FindBar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        emit closed();
    else
        QWidget::keyPressEvent(event);
}

} // namespace danube::console
