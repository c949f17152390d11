// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/logpane.h"

#include "console/app/actionregistry.h"
#include "console/app/bottomtabs.h"
#include "console/app/findbar.h"
#include "console/app/icons.h"
#include "console/app/logpickview.h"
#include "console/app/logsaver.h"
#include "console/app/overviewstrip.h"
#include "console/app/plainlabel.h"
#include "console/models/loglevel.h"
#include "console/models/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

LogPane::LogPane(const ActionRegistry &actions, const ThemeColors &colors, QWidget *parent)
    : QWidget(parent),
      m_actions(actions),
      m_view(new LogView(this)),
      m_overview(new OverviewStrip(*m_view, m_matches, m_errors, this)),
      m_splitter(new QSplitter(Qt::Vertical, this)),
      m_bottom(new BottomTabs(m_splitter)),
      m_matchesView(new LogPickView(tr("Matches"), m_bottom)),
      m_marksView(new LogPickView(tr("Marks"), m_bottom)),
      m_findBar(new FindBar(this)),
      m_follow(new QToolButton(this)),
      m_notice(new QLabel(this)),
      m_saver(new LogSaver(this)),
      m_status(new QLabel(this))
{
    build();
    connectParts();
    setMarksFile({});
    setColors(colors);
    showFollow();
}

// The views outlive the members of this class, and must not look at them any more.
LogPane::~LogPane()
{
    setDocument(nullptr);
    for (LogView *view : views()) {
        view->setFolds(nullptr);
        view->setMarks(nullptr);
        view->setLines(nullptr);
    }
    m_overview->setMarks(nullptr);
}

std::array<LogView *, 3> LogPane::views() const
{
    return {m_view, m_matchesView, m_marksView};
}

void LogPane::build()
{
    for (LogView *view : views())
        view->addActions(m_actions.logActions());
    m_view->setStepTitle([this](uint32_t step) { return stepTitle(step); });
    m_follow->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_follow->setAutoRaise(true);
    const QAction *follow = m_actions.action("log.follow"_L1);
    const auto tellKeys = [this, follow] {
        const QList<QKeySequence> keys = follow->shortcuts() << QKeySequence(Qt::Key_End); // which is the view's own
        m_follow->setToolTip(
            tr("Follow the end of the log (%1)").arg(QKeySequence::listToString(keys, QKeySequence::NativeText)));
    };
    connect(follow, &QAction::changed, this, tellKeys);
    tellKeys();
    for (QLabel *label : {m_notice, m_status})
        label->setTextFormat(Qt::PlainText);
    m_notice->hide();
    m_bottom->add(m_matchesView, tr("Matches"));
    m_bottom->add(m_marksView, tr("Marks"));
    auto *whole = new QWidget(m_splitter);
    whole->setLayoutDirection(Qt::LeftToRight); // as the log is
    auto *row = new QHBoxLayout(whole);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_view, 1);
    row->addWidget(m_overview);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(whole);
    m_splitter->addWidget(m_bottom);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->handle(1)->setAccessibleName(tr("Border between log and tabs"));
    auto *bottom = new QHBoxLayout;
    bottom->setContentsMargins(8, 2, 8, 2);
    bottom->addWidget(m_follow);
    bottom->addWidget(m_notice);
    bottom->addStretch();
    bottom->addWidget(m_saver);
    bottom->addWidget(m_status);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_splitter, 1);
    layout->addWidget(m_findBar);
    layout->addLayout(bottom);
}

void LogPane::connectParts()
{
    connect(m_view, &LogView::followChanged, this, &LogPane::showFollow);
    for (LogView *view : views()) {
        connect(view, &LogView::copyRefused, this, &LogPane::told);
        connect(view, &LogView::zoomTurned, this, &LogPane::zoom);
    }
    connect(m_view, &LogView::headingClicked, this, [this](uint step) {
        auto steps = m_folds->folded();
        steps.erase(step);
        setFolded(std::move(steps));
    });
    connect(m_view, &LogView::hiddenLineWanted, this, [this](qint64 line) {
        auto steps = m_folds->folded();
        steps.erase(m_document->line(line).run.source.step);
        setFolded(std::move(steps));
    });
    connect(m_view, &LogView::gutterDoubleClicked, this, [this](qint64) { toggleMark(); });
    connect(m_matchesView, &LogPickView::picked, m_view, &LogView::centreLine);
    connect(m_marksView, &LogPickView::picked, m_view, &LogView::centreLine);
    connect(m_follow, &QToolButton::clicked, m_view, &LogView::followEnd);
    connect(m_saver, &LogSaver::told, this, &LogPane::told);
    connect(m_saver, &LogSaver::busyChanged, this, &LogPane::unsavedChanged);
    connect(m_findBar, &FindBar::queryChanged, this, &LogPane::applyQuery);
    connect(m_findBar, &FindBar::next, this, &LogPane::nextMatch);
    connect(m_findBar, &FindBar::previous, this, &LogPane::previousMatch);
    connect(m_findBar, &FindBar::closed, this, &LogPane::closeFind);
    connect(m_findBar, &FindBar::filterToggled, this, &LogPane::showMatches);
    connect(m_bottom, &BottomTabs::opened, this,
            [this](QWidget *content) { m_findBar->setFiltering(content == m_matchesView); });
    connect(&m_matches, &LogFinder::changed, this, &LogPane::showCount);
    connect(&m_matches, &LogFinder::found, this, &LogPane::takeHit);
    connect(&m_matches, &LogFinder::wrapped, this,
            [this] { emit told(tr("The search went on at the other end of the log.")); });
    connect(&m_errors, &LogFinder::found, this, &LogPane::takeHit);
    connect(&m_errors, &LogFinder::changed, this, &LogPane::showStatus);
    connect(&m_errors, &LogFinder::nothingFound, this,
            [this] { emit told(tr("No further error in this direction.")); });
}

void LogPane::setBaseFont(const QFont &font)
{
    for (LogView *view : views())
        view->setBaseFont(font);
}

void LogPane::zoom(int steps)
{
    for (LogView *view : views())
        view->zoom(steps);
}

// Folds and matches look at the document before the views do: a signal's receivers are called in the order they came.
void LogPane::setDocument(LogDocument *document)
{
    if (m_document)
        m_document->disconnect(this);
    m_document = document;
    if (document) {
        connect(document, &LogDocument::grown, this, [this] { m_folds->documentGrown(); });
        connect(document, &LogDocument::restarted, this, [this] { m_folds->documentRestarted(); });
        connect(document, &QObject::destroyed, this, [this] { setDocument(nullptr); });
    }
    auto folds = std::make_unique<FoldedLines>(document);
    auto matchLines = std::make_unique<MatchedLines>(document, m_matches.search());
    m_view->setDocument(document);
    m_matches.setDocument(document);
    m_errors.setPattern(document ? std::optional(errorPattern()) : std::nullopt);
    m_errors.setDocument(document);
    m_view->setFolds(folds.get());
    m_view->setLines(folds.get());
    m_matchesView->showLines(document, matchLines.get());
    m_folds = std::move(folds);
    m_matchLines = std::move(matchLines);
    showMarks();
    if (document) {
        connect(document, &LogDocument::grown, this, &LogPane::showStatus);
        connect(document, &LogDocument::restarted, this, &LogPane::showStatus);
    }
    showStatus();
    showFollow();
}

void LogPane::setMarksFile(const QString &path)
{
    auto marks = std::make_unique<LogMarks>(path);
    connect(marks.get(), &LogMarks::failed, this, &LogPane::told);
    connect(marks.get(), &LogMarks::changed, this, [this] {
        m_marksView->linesChanged();
        countMarks();
        m_view->viewport()->update();
        m_overview->renew();
    });
    m_view->setMarks(marks.get());
    m_overview->setMarks(marks.get());
    std::swap(m_marks, marks);
    showMarks();
}

void LogPane::showMarks()
{
    auto lines = std::make_unique<MarkedLines>(m_document, *m_marks);
    m_marksView->showLines(m_document, lines.get());
    m_marksView->setMarks(m_marks.get());
    m_markLines = std::move(lines);
    countMarks();
}

void LogPane::countMarks()
{
    m_bottom->setTitle(m_marksView,
                       m_marks->offsets().empty() ? tr("Marks") : tr("Marks (%1)").arg(m_marks->offsets().size()));
}

void LogPane::setNotice(const QString &text)
{
    m_notice->setText(text);
    m_notice->setVisible(!text.isEmpty());
}

QString LogPane::notice() const
{
    return m_notice->text();
}

QString LogPane::unsaved() const
{
    return m_saver->isBusy() ? tr("the log that is being saved") : QString();
}

void LogPane::setColors(const ThemeColors &colors)
{
    m_view->setColors(colors);
    m_matchesView->setColors(colors);
    m_marksView->setColors(colors);
    m_overview->setColors(colors);
    setTextColor(*m_notice, colors.warning);
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
    if (m_bottom->current() == m_matchesView)
        m_bottom->close();
    m_matches.setPattern({});
    m_view->setPattern({});
    m_matchesView->setPattern({});
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
            m_matchesView->setPattern({});
            m_findBar->showError(compiled.error().message);
            return;
        }
        pattern = *compiled;
    }
    m_view->clearHit();
    m_view->setPattern(pattern);
    m_matchesView->setPattern(pattern);
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

// An error is a line, however often it says so: from one, the search goes on outside of its line.
int64_t LogPane::lineBorder(LogFinder::Direction direction) const
{
    const int64_t start = startOffset(direction);
    const bool isAtHit = m_view->hit() && std::abs(m_view->hit()->begin - start) <= 1;
    if (isEmpty() || !isAtHit)
        return start;
    const int64_t line = m_document->lineAt(m_view->hit()->begin);
    if (direction == LogFinder::Direction::Backward)
        return m_document->offsetOf(line);
    return line + 1 < m_document->lineCount() ? m_document->offsetOf(line + 1) : m_document->bytes();
}

void LogPane::stepFrom(LogFinder &finder, LogFinder::Direction direction)
{
    m_matches.forgetStep();
    m_errors.forgetStep();
    finder.step(direction, &finder == &m_errors ? lineBorder(direction) : startOffset(direction));
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

void LogPane::showMatches(bool shown)
{
    if (shown && !m_matches.pattern())
        openFind();
    if (shown)
        m_bottom->open(m_matchesView);
    else if (m_bottom->current() == m_matchesView)
        m_bottom->close();
}

void LogPane::nextError()
{
    stepFrom(m_errors, LogFinder::Direction::Forward);
}

void LogPane::previousError()
{
    stepFrom(m_errors, LogFinder::Direction::Backward);
}

void LogPane::takeHit(const LogHit &hit)
{
    m_view->showHit(hit);
}

void LogPane::showCount()
{
    m_matchesView->linesChanged();
    m_bottom->setTitle(m_matchesView, m_matches.pattern()
                                          ? tr("Matches (%1)").arg(QLocale().toString(qlonglong(m_matches.count())))
                                          : tr("Matches"));
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
        m_findBar->showCount(tr("%1 matches", nullptr, pluralCount(m_matches.count())).arg(count));
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
        text = m_view->linesBelow() == 0 ? tr("Paused")
                                         : tr("Paused · + %Ln lines below", nullptr, pluralCount(m_view->linesBelow()));
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
    QString text = tr("%Ln lines · %1", nullptr, pluralCount(document->lineCount()))
                       .arg(locale.formattedDataSize(document->bytes()));
    if (document->isIndexing() && document->snapshot().size > 0)
        text += tr(" · indexing %1 %").arg(document->bytes() * 100 / document->snapshot().size);
    if (const int64_t errors = m_errors.search().matchedLines(); errors > 0)
        text = tr("%n errors", nullptr, pluralCount(errors)) + u" · "_s + text;
    m_status->setText(text);
}

} // namespace danube::console
