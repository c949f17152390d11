// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;

namespace danube::console {

/// What is shown while no master is connected: what to do first.
class WelcomePage : public QWidget
{
    Q_OBJECT
public:
    WelcomePage(QAction *connect, QAction *openFile, QWidget *parent = nullptr);
};

} // namespace danube::console
