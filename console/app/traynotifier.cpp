// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/traynotifier.h"

#include "console/app/icons.h"

namespace danube::console {

namespace {

constexpr int showTime = 10'000; // milliseconds

} // namespace

TrayNotifier::TrayNotifier(QObject *parent) : Notifier(parent), m_icon(icon(QStringLiteral("danube")))
{
    m_icon.setToolTip(tr("Danube"));
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, [this] { emit activated(m_last); });
    connect(&m_icon, &QSystemTrayIcon::activated, this, [this] { emit activated({}); });
    if (QSystemTrayIcon::isSystemTrayAvailable())
        m_icon.show();
}

bool TrayNotifier::isAvailable() const
{
    return QSystemTrayIcon::isSystemTrayAvailable() && QSystemTrayIcon::supportsMessages();
}

void TrayNotifier::show(const Notification &notification)
{
    m_last = notification;
    m_icon.show();
    m_icon.showMessage(notification.title, notification.text, QSystemTrayIcon::Information, showTime);
}

} // namespace danube::console
