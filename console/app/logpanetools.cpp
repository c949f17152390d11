// SPDX-License-Identifier: GPL-3.0-or-later
// What a LogPane does besides finding and following: going to places, marks, times, folds, saving.
#include "console/app/actionregistry.h"
#include "console/app/actionstate.h"
#include "console/app/logpane.h"
#include "console/app/logsaver.h"
#include "console/models/logdestination.h"
#include "console/models/steplistmodel.h"

#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QLocale>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace danube::console {

bool LogPane::isEmpty() const
{
    return !m_document || m_document->lineCount() == 0;
}

// The one that was last chosen, while it is on the screen; else the first that is.
int64_t LogPane::currentLine() const
{
    const int64_t current = m_view->currentLine();
    return current >= 0 && m_view->isLineVisible(current) ? current : m_view->firstLine();
}

void LogPane::goTo()
{
    if (isEmpty())
        return;
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Go to"));
    dialog->setLabelText(tr("Line (1 to %1), time (14:02:11), or time since the start (+90s):")
                             .arg(QLocale().toString(qlonglong(m_document->lineCount()))));
    dialog->setInputMode(QInputDialog::TextInput);
    dialog->setTextValue(QString::number(currentLine() + 1));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString &text) { goTo(text); });
    dialog->open();
}

bool LogPane::goTo(const QString &text)
{
    const auto destination = LogDestination::parse(text);
    if (!destination) {
        emit told(tr("\"%1\" is neither a line nor a time.").arg(text));
        return false;
    }
    if (isEmpty())
        return false;
    if (destination->kind == LogDestination::Kind::Line) {
        m_view->showLine(destination->line);
        return true;
    }
    const auto offset = offsetOf(*destination, m_document->snapshot().runs, m_start);
    if (!offset) {
        emit told(m_document->snapshot().runs.list().isEmpty() ? tr("This log has no times.")
                                                               : tr("The log ends before that time."));
        return false;
    }
    m_view->showLine(m_document->lineAt(*offset));
    return true;
}

void LogPane::toggleMark()
{
    if (isEmpty())
        return;
    const int64_t line = currentLine();
    m_view->setCurrentLine(line);
    m_marks->toggle(m_document->offsetOf(line));
}

void LogPane::goToMark(std::optional<int64_t> offset)
{
    if (!offset)
        return emit told(
            tr("This log has no marks. Log, %1 sets one.").arg(toolTipOf(m_actions.action("log.mark"_L1))));
    m_view->showLine(m_document->lineAt(*offset));
}

void LogPane::nextMark()
{
    if (!isEmpty())
        goToMark(m_marks->next(m_document->offsetOf(currentLine())));
}

void LogPane::previousMark()
{
    if (!isEmpty())
        goToMark(m_marks->previous(m_document->offsetOf(currentLine())));
}

void LogPane::setStart(WallTime start)
{
    m_start = start;
    if (m_view->times() == LogTimes::Relative)
        m_view->setTimes(LogTimes::Relative, m_start);
}

void LogPane::nextTimes()
{
    if (m_document && m_document->snapshot().runs.list().isEmpty() && m_view->times() == LogTimes::Off)
        return emit told(tr("This log has no times."));
    WallTime start = m_start;
    if (start == WallTime{} && m_document)
        start = m_document->snapshot().runs.at(0).time;
    switch (m_view->times()) {
    case LogTimes::Off:
        m_view->setTimes(LogTimes::Absolute, start);
        return emit told(tr("Times of day."));
    case LogTimes::Absolute:
        m_view->setTimes(LogTimes::Relative, start);
        return emit told(tr("Times since the job's start."));
    case LogTimes::Relative:
        m_view->setTimes(LogTimes::Delta, start);
        return emit told(tr("Times since the line before."));
    case LogTimes::Delta:
        m_view->setTimes(LogTimes::Off, start);
        return emit told(tr("No times."));
    }
}

void LogPane::toggleWrapping()
{
    m_view->setWrapping(!m_view->isWrapping());
    emit told(m_view->isWrapping() ? tr("Long lines are wrapped.") : tr("Long lines are not wrapped."));
}

void LogPane::setSteps(const StepListModel *steps)
{
    m_steps = steps;
}

QString LogPane::stepTitle(uint32_t step) const
{
    const QModelIndex index = m_steps ? m_steps->indexOf(StepNumber(step)) : QModelIndex();
    if (!index.isValid())
        return tr("Step %1").arg(step);
    return tr("Step %1 %2, %3")
        .arg(step)
        .arg(index.data().toString(), index.data(StepListModel::StateWordRole).toString().toLower());
}

void LogPane::setFolded(std::set<uint32_t> steps)
{
    m_folds->setFolded(std::move(steps));
    m_view->linesChanged();
}

void LogPane::toggleFold()
{
    if (isEmpty())
        return;
    const uint32_t step = m_document->line(currentLine()).run.source.step;
    if (step == 0)
        return emit told(tr("This line belongs to no step."));
    auto steps = m_folds->folded();
    if (steps.erase(step) == 0)
        steps.insert(step);
    setFolded(std::move(steps));
}

void LogPane::foldAllButFailed()
{
    std::set<uint32_t> steps;
    for (const Step &step : m_steps ? m_steps->steps() : QList<Step>()) {
        if (step.outcome && step.outcome->isSuccess())
            steps.insert(toInt(step.number));
    }
    if (steps.empty())
        return emit told(tr("There is no step that succeeded."));
    emit told(tr("%n steps folded", nullptr, int(steps.size())));
    setFolded(std::move(steps));
}

void LogPane::unfoldAll()
{
    setFolded({});
}

void LogPane::askForFile(const QString &title, const QString &suffix, const std::function<void(const QString &)> &save)
{
    auto *dialog = new QFileDialog(this, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(QFileInfo(m_document->path()).completeBaseName() + suffix + u".log"_s);
    connect(dialog, &QFileDialog::fileSelected, this, save);
    dialog->open();
}

void LogPane::saveAll()
{
    if (isEmpty())
        return emit told(tr("The log is empty."));
    askForFile(tr("Save the log"), {}, [this](const QString &path) {
        m_saver->saveRange(m_document->snapshot(), path, 0, m_document->snapshot().size);
    });
}

// Whole lines: what is saved can be opened again.
void LogPane::saveSelection()
{
    if (isEmpty() || !m_view->hasSelection())
        return emit told(tr("Nothing is selected."));
    askForFile(tr("Save the selected lines"), tr("-selection"), [this](const QString &path) {
        if (isEmpty() || !m_view->hasSelection()) // the log began anew meanwhile
            return emit told(tr("Nothing is selected."));
        const LogPlace end = m_view->selectionEnd();
        const int64_t behind = end.index == 0 ? end.line : end.line + 1;
        const int64_t to = behind < m_document->lineCount() ? m_document->offsetOf(behind) : m_document->bytes();
        m_saver->saveRange(m_document->snapshot(), path, m_document->offsetOf(m_view->selectionBegin().line), to);
    });
}

void LogPane::saveMatches()
{
    if (isEmpty() || !m_matches.pattern())
        return emit told(tr("Find something first."));
    askForFile(tr("Save the lines with matches"), tr("-matches"),
               [this, pattern = *m_matches.pattern()](const QString &path) {
                   m_saver->saveMatches(m_document->snapshot(), path, pattern);
               });
}

void LogPane::openInOtherProgram()
{
    if (m_document && !QDesktopServices::openUrl(QUrl::fromLocalFile(m_document->path())))
        emit told(tr("No other program opens log files here."));
}

} // namespace danube::console
