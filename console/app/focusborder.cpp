// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/focusborder.h"

#include <QAbstractScrollArea>
#include <QApplication>
#include <QEvent>
#include <QPainter>
#include <QPointer>

namespace danube::console {

namespace {

constexpr int thickness = 2;

} // namespace

void FocusBorder::install()
{
    connect(qApp, &QApplication::focusChanged, qApp,
            [border = QPointer<FocusBorder>()](QWidget *, QWidget *now) mutable {
                delete border;
                auto *area = qobject_cast<QAbstractScrollArea *>(now);
                if (area && area->window()->testAttribute(Qt::WA_KeyboardFocusChange))
                    border = new FocusBorder(area);
            });
}

FocusBorder::FocusBorder(QWidget *around) : QWidget(around)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    setGeometry(around->rect());
    around->installEventFilter(this);
    raise();
    show();
}

bool FocusBorder::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize)
        setGeometry(parentWidget()->rect());
    return QWidget::eventFilter(watched, event);
}

void FocusBorder::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    QPen pen(palette().color(QPalette::Highlight), thickness);
    pen.setJoinStyle(Qt::MiterJoin);
    painter.setPen(pen);
    painter.drawRect(QRectF(rect()).adjusted(thickness / 2.0, thickness / 2.0, -thickness / 2.0, -thickness / 2.0));
}

} // namespace danube::console
