// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/blueprint/blueprintservice.h"
#include "tests/support/fakeclock.h"
#include "tests/support/gitrepository.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

namespace danube::tests {

using namespace danube::blueprint;
using namespace Qt::StringLiterals;

inline QByteArray pipeline(const char *name, const char *image = "gcc:14")
{
    return QByteArray("{\"apiVersion\": \"danube.dev/v1\", \"kind\": \"Pipeline\",\n\"metadata\": {\"name\": \"") +
           name + "\"},\n\"spec\": {\"repository\": \"https://example.org/a.git\", \"worker\": {\"image\": \"" + image +
           "\"}}}\n";
}

inline const QByteArray configText =
    "{\"apiVersion\": \"danube.dev/v1\", \"kind\": \"Config\", \"metadata\": {\"name\": \"global\"},\n"
    "\"spec\": {\"egress_allowlist\": [\"packages.example.org\"]}}\n";

template <class T> Result<T> waitFor(const std::optional<Result<T>> &result)
{
    if (!QTest::qWaitFor([&result] { return result.has_value(); }, 30'000))
        return fail(ErrorCode::Internal, u"no answer"_s);
    return *result;
}

/// Where every test begins, made once: every git command costs a process.
struct Origin
{
    QTemporaryDir folder;
    QString head;
    Origin()
    {
        GitRepository repository(folder.path());
        repository.git({u"config"_s, u"receive.denyCurrentBranch"_s, u"ignore"_s});
        repository.commit(u"config.json"_s, configText);
        head = repository.commit(u"pipelines/web.json"_s, pipeline("web"));
    }
    static const Origin &get()
    {
        static const Origin origin;
        return origin;
    }
    QString copyTo(const QString &target) const
    {
        std::filesystem::copy(folder.path().toStdString(), target.toStdString(),
                              std::filesystem::copy_options::recursive);
        return target;
    }
};

/// A service, and the repository it follows.
struct Fixture
{
    Fixture()
    {
        settings.url = origin.url();
        settings.allowedProtocols = {u"file"_s};
        settings.directory = dir.filePath(u"data"_s);
        settings.syncInterval = milliseconds(0);
    }
    BlueprintService &start()
    {
        service.reset();
        catalog = std::make_unique<PipelineCatalog>();
        service = std::make_unique<BlueprintService>(settings, *catalog, credentials, clock);
        const auto started = service->start();
        if (!started)
            qFatal("%s", qPrintable(started.error().message));
        return *service;
    }
    /// Started, and its first look has come to an end.
    BlueprintService &run()
    {
        QSignalSpy looked(&start(), &BlueprintService::statusChanged);
        if (!QTest::qWaitFor([&looked] { return !looked.isEmpty(); }, 30'000))
            qFatal("the branch was not looked at");
        return *service;
    }
    BlueprintStatus sync()
    {
        std::optional<Result<BlueprintStatus>> result;
        service->sync(service.get(), [&result](Result<BlueprintStatus> status) { result = std::move(status); });
        const auto status = waitFor(result);
        if (!status)
            qFatal("%s", qPrintable(status.error().message));
        return *status;
    }
    Result<CommitAnswer> commit(const QString &base, const FileChanges &files)
    {
        std::optional<Result<CommitAnswer>> result;
        service->commit({base, files, u"Change the configuration\n"_s, {u"Ada <L>"_s, u"ada@example.org"_s}},
                        service.get(), [&result](Result<CommitAnswer> answer) { result = std::move(answer); });
        return waitFor(result);
    }
    QStringList pipelines() const
    {
        QStringList names;
        for (const Pipeline &entry : catalog->all())
            names.append(entry.name);
        return names;
    }

    QTemporaryDir dir;
    GitRepository origin{Origin::get().copyTo(dir.filePath(u"origin"_s))};
    FakeClock clock;
    GitCredentials credentials{[](const QString &key) { return fail(ErrorCode::NotFound, key); }};
    std::unique_ptr<PipelineCatalog> catalog;
    BlueprintService::Settings settings;
    std::unique_ptr<BlueprintService> service;
    QString first = Origin::get().head;
};

} // namespace danube::tests
