// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/app/consolestyle.h"
#include "console/app/mainwindow.h"
#include "shared/api/apiclient.h"
#include "tests/scenario/console/realmaster.h"

#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

namespace danube::tests {

/// A window with settings and a log cache of its own, which end with it.
struct LiveConsole
{
    LiveConsole() { console::installLook(); }
    SystemClock clock;
    QTemporaryDir folder;
    QSettings settings{folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat};
    console::Theme theme;
    console::MainWindow window{theme, settings, console::LogCache(folder.filePath(QStringLiteral("logs")), 1_GiB),
                               clock};

    /// As the profile "local"; by way of `url` where something stands in front of the master.
    console::MasterSession *connectTo(const RealMaster &master, const QString &url = {})
    {
        window.show();
        const QString address = url.isEmpty() ? master.url() : url;
        return window
            .connectTo({QStringLiteral("local"), address, console::ProfileKind::Development}, Secret(master.token()))
            .value();
    }
};

/// The job made; nothing, with a warning, when the master refused or did not answer.
inline std::optional<Job> run(api::ApiClient &client, const QString &name)
{
    std::optional<Job> made;
    client.run(name, {}, &client, [&](Result<Job> job) {
        if (job)
            made = *job;
        else
            qWarning() << job.error().message;
    });
    if (!QTest::qWaitFor([&] { return made.has_value(); }, 20'000))
        qWarning() << "no answer to run" << name;
    return made;
}

/// The whole log by REST; empty, with a warning, when none came.
inline QByteArray logOf(api::ApiClient &client, const JobId &job)
{
    std::optional<QByteArray> text;
    const api::Call call{protocol::RouteId::JobLogs, {job.value()}, {}, {}};
    client.send(call, &client, [&](Result<api::Answer> answer) { text = answer ? answer->body : QByteArray(); });
    if (!QTest::qWaitFor([&] { return text.has_value(); }, 30'000))
        qWarning() << "no answer to the log of" << job.value();
    return text.value_or(QByteArray());
}

} // namespace danube::tests
