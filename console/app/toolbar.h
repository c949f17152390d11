// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolBar>

namespace danube::console {

/// A toolbar whose buttons the Tab key reaches; Qt's own are for the mouse alone. Small icons with text beside them.
class ToolBar : public QToolBar
{
    Q_OBJECT
public:
    explicit ToolBar(QWidget *parent = nullptr);

protected:
    void actionEvent(QActionEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void reachExtension();
};

} // namespace danube::console
