// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/page.h"

namespace danube::console {

/// A window with one page that was a tab: two logs beside each other.
class TornWindow : public QWidget
{
    Q_OBJECT
public:
    TornWindow(Page *page, QWidget *main);
    Page *page() const { return m_page; }
    Page *takePage();

signals:
    void closeWanted(); ///< take the page back
    void activated();

protected:
    void closeEvent(QCloseEvent *event) override;
    bool focusNextPrevChild(bool next) override;
    void changeEvent(QEvent *event) override;

private:
    Page *m_page;
};

} // namespace danube::console
