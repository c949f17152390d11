// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/plainlabel.h"

#include <QEvent>
#include <QLabel>

namespace danube::console {

namespace {

class TextColorFollower : public QObject
{
public:
    TextColorFollower(QWidget &widget, const ThemeColors &colors, QColor ThemeColors::*color)
        : QObject(&widget), m_widget(widget), m_colors(colors), m_color(color)
    {
        widget.installEventFilter(this);
        follow();
    }
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::PaletteChange)
            follow();
        return false;
    }

private:
    void follow()
    {
        if (m_widget.palette().color(QPalette::WindowText) != m_colors.*m_color) // it is told of its own change too
            setTextColor(m_widget, m_colors.*m_color);
    }
    QWidget &m_widget;
    const ThemeColors &m_colors;
    QColor ThemeColors::*m_color;
};

} // namespace

QLabel *plainLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setFocusPolicy(Qt::NoFocus); // selecting by mouse must not make it a stop of the Tab key
    return label;
}

QString withoutKeys(QString text)
{
    return text.replace(u'&', QLatin1StringView("&&"));
}

void setTextColor(QWidget &widget, const QColor &color)
{
    QPalette palette = widget.palette();
    palette.setColor(QPalette::WindowText, color);
    widget.setPalette(palette);
}

void followTextColor(QWidget &widget, const ThemeColors &colors, QColor ThemeColors::*color)
{
    new TextColorFollower(widget, colors, color); // its child
}

} // namespace danube::console
