// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/logpane.h"

#include "console/app/actionregistry.h"
#include "console/app/findbar.h"
#include "console/app/icons.h"
#include "console/models/loglevel.h"

#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QLocale>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

LogPane::LogPane(const ActionRegistry &actions, const ThemeColors &colors, QWidget *parent)
    : QWidget(parent),
      m_view(new LogView(this)),
      m_findBar(new FindBar(this)),
      m_follow(new QToolButton(this)),
      m_status(new QLabel(this))
{
    m_view->addActions(actions.logActions());
    m_view->setColors(colors);
    m_follow->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_follow->setAutoRaise(true);
    m_follow->setToolTip(tr("Follow the end of the log (F, End)"));
    m_status->setTextFormat(Qt::PlainText);
    auto *bottom = new QHBoxLayout;
    bottom->setContentsMargins(8, 2, 8, 2);
    bottom->addWidget(m_follow);
    bottom->addStretch();
    bottom->addWidget(m_status);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_findBar);
    layout->addLayout(bottom);
    connect(m_view, &LogView::followChanged, this, &LogPane::showFollow);
    connect(m_view, &LogView::copyRefused, this, &LogPane::told);
    connect(m_follow, &QToolButton::clicked, m_view, &LogView::followEnd);
    connect(m_findBar, &FindBar::queryChanged, this, &LogPane::applyQuery);
    connect(m_findBar, &FindBar::next, this, &LogPane::nextMatch);
    connect(m_findBar, &FindBar::previous, this, &LogPane::previousMatch);
    connect(m_findBar, &FindBar::closed, this, &LogPane::closeFind);
    connect(&m_matches, &LogFinder::changed, this, &LogPane::showCount);
    connect(&m_matches, &LogFinder::found, this, &LogPane::takeHit);
    connect(&m_matches, &LogFinder::wrapped, this,
            [this] { emit told(tr("The search went on at the other end of the log.")); });
    connect(&m_errors, &LogFinder::found, this, &LogPane::takeHit);
    connect(&m_errors, &LogFinder::nothingFound, this,
            [this] { emit told(tr("No further error in this direction.")); });
    showFollow();
}

void LogPane::setDocument(LogDocument *document)
{
    m_view->setDocument(document);
    m_matches.setDocument(document);
    m_errors.setDocument(document);
    if (document) {
        connect(document, &LogDocument::grown, this, &LogPane::showStatus);
        connect(document, &LogDocument::restarted, this, &LogPane::showStatus);
    }
    showStatus();
    showFollow();
}

void LogPane::setColors(const ThemeColors &colors)
{
    m_view->setColors(colors);
    m_findBar->renewIcons();
    showFollow();
}

void LogPane::openFind()
{
    m_findBar->open();
    if (!m_findBar->query().text.isEmpty() && !m_matches.pattern())
        applyQuery();
}

void LogPane::closeFind()
{
    m_findBar->hide();
    m_matches.setPattern({});
    m_view->setPattern({});
    m_view->clearHit();
    m_view->setFocus(Qt::OtherFocusReason);
}

void LogPane::applyQuery()
{
    const LogQuery query = m_findBar->query();
    std::optional<LogPattern> pattern;
    if (!query.text.isEmpty()) {
        const auto compiled = LogPattern::compile(query);
        if (!compiled) {
            m_matches.setPattern({});
            m_view->setPattern({});
            m_findBar->showError(compiled.error().message);
            return;
        }
        pattern = *compiled;
    }
    m_view->clearHit();
    m_view->setPattern(pattern);
    m_matches.setPattern(pattern);
    if (pattern)
        m_matches.step(LogFinder::Direction::Forward, startOffset(LogFinder::Direction::Forward));
}

// From the last hit where it is in sight, else from the first visible line.
int64_t LogPane::startOffset(LogFinder::Direction direction) const
{
    const LogDocument *document = m_view->document();
    if (!document || document->lineCount() == 0)
        return 0;
    if (const auto hit = m_view->hit()) {
        const int64_t line = document->lineAt(hit->begin);
        if (line >= m_view->firstLine() && line < m_view->firstLine() + m_view->visibleLines())
            return direction == LogFinder::Direction::Forward ? hit->begin + 1 : hit->begin;
    }
    return document->line(std::min(m_view->firstLine(), document->lineCount() - 1)).offset;
}

void LogPane::stepFrom(LogFinder &finder, LogFinder::Direction direction)
{
    m_matches.forgetStep();
    m_errors.forgetStep();
    finder.step(direction, startOffset(direction));
}

void LogPane::nextMatch()
{
    if (!m_matches.pattern())
        return openFind();
    stepFrom(m_matches, LogFinder::Direction::Forward);
}

void LogPane::previousMatch()
{
    if (!m_matches.pattern())
        return openFind();
    stepFrom(m_matches, LogFinder::Direction::Backward);
}

void LogPane::nextError()
{
    if (!m_errors.pattern())
        m_errors.setPattern(errorPattern());
    stepFrom(m_errors, LogFinder::Direction::Forward);
}

void LogPane::previousError()
{
    if (!m_errors.pattern())
        m_errors.setPattern(errorPattern());
    stepFrom(m_errors, LogFinder::Direction::Backward);
}

void LogPane::goToLine()
{
    const LogDocument *document = m_view->document();
    if (!document || document->lineCount() == 0)
        return;
    const int last = int(std::min<int64_t>(document->lineCount(), std::numeric_limits<int>::max()));
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Go to line"));
    dialog->setLabelText(tr("Line (1 to %1):").arg(last));
    dialog->setInputMode(QInputDialog::IntInput);
    dialog->setIntRange(1, last);
    dialog->setIntValue(int(m_view->firstLine()) + 1);
    connect(dialog, &QInputDialog::intValueSelected, m_view, [this](int line) { m_view->showLine(line - 1); });
    dialog->open();
}

void LogPane::takeHit(const LogHit &hit)
{
    m_view->showHit(hit);
}

void LogPane::showCount()
{
    if (!m_matches.pattern()) {
        if (m_findBar->query().text.isEmpty())
            m_findBar->showCount({});
        return;
    }
    if (!m_matches.error().isEmpty()) {
        m_findBar->showError(m_matches.error());
        return;
    }
    const QLocale locale;
    const QString count =
        locale.toString(qlonglong(m_matches.count())) + (m_matches.isSearching() ? u"+"_s : QString());
    if (m_matches.count() == 0)
        m_findBar->showCount(m_matches.isSearching() ? tr("Searching…") : tr("No match"));
    else if (m_matches.current())
        m_findBar->showCount(tr("%1 of %2").arg(locale.toString(qlonglong(m_matches.ordinal())), count));
    else
        m_findBar->showCount(tr("%1 matches").arg(count));
}

void LogPane::showFollow()
{
    QString iconName = u"follow"_s;
    QString text = tr("Following");
    if (m_view->follow() == LogView::Follow::Ended) {
        iconName = u"ended"_s;
        text = tr("Ended");
    } else if (m_view->follow() == LogView::Follow::Paused) {
        iconName = u"paused"_s;
        text = m_view->linesBelow() == 0
                   ? tr("Paused")
                   : tr("Paused · + %1 lines below").arg(QLocale().toString(qlonglong(m_view->linesBelow())));
    }
    m_follow->setIcon(icon(iconName));
    m_follow->setText(text);
    m_follow->setAccessibleName(tr("Follow: %1").arg(text));
}

QString LogPane::status() const
{
    return m_status->text();
}

void LogPane::showStatus()
{
    const LogDocument *document = m_view->document();
    if (!document)
        return m_status->clear();
    const QLocale locale;
    QString text =
        tr("%1 lines · %2")
            .arg(locale.toString(qlonglong(document->lineCount())), locale.formattedDataSize(document->bytes()));
    if (document->isIndexing() && document->snapshot().size > 0)
        text += tr(" · indexing %1 %").arg(document->bytes() * 100 / document->snapshot().size);
    m_status->setText(text);
}

} // namespace danube::console
