// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/pagehost.h"

#include "console/app/pagetabbar.h"
#include "console/app/plainlabel.h"
#include "console/app/tornwindow.h"

#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QTabBar>

#include <map>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr auto keyProperty = "danubePageKey";

QStringList unsavedOf(const QList<Page *> &pages)
{
    std::map<std::pair<const MasterSession *, QString>, QStringList> titles;
    for (const Page *page : pages) {
        if (!page->unsaved().isEmpty())
            titles[{page->master(), page->unsaved()}].append(page->title());
    }
    QStringList lines;
    for (const auto &[edits, names] : titles)
        lines.append(u"%1: %2"_s.arg(names.join(u", "_s), edits.second));
    lines.sort();
    return lines;
}

} // namespace

PageHost::PageHost(const Guard &guard, QWidget *parent) : QTabWidget(parent), m_guard(guard)
{
    auto *bar = new PageTabBar(this);
    setTabBar(bar);
    connect(bar, &PageTabBar::draggedOff, this, &PageHost::tearOff);
    setDocumentMode(true);
    setTabsClosable(true);
    setMovable(false);
    tabBar()->setAccessibleName(tr("Open pages"));
    connect(this, &QTabWidget::tabCloseRequested, this, &PageHost::requestClose);
    connect(this, &QTabWidget::currentChanged, this, [this] {
        if (current())
            current()->setFocus();
        emit currentPageChanged();
    });
}

// Pages go with the host, wherever they are.
PageHost::~PageHost()
{
    qDeleteAll(m_windows);
}

void PageHost::pin(Page *page)
{
    adopt(page);
    insertTab(0, page, page->title());
    showTitle(page);
    for (const auto side : {QTabBar::LeftSide, QTabBar::RightSide})
        tabBar()->setTabButton(0, side, nullptr);
}

void PageHost::open(Page *page, const QString &key)
{
    page->setProperty(keyProperty, key);
    adopt(page);
    const int index = addTab(page, page->title());
    showTitle(page);
    setCurrentIndex(index);
}

void PageHost::adopt(Page *page)
{
    connect(page, &Page::changed, this, [this, page] {
        showTitle(page);
        if (page == current())
            emit currentPageChanged();
    });
    connect(page, &Page::told, this, &PageHost::told);
}

void PageHost::showTitle(Page *page)
{
    if (TornWindow *window = windowOf(page))
        return window->showTitle();
    const int index = indexOf(page);
    if (index < 0)
        return;
    // The mark of unsaved edits, as windows have it.
    const QString title = withoutKeys(page->unsaved().isEmpty() ? page->title() : page->title() + u" *"_s);
    if (tabText(index) != title)
        setTabText(index, title);
    setTabIcon(index, page->tabIcon());
    setTabToolTip(index, page->tabToolTip());
}

Page *PageHost::show(const QString &key)
{
    const QList<Page *> all = pages();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Page *page) { return page->property(keyProperty).toString() == key; });
    if (found == all.end())
        return nullptr;
    show(*found);
    return *found;
}

void PageHost::show(Page *page)
{
    if (!windowOf(page))
        setCurrentWidget(page);
    page->window()->raise();
    page->window()->activateWindow();
}

QString PageHost::currentKey() const
{
    const QWidget *page = currentWidget();
    return page ? page->property(keyProperty).toString() : QString();
}

Page *PageHost::current() const
{
    for (const TornWindow *window : m_windows) {
        if (window->isActiveWindow())
            return window->page();
    }
    return page(currentIndex());
}

void PageHost::tearOff(int index)
{
    Page *torn = index > 0 ? page(index) : nullptr;
    if (!torn)
        return;
    const QPoint place = mapToGlobal(QPoint(40, 40));
    const QSize size = torn->size();
    removeTab(index);
    auto *window = new TornWindow(torn, m_guard, *m_colors, this->window());
    window->addActions(m_actions);
    m_windows.append(window);
    connect(window, &TornWindow::closeWanted, this, [this, window] { bringBack(window); });
    connect(window, &TornWindow::activated, this, &PageHost::currentPageChanged);
    window->setGeometry(QRect(place, size));
    showTitle(torn);
    window->show();
    torn->show();
    torn->setFocus();
}

void PageHost::bringBack(TornWindow *window)
{
    m_windows.removeOne(window);
    Page *page = window->takePage();
    window->deleteLater();
    const int index = addTab(page, page->title());
    showTitle(page);
    setCurrentIndex(index);
}

TornWindow *PageHost::windowOf(const Page *page) const
{
    const auto found = std::find_if(m_windows.begin(), m_windows.end(),
                                    [page](const TornWindow *window) { return window->page() == page; });
    return found == m_windows.end() ? nullptr : *found;
}

Page *PageHost::page(int index) const
{
    return qobject_cast<Page *>(widget(index));
}

QList<Page *> PageHost::pages() const
{
    QList<Page *> pages;
    for (int index = 0; index < count(); ++index)
        pages.append(page(index));
    for (const TornWindow *window : m_windows)
        pages.append(window->page());
    return pages;
}

QStringList PageHost::unsaved() const
{
    return unsavedOf(pages());
}

QStringList PageHost::unsaved(const QList<MasterSession *> &masters) const
{
    QList<Page *> theirs = pages();
    theirs.removeIf([&](const Page *page) { return !masters.contains(page->master()); });
    return unsavedOf(theirs);
}

void PageHost::requestClose(int index)
{
    Page *page = index > 0 ? this->page(index) : nullptr;
    if (!page)
        return;
    if (page->unsaved().isEmpty())
        return closeNow(page);
    auto *box = new QMessageBox(QMessageBox::Warning, tr("Close %1").arg(page->title()),
                                tr("Closing this page discards %1.").arg(page->unsaved()), QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    QPushButton *discard = box->addButton(tr("&Discard and close"), QMessageBox::DestructiveRole);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(discard, &QPushButton::clicked, page, [this, page] {
        page->discard();
        closeNow(page);
    });
    box->open();
}

void PageHost::closeCurrent()
{
    Page *page = current();
    if (TornWindow *window = windowOf(page))
        window->close();
    else
        requestClose(indexOf(page));
}

void PageHost::closePagesOf(const MasterSession *master)
{
    for (Page *page : pages()) {
        if (indexOf(page) != 0 && page->master() == master)
            closeNow(page);
    }
}

void PageHost::closeNow(Page *page)
{
    if (TornWindow *window = windowOf(page)) {
        m_windows.removeOne(window);
        window->takePage();
        window->deleteLater();
    } else {
        removeTab(indexOf(page));
    }
    delete page;
}

void PageHost::setColors(const ThemeColors &colors)
{
    m_colors = &colors;
    for (Page *page : pages()) {
        page->setColors(colors);
        showTitle(page);
    }
    for (TornWindow *window : std::as_const(m_windows))
        window->setColors(colors);
}

} // namespace danube::console
