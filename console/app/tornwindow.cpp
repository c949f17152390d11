// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/tornwindow.h"

#include "console/app/taborder.h"

#include <QCloseEvent>
#include <QVBoxLayout>

namespace danube::console {

TornWindow::TornWindow(Page *page, QWidget *main) : QWidget(main, Qt::Window), m_page(page)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(page);
}

Page *TornWindow::takePage()
{
    Page *page = std::exchange(m_page, nullptr);
    page->setParent(nullptr);
    return page;
}

// Accepted: a window that refuses to close keeps the program from ending.
void TornWindow::closeEvent(QCloseEvent *event)
{
    emit closeWanted();
    event->accept();
}

bool TornWindow::focusNextPrevChild(bool next)
{
    return moveFocus(*this, next);
}

void TornWindow::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::ActivationChange && m_page)
        emit activated();
}

} // namespace danube::console
