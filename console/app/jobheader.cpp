// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/jobheader.h"

#include "console/app/icons.h"
#include "console/app/plainlabel.h"
#include "console/app/statelook.h"
#include "console/models/words.h"

#include <QAction>
#include <QGridLayout>
#include <QLabel>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int iconSize = 28;

} // namespace

JobHeader::JobHeader(const Clock &clock, QWidget *parent)
    : QWidget(parent),
      m_clock(clock),
      m_icon(new QLabel(this)),
      m_state(plainLabel(this)),
      m_title(plainLabel(this)),
      m_facts(plainLabel(this)),
      m_reason(plainLabel(this)),
      m_failure(new QToolButton(this)),
      m_buttons(new QWidget(this))
{
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.25);
    large.setBold(true);
    m_title->setFont(large);
    m_state->setFont(large);
    for (QLabel *line : {m_state, m_title, m_facts})
        line->setWordWrap(false);
    m_failure->setText(tr("Show in the log"));
    m_failure->setIcon(icon(u"next-error"_s));
    m_failure->setToolTip(tr("Go to the end of the failed step's output"));
    m_failure->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_failure->setFocusPolicy(Qt::StrongFocus);
    m_failure->setAutoRaise(true);
    connect(m_failure, &QToolButton::clicked, this, &JobHeader::failureWanted);
    m_facts->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto *buttons = new QHBoxLayout(m_buttons);
    buttons->setContentsMargins(0, 0, 0, 0);
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(12, 10, 12, 6);
    layout->setHorizontalSpacing(10);
    layout->setVerticalSpacing(3);
    layout->addWidget(m_icon, 0, 0, 2, 1, Qt::AlignTop);
    layout->addWidget(m_title, 0, 1);
    layout->addWidget(m_state, 0, 2);
    layout->addWidget(m_buttons, 0, 4);
    layout->addWidget(m_facts, 1, 1, 1, 4);
    auto *why = new QHBoxLayout;
    why->addWidget(m_reason, 1);
    why->addWidget(m_failure);
    layout->addLayout(why, 2, 1, 1, 4);
    layout->setColumnStretch(3, 1);
}

void JobHeader::setActions(const QList<QAction *> &actions)
{
    for (QAction *action : actions) {
        auto *button = new QToolButton(m_buttons);
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(Qt::StrongFocus);
        m_buttons->layout()->addWidget(button);
    }
}

void JobHeader::setColors(const ThemeColors &colors)
{
    m_colors = &colors;
    setJob(m_job, m_reason->text());
}

void JobHeader::setJob(const Job &job, const QString &reason)
{
    m_job = job;
    const QColor color = stateColor(*m_colors, job.state);
    m_icon->setPixmap(icon(stateIcon(job.state), color).pixmap(QSize(iconSize, iconSize), devicePixelRatioF()));
    const QString number = job.number > 0 ? u"#%1"_s.arg(job.number) : job.id.value();
    m_title->setText(job.pipeline.isEmpty() ? number : u"%1  %2"_s.arg(number, job.pipeline));
    m_state->setText(job.cancelRequested && !isFinal(job.state) ? tr("Cancelling") : stateWord(job.state));
    setTextColor(*m_state, color);
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty());
    m_failure->setVisible(job.state == JobState::Failure || job.state == JobState::Timeout);
    setTextColor(*m_reason,
                 isFinal(job.state) && job.state != JobState::Success ? color : palette().color(QPalette::WindowText));
    setTextColor(*m_facts, m_colors->muted);
    refresh();
}

QString JobHeader::reason() const
{
    return m_reason->text();
}

void JobHeader::refresh()
{
    m_facts->setText(facts());
}

QString JobHeader::facts() const
{
    QStringList parts;
    const QString ref = m_job.branch.isEmpty() ? m_job.ref : m_job.branch;
    if (!ref.isEmpty() && !m_job.commit.isEmpty())
        parts.append(tr("%1 at %2").arg(ref, shortCommit(m_job.commit)));
    else if (!ref.isEmpty() || !m_job.commit.isEmpty())
        parts.append(ref + shortCommit(m_job.commit));
    if (!m_job.triggeredBy.isEmpty())
        parts.append(tr("started by %1 (%2)").arg(m_job.triggeredBy, m_job.triggerType));
    const WallTime now = m_clock.wall();
    if (const QString created = timeText(m_job.createdAt, now); !created.isEmpty())
        parts.append(created);
    if (const QString waited = durationText(queueTime(m_job, now)); !waited.isEmpty())
        parts.append(tr("waited %1").arg(waited));
    if (const QString ran = durationText(runTime(m_job, now)); !ran.isEmpty())
        parts.append(isFinal(m_job.state) ? tr("ran %1").arg(ran) : tr("running for %1").arg(ran));
    if (m_job.attempt > 1)
        parts.append(tr("attempt %1").arg(m_job.attempt));
    return parts.join(u" · "_s);
}

} // namespace danube::console
