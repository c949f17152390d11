// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/consolestyle.h"

#include "console/app/icons.h"

#include <QApplication>
#include <QPainter>
#include <QStyleOption>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int cellMargin = 6;
constexpr int crossSize = 12;

} // namespace

ConsoleStyle::ConsoleStyle() : QProxyStyle(u"Fusion"_s) {}

int ConsoleStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_FocusFrameHMargin:
    case PM_HeaderMargin:
        return cellMargin;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

void ConsoleStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                                 const QWidget *widget) const
{
    if (element != PE_IndicatorTabClose)
        return QProxyStyle::drawPrimitive(element, option, painter, widget);
    if (option->state & (State_MouseOver | State_Sunken)) {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(option->palette.color(QPalette::Mid));
        painter->drawRoundedRect(option->rect, 3, 3);
        painter->restore();
    }
    QRect cross(0, 0, crossSize, crossSize);
    cross.moveCenter(option->rect.center());
    icon(u"close"_s).paint(painter, cross);
}

void installLook()
{
    QApplication::setStyle(new ConsoleStyle);
    installIcons();
}

} // namespace danube::console
