// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/controllers/commitrun.h"

#include <QWidget>

class QLabel;

namespace danube::console {

/// The stages of a commit, each with its state, time and what happened.
class CommitProgress : public QWidget
{
    Q_OBJECT
public:
    CommitProgress(CommitRun &run, const ThemeColors &colors, QWidget *parent = nullptr);
    QString stateText(CommitRun::Stage stage) const;
    QString detailText(CommitRun::Stage stage) const;

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Row
    {
        QLabel *mark;
        QLabel *name;
        QLabel *state;
        QLabel *detail;
    };
    void update();

    CommitRun &m_run;
    const ThemeColors &m_colors;
    std::array<Row, CommitRun::stageCount> m_rows{};
    QLabel *m_title;
};

} // namespace danube::console
