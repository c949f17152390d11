// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/commitprogress.h"

#include "console/app/icons.h"

#include <QDateTime>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

QString iconOf(CommitRun::Step::State state)
{
    switch (state) {
    case CommitRun::Step::State::Waiting:
        return u"state-queued"_s;
    case CommitRun::Step::State::Running:
        return u"state-running"_s;
    case CommitRun::Step::State::Done:
        return u"state-success"_s;
    case CommitRun::Step::State::Skipped:
        return u"state-cancelled"_s;
    case CommitRun::Step::State::Failed:
        break;
    }
    return u"state-failure"_s;
}

QColor colorOf(const ThemeColors &colors, CommitRun::Step::State state)
{
    switch (state) {
    case CommitRun::Step::State::Waiting:
    case CommitRun::Step::State::Skipped:
        return colors.idle;
    case CommitRun::Step::State::Running:
        return colors.running;
    case CommitRun::Step::State::Done:
        return colors.success;
    case CommitRun::Step::State::Failed:
        break;
    }
    return colors.failure;
}

QString clockText(WallTime time)
{
    const auto moment = QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count());
    return QLocale().toString(moment.time(), u"HH:mm:ss"_s);
}

} // namespace

CommitProgress::CommitProgress(CommitRun &run, const ThemeColors &colors, QWidget *parent)
    : QWidget(parent), m_run(run), m_colors(colors), m_title(new QLabel(this))
{
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_title->setTextFormat(Qt::PlainText);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(10);
    grid->addWidget(m_title, 0, 0, 1, 4);
    for (int i = 0; i < CommitRun::stageCount; ++i) {
        Row &row = m_rows[static_cast<size_t>(i)];
        row = {new QLabel(this), new QLabel(stageWord(CommitRun::Stage(i)), this), new QLabel(this), new QLabel(this)};
        row.detail->setTextFormat(Qt::PlainText);
        row.detail->setWordWrap(true);
        row.detail->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        row.detail->setAccessibleName(stageWord(CommitRun::Stage(i)));
        grid->addWidget(row.mark, i + 1, 0, Qt::AlignTop);
        grid->addWidget(row.name, i + 1, 1, Qt::AlignTop);
        grid->addWidget(row.state, i + 1, 2, Qt::AlignTop);
        grid->addWidget(row.detail, i + 1, 3, Qt::AlignTop);
    }
    grid->setColumnStretch(3, 1);
    grid->setRowStretch(CommitRun::stageCount + 1, 1);
    connect(&m_run, &CommitRun::changed, this, &CommitProgress::update);
    update();
}

void CommitProgress::update()
{
    m_title->setText(m_run.state() == CommitRun::State::Failed     ? tr("The commit does not hold.")
                     : m_run.state() == CommitRun::State::Finished ? tr("The commit holds.")
                                                                   : tr("The commit is on its way."));
    for (int i = 0; i < CommitRun::stageCount; ++i) {
        const CommitRun::Step &step = m_run.step(CommitRun::Stage(i));
        const Row &row = m_rows[static_cast<size_t>(i)];
        row.mark->setPixmap(icon(iconOf(step.state), colorOf(m_colors, step.state)).pixmap(16));
        const bool timed = step.state != CommitRun::Step::State::Waiting;
        row.state->setText(timed ? u"%1 %2"_s.arg(stateWord(step.state), clockText(step.at)) : stateWord(step.state));
        row.detail->setText(step.detail);
    }
}

void CommitProgress::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        update();
}

QString CommitProgress::stateText(CommitRun::Stage stage) const
{
    return m_rows[static_cast<size_t>(stage)].state->text();
}

QString CommitProgress::detailText(CommitRun::Stage stage) const
{
    return m_rows[static_cast<size_t>(stage)].detail->text();
}

} // namespace danube::console
