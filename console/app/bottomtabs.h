// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QStackedWidget;
class QTabBar;

namespace danube::console {

/// Tabs at the bottom of a page. Closed, only their row of names is seen; a click on the open one's name, or Escape,
/// closes it again.
class BottomTabs : public QWidget
{
    Q_OBJECT
public:
    explicit BottomTabs(QWidget *parent = nullptr);

    int add(QWidget *content, const QString &title);
    void setTitle(const QWidget *content, const QString &title);
    void open(QWidget *content);
    void close();
    bool isOpen() const;
    QWidget *current() const; ///< null while closed
    QTabBar *bar() const { return m_bar; }

signals:
    void opened(QWidget *content); ///< null: closed

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void choose(int index);
    QTabBar *m_bar;
    QStackedWidget *m_contents;
    int m_openHeight = 220;
};

} // namespace danube::console
