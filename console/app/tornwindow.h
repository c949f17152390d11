// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"

namespace danube::console {

class Guard;

/// A window with one page that was a tab: two logs beside each other.
class TornWindow : public QWidget
{
    Q_OBJECT
public:
    TornWindow(Page *page, const Guard &guard, const ThemeColors &colors, QWidget *main);
    Page *page() const { return m_page; }
    void showTitle(); ///< as the page and the guard say it now
    void setColors(const ThemeColors &colors);
    Page *takePage();

signals:
    void closeWanted(); ///< take the page back
    void activated();

protected:
    void closeEvent(QCloseEvent *event) override;
    bool focusNextPrevChild(bool next) override;
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    bool isProduction() const;

    Page *m_page;
    const Guard &m_guard;
    const ThemeColors *m_colors;
};

} // namespace danube::console
