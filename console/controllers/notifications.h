// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/controllers/jobstandings.h"
#include "console/models/notification.h"

namespace danube::console {

/// What is shown outside of the window.
struct Notification
{
    QString title; ///< the master's name
    QString text;
    QString masterUrl;
    JobId job; ///< empty: about the master itself
    bool operator==(const Notification &) const = default;
};

/// The desktop's way to show notifications; a fake in tests. Where there is none, isAvailable() says so.
class Notifier : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    virtual bool isAvailable() const = 0;
    virtual void show(const Notification &notification) = 0;

signals:
    void activated(const danube::console::Notification &notification); ///< clicked
};

/// Watches the connected masters and tells what the rules want told. Each one is a row of the activity list too, so
/// nothing is lost in quiet hours or where nothing can be shown.
class Notifications : public QObject
{
    Q_OBJECT
public:
    struct Parts
    {
        Masters &masters;
        const Credentials &credentials;
        const JobStandings &standings;
        const Clock &clock;
        Notifier *notifier; ///< null: nothing can be shown
    };
    explicit Notifications(const Parts &parts, QObject *parent = nullptr);

    void setRules(const NotificationRules &rules) { m_rules = rules; }
    const NotificationRules &rules() const { return m_rules; }

private:
    void watch(MasterSession *session);
    void takeMove(const MasterSession &session, JobState from, const Job &job);
    void tell(const Notification &notification, ActivityLevel level);

    Parts m_parts;
    NotificationRules m_rules;
};

} // namespace danube::console
