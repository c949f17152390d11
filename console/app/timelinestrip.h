// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/models/steplistmodel.h"
#include "shared/model/job.h"

#include <QWidget>

namespace danube::console {

/// The steps of a job as bars over time; those that ran at once lie below each other. The step list says the same in
/// words, so this has no focus of its own.
class TimelineStrip : public QWidget
{
    Q_OBJECT
public:
    TimelineStrip(StepListModel &steps, const Clock &clock, QWidget *parent = nullptr);
    void setJob(const Job &job);
    void setColors(const ThemeColors &colors);
    void select(std::optional<StepNumber> step);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }
    QRect barOf(StepNumber step) const; ///< empty when it has not started

signals:
    void stepClicked(danube::StepNumber step);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Bar
    {
        StepNumber step;
        int lane;
        WallTime start;
        WallTime end;
    };
    void layOut();
    QRect rectOf(const Bar &bar) const;
    const Bar *barAt(QPoint point) const;
    WallTime endOfJob() const;

    StepListModel &m_steps;
    const Clock &m_clock;
    const ThemeColors *m_colors = &lightColors();
    Job m_job;
    std::vector<Bar> m_bars;
    int m_lanes = 1;
    std::optional<StepNumber> m_selected;
};

} // namespace danube::console
