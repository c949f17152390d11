// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/pagetabbar.h"

#include <QMouseEvent>

namespace danube::console {

void PageTabBar::mousePressEvent(QMouseEvent *event)
{
    m_pressed = event->button() == Qt::LeftButton ? tabAt(event->position().toPoint()) : -1;
    QTabBar::mousePressEvent(event);
}

void PageTabBar::mouseMoveEvent(QMouseEvent *event)
{
    const int distance = height();
    const bool away = !rect().adjusted(-distance, -distance, distance, distance).contains(event->position().toPoint());
    if (m_pressed > 0 && away && event->buttons() == Qt::LeftButton) {
        const int index = std::exchange(m_pressed, -1);
        QMetaObject::invokeMethod(this, [this, index] { emit draggedOff(index); }, Qt::QueuedConnection);
        return;
    }
    QTabBar::mouseMoveEvent(event);
}

} // namespace danube::console
