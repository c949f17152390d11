// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTabBar>

namespace danube::console {

/// Tabs that become windows when they are dragged off the bar. The first one stays.
class PageTabBar : public QTabBar
{
    Q_OBJECT
public:
    using QTabBar::QTabBar;

signals:
    void draggedOff(int index);

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;

private:
    int m_pressed = -1; ///< the tab under the pressed button
};

} // namespace danube::console
