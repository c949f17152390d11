// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/consolestyle.h"

#include "console/app/focusborder.h"
#include "console/app/icons.h"

#include <QApplication>
#include <QPainter>
#include <QStyleOption>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int cellMargin = 6;
constexpr int crossSize = 12;
constexpr int darkest = 24; // of 255: Fusion's outlines, darker than the window, cannot be told from it below

/// Shapes that are nothing but their outline until they are filled.
bool isOutlined(QStyle::PrimitiveElement element)
{
    switch (element) {
    case QStyle::PE_PanelLineEdit:
    case QStyle::PE_FrameLineEdit:
    case QStyle::PE_Frame:
    case QStyle::PE_FrameGroupBox:
    case QStyle::PE_IndicatorCheckBox:
    case QStyle::PE_IndicatorRadioButton:
        return true;
    default:
        return false;
    }
}

void drawOutline(QStyle::PrimitiveElement element, const QStyleOption &option, QPainter &painter)
{
    const bool isRound = element == QStyle::PE_IndicatorRadioButton;
    const QRectF shape = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, isRound);
    painter.setPen(option.palette.color(QPalette::WindowText));
    painter.setBrush(Qt::NoBrush);
    isRound ? painter.drawEllipse(shape) : painter.drawRect(shape);
    painter.restore();
}

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

int ConsoleStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                            QStyleHintReturn *answer) const
{
    if (hint == SH_DialogButtonBox_ButtonsHaveIcons)
        return 0; // Fusion's are of another hand, and coloured
    return QProxyStyle::styleHint(hint, option, widget, answer);
}

// Fusion's own are dark pixels, whatever is behind them.
QIcon ConsoleStyle::standardIcon(StandardPixmap which, const QStyleOption *option, const QWidget *widget) const
{
    switch (which) {
    case SP_TitleBarNormalButton:
        return icon(u"window"_s);
    case SP_TitleBarCloseButton:
    case SP_DockWidgetCloseButton:
        return icon(u"close"_s);
    case SP_ToolBarHorizontalExtensionButton:
        return icon(u"more"_s);
    default:
        return QProxyStyle::standardIcon(which, option, widget);
    }
}

// The default button is told by its border: on Fusion's tint of the accent its text would be hard to read.
void ConsoleStyle::drawDefaultButton(const QStyleOptionButton &button, QPainter *painter, const QWidget *widget) const
{
    QStyleOptionButton plain = button;
    plain.features &= ~QStyleOptionButton::DefaultButton;
    QProxyStyle::drawPrimitive(PE_PanelButtonCommand, &plain, painter, widget);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(button.palette.color(QPalette::Highlight), button.state & State_HasFocus ? 2.0 : 1.5));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(QRectF(button.rect).adjusted(1, 1, -1, -1), 2, 2);
    painter->restore();
}

void ConsoleStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                                 const QWidget *widget) const
{
    if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
        button && element == PE_PanelButtonCommand && (button->state & State_Enabled) &&
        (button->features & QStyleOptionButton::DefaultButton))
        return drawDefaultButton(*button, painter, widget);
    if (element != PE_IndicatorTabClose) {
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        if (isOutlined(element) && option->palette.color(QPalette::Window).lightness() < darkest)
            drawOutline(element, *option, *painter);
        return;
    }
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
    if (qobject_cast<ConsoleStyle *>(QApplication::style()))
        return;
    QApplication::setStyle(new ConsoleStyle);
    installIcons();
    FocusBorder::install();
}

} // namespace danube::console
