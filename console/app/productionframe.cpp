// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/productionframe.h"

#include <QPainter>
#include <QWidget>

namespace danube::console {

namespace {

constexpr int thickness = 3;

} // namespace

void setProductionFrame(QWidget &window, bool shown)
{
    window.setContentsMargins(shown ? QMargins(thickness, thickness, thickness, thickness) : QMargins());
    window.update();
}

void paintProductionFrame(QWidget &window, const ThemeColors &colors)
{
    constexpr qreal half = thickness / 2.0;
    QPainter painter(&window);
    painter.setPen(QPen(colors.production, thickness));
    painter.drawRect(QRectF(window.rect()).adjusted(half, half, -half, -half));
}

} // namespace danube::console
