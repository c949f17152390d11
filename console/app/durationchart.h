// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/themecolors.h"
#include "console/models/pipelinestatistics.h"

#include <QWidget>

namespace danube::console {

/// The last jobs of a pipeline, the newest at the right: how long each ran, as bars with lines at p50 and p90, and
/// below them how each ended, as a win-loss strip. The table beside it says the same in words, so this has no focus of
/// its own.
class DurationChart : public QWidget
{
    Q_OBJECT
public:
    explicit DurationChart(QWidget *parent = nullptr);
    void setStatistics(const PipelineStatistics &statistics);
    void setColors(const ThemeColors &colors);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    int shownCount() const; ///< jobs there is room for

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    QRect bars() const;
    QRect strip() const;
    milliseconds scale() const; ///< the height of the chart
    int leftOf(int fromRight) const;
    const PastDuration *jobAt(int x) const;
    int heightOf(milliseconds value) const; ///< where it lies above the ground, in pixels
    void paintLine(QPainter &painter, milliseconds value, const QString &name, int raise) const;

    PipelineStatistics m_statistics;
    const ThemeColors *m_colors = &lightColors();
};

} // namespace danube::console
