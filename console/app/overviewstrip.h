// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/logview.h"

#include <QTimer>
#include <QWidget>

namespace danube::console {

class LogFinder;

/// The whole log as a narrow strip beside the view: where matches, errors and marks are, where steps begin, and which
/// part is on the screen. A click goes there. The log view says the same to keyboards and screen readers, so the strip
/// takes no focus.
class OverviewStrip : public QWidget
{
    Q_OBJECT
public:
    OverviewStrip(LogView &view, const LogFinder &matches, const LogFinder &errors, QWidget *parent = nullptr);

    void setMarks(const LogMarks *marks);
    void setColors(const ThemeColors &colors);
    void renew(); ///< something to show has changed; drawn a moment later
    QSize sizeHint() const override { return {14, 100}; }
    QSize minimumSizeHint() const override { return {14, 20}; }
    int yOf(int64_t line) const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;

private:
    enum Found : uchar { Match = 1, Error = 2, Mark = 4, StepBorder = 8 };
    void look();
    void lookAtSteps();
    void goTo(int y);
    int64_t lineAt(int y) const;

    LogView &m_view;
    const LogFinder &m_matches;
    const LogFinder &m_errors;
    const LogMarks *m_marks = nullptr;
    const ThemeColors *m_colors = &lightColors();
    std::vector<uchar> m_found; ///< per pixel row: Found
    QTimer m_pause;
};

} // namespace danube::console
