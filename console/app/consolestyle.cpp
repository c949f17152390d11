// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/consolestyle.h"

#include "console/app/focusborder.h"
#include "console/app/icons.h"

#include <QApplication>
#include <QLabel>
#include <QPainter>
#include <QPlainTextEdit>
#include <QStyleOption>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int cellMargin = 6;
constexpr int crossSize = 12;
constexpr int darkest = 24; // of 255: Fusion's outlines, darker than the window, cannot be told from it below

/// Three to one with the window around it, as WCAG 2.2 (1.4.11) asks of what is edited or chosen in; in high contrast
/// the text's.
QColor outlineOf(const QPalette &palette)
{
    const QColor window = palette.color(QPalette::Window);
    const QColor text = palette.color(QPalette::WindowText);
    const float share = window.lightness() < darkest ? 1.0F : window.lightness() < 128 ? 0.45F : 0.55F;
    const auto between = [share](float from, float to) { return from + share * (to - from); };
    return QColor::fromRgbF(between(window.redF(), text.redF()), between(window.greenF(), text.greenF()),
                            between(window.blueF(), text.blueF()));
}

/// Shapes that are nothing but their outline until they are filled.
bool isOutlined(QStyle::PrimitiveElement element, const QPalette &palette, const QWidget *widget)
{
    switch (element) {
    case QStyle::PE_FrameLineEdit:
    case QStyle::PE_IndicatorCheckBox:
    case QStyle::PE_IndicatorRadioButton:
        return true;
    case QStyle::PE_Frame:
        if (const auto *text = qobject_cast<const QPlainTextEdit *>(widget); text && !text->isReadOnly())
            return true;
        [[fallthrough]];
    case QStyle::PE_FrameGroupBox:
        return palette.color(QPalette::Window).lightness() < darkest;
    default:
        return false;
    }
}

void drawOutline(const QStyleOption &option, QPainter &painter, bool isRound = false)
{
    const QRectF shape = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(outlineOf(option.palette));
    painter.setBrush(Qt::NoBrush);
    isRound ? painter.drawEllipse(shape) : painter.drawRoundedRect(shape, 1.5, 1.5);
    painter.restore();
}

} // namespace

ConsoleStyle::ConsoleStyle() : QProxyStyle(u"Fusion"_s) {}

// What tooltips say comes from jobs, files and masters: never read as markup.
void ConsoleStyle::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (widget->inherits("QTipLabel"))
        static_cast<QLabel *>(widget)->setTextFormat(Qt::PlainText);
}

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
        if (isOutlined(element, option->palette, widget))
            drawOutline(*option, *painter, element == PE_IndicatorRadioButton);
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

void ConsoleStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                                      const QWidget *widget) const
{
    QProxyStyle::drawComplexControl(control, option, painter, widget);
    const auto *choice = qstyleoption_cast<const QStyleOptionComboBox *>(option);
    if ((control == CC_SpinBox && option->subControls & SC_SpinBoxFrame) || (choice && choice->editable))
        drawOutline(*option, *painter);
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
