// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/controllers/notifications.h"

#include <QSystemTrayIcon>

namespace danube::console {

/// Notifications by the desktop's tray, where it has one.
class TrayNotifier final : public Notifier
{
    Q_OBJECT
public:
    explicit TrayNotifier(QObject *parent = nullptr);
    bool isAvailable() const override;
    void show(const Notification &notification) override;

private:
    QSystemTrayIcon m_icon;
    Notification m_last; ///< what a click is about
};

} // namespace danube::console
