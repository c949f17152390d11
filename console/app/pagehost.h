// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"

#include <QTabWidget>

namespace danube::console {

class TornWindow;

/// The tabs in the middle of the window. The first one is pinned; every other page has a key, and is opened once.
class PageHost : public QTabWidget
{
    Q_OBJECT
public:
    explicit PageHost(const Guard &guard, QWidget *parent = nullptr);
    ~PageHost() override;

    void pin(Page *page); ///< call once, before open()
    void open(Page *page, const QString &key);
    Page *show(const QString &key); ///< brings it to the front; null: there is none
    void show(Page *page);          ///< brings it to the front, with its window
    QString currentKey() const;     ///< of the current tab; empty = the pinned one
    Page *page(int index) const;
    /// The page that actions act upon: of the own window that is active, else the current tab.
    Page *current() const;
    QList<Page *> pages() const; ///< tabs and own windows
    /// What closing the pages would lose, a line each: "Allowlist, Config: edits of config.json". What pages of one
    /// master share is told once.
    QStringList unsaved() const;
    QStringList unsaved(const QList<MasterSession *> &masters) const; ///< the pages of these
    void tearOff(int index);      ///< into a window of its own; closing that brings it back
    void requestClose(int index); ///< asks before unsaved edits are lost; the pinned page stays
    void closeCurrent();          ///< of current(): its tab; a window of its own gives its page back
    void setWindowActions(const QList<QAction *> &actions) { m_actions = actions; } ///< for own windows
    void closePagesOf(const MasterSession *master); ///< without asking: their master goes
    void setColors(const ThemeColors &colors);

signals:
    /// Another page is current, or the current one tells of a change.
    void currentPageChanged();
    void told(const QString &text);

private:
    void adopt(Page *page);
    void showTitle(Page *page);
    void closeNow(Page *page);
    void bringBack(TornWindow *window);
    TornWindow *windowOf(const Page *page) const;

    const Guard &m_guard;
    const ThemeColors *m_colors = &lightColors();
    QList<TornWindow *> m_windows;
    QList<QAction *> m_actions;
};

} // namespace danube::console
