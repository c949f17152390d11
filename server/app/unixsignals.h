// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QSocketNotifier;

namespace danube::app {

/// SIGTERM, SIGINT and SIGHUP as Qt signals on the thread that made this object; SIGPIPE is ignored. One instance.
class UnixSignals : public QObject
{
    Q_OBJECT
public:
    explicit UnixSignals(QObject *parent = nullptr);
    ~UnixSignals() override;

signals:
    void terminate();
    void reload();

private:
    void read();
    int m_descriptor = -1;
    QSocketNotifier *m_notifier = nullptr;
};

} // namespace danube::app
