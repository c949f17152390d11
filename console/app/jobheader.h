// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "shared/model/job.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace danube::console {

/// The head of a job's page: state, what it is, and in one sentence why it ended so.
class JobHeader : public QWidget
{
    Q_OBJECT
public:
    JobHeader(const Clock &clock, QWidget *parent = nullptr);
    void setJob(const Job &job, const QString &reason); ///< `reason`: one sentence, or empty
    QString reason() const;
    void setColors(const ThemeColors &colors);
    void setActions(const QList<QAction *> &actions); ///< buttons at the right
    void refresh();                                   ///< the running duration

signals:
    void failureWanted(); ///< show where it went wrong

private:
    QString facts() const;
    const Clock &m_clock;
    const ThemeColors *m_colors = &lightColors();
    Job m_job;
    QLabel *m_icon;
    QLabel *m_state;
    QLabel *m_title;
    QLabel *m_facts;
    QLabel *m_reason;
    QToolButton *m_failure;
    QWidget *m_buttons;
};

} // namespace danube::console
