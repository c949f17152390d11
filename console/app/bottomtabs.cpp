// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/bottomtabs.h"

#include <QKeyEvent>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace danube::console {

namespace {

constexpr int smallestContent = 80;

} // namespace

BottomTabs::BottomTabs(QWidget *parent)
    : QWidget(parent), m_bar(new QTabBar(this)), m_contents(new QStackedWidget(this))
{
    m_bar->setDocumentMode(true);
    m_bar->setExpanding(false);
    m_bar->setDrawBase(false);
    m_bar->setUsesScrollButtons(true);
    m_bar->setAccessibleName(tr("More about this log"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bar);
    layout->addWidget(m_contents, 1);
    m_contents->setMinimumHeight(smallestContent);
    m_contents->hide();
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(m_bar, &QTabBar::tabBarClicked, this, [this](int index) {
        if (isOpen() && index == m_contents->currentIndex())
            close();
        else
            choose(index);
    });
    connect(m_bar, &QTabBar::currentChanged, this, [this](int index) {
        if (isOpen() || m_bar->hasFocus()) // arrow keys
            choose(index);
    });
}

int BottomTabs::add(QWidget *content, const QString &title)
{
    m_contents->addWidget(content);
    return m_bar->addTab(title);
}

void BottomTabs::setTitle(const QWidget *content, const QString &title)
{
    m_bar->setTabText(m_contents->indexOf(content), title);
}

bool BottomTabs::isOpen() const
{
    return !m_contents->isHidden();
}

QWidget *BottomTabs::current() const
{
    return isOpen() ? m_contents->currentWidget() : nullptr;
}

void BottomTabs::open(QWidget *content)
{
    choose(m_contents->indexOf(content));
}

void BottomTabs::choose(int index)
{
    if (index < 0)
        return;
    const bool wasOpen = isOpen();
    m_contents->setCurrentIndex(index);
    m_contents->show();
    m_bar->setCurrentIndex(index);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    auto *splitter = qobject_cast<QSplitter *>(parentWidget());
    if (splitter && !wasOpen) {
        const int all = splitter->height();
        const int wanted = std::min(m_openHeight + m_bar->height(), all / 2);
        splitter->setSizes({all - wanted, wanted});
    }
    emit opened(m_contents->currentWidget());
}

void BottomTabs::close()
{
    if (!isOpen())
        return;
    m_openHeight = std::max(smallestContent, m_contents->height());
    m_contents->hide();
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    emit opened(nullptr);
}

void BottomTabs::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && isOpen())
        close();
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Space) && m_bar->hasFocus())
        choose(m_bar->currentIndex());
    else
        QWidget::keyPressEvent(event);
}

} // namespace danube::console
