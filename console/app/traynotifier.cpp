// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/traynotifier.h"

#include <QApplication>

namespace danube::console {

namespace {

constexpr int showTime = 10'000; // milliseconds

} // namespace

TrayNotifier::TrayNotifier(QObject *parent) : Notifier(parent), m_icon(QApplication::windowIcon(), this)
{
    m_icon.setToolTip(tr("Danube"));
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, [this] { emit activated(m_last); });
    connect(&m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger) // not the button that opens a menu elsewhere
            emit activated({});
    });
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
