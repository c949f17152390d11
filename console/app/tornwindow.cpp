// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/tornwindow.h"

#include "console/app/productionframe.h"
#include "console/app/taborder.h"
#include "console/controllers/guard.h"

#include <QCloseEvent>
#include <QVBoxLayout>

namespace danube::console {

TornWindow::TornWindow(Page *page, const Guard &guard, const ThemeColors &colors, QWidget *main)
    : QWidget(main, Qt::Window), m_page(page), m_guard(guard), m_colors(&colors)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(page);
}

void TornWindow::showTitle()
{
    const QString title = isProduction() ? tr("PROD – %1[*] – Danube") : tr("%1[*] – Danube");
    setWindowTitle(title.arg(m_page->title()));
    setWindowModified(!m_page->unsaved().isEmpty());
    setWindowIcon(m_page->tabIcon());
    setProductionFrame(*this, isProduction());
}

void TornWindow::setColors(const ThemeColors &colors)
{
    m_colors = &colors;
    update();
}

bool TornWindow::isProduction() const
{
    return m_page && m_guard.isGuarded(m_page->master());
}

void TornWindow::paintEvent(QPaintEvent *event)
{
    QWidget::paintEvent(event);
    if (isProduction())
        paintProductionFrame(*this, *m_colors);
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
