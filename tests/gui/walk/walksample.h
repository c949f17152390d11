// SPDX-License-Identifier: GPL-3.0-or-later
// The console as an operator has it in the middle of a day, out of fakes: three masters (one of production, one that
// wants a new sign-in), jobs in every state, artifacts, a Blueprint with secrets and refusals.
#pragma once

#include "tests/gui/blueprintsample.h"
#include "tests/gui/walk/walk.h"
#include "tests/support/fakedex.h"
#include "tests/support/fakesecrets.h"

namespace danube::tests {

class WalkSample : public BlueprintSample
{
public:
    FakeSecrets secrets{master};
    FakeMaster factory;
    FakeMaster rehearsal;
    FakeDex dex;

    WalkSample()
    {
        secrets.secrets = {{QStringLiteral("DEPLOY_TOKEN"), {"x", 3, {QStringLiteral("web-shop")}}},
                           {QStringLiteral("REGISTRY_PULL_PASSWORD"), {"x", 1, {}}}};
        addMany(60);
        addExamples();
        addFiles();
        factory.setJob(sampleJob(7, QStringLiteral("firmware"), JobState::Running));
        factory.setJob(sampleJob(6, QStringLiteral("firmware"), JobState::Failure));
        rehearsal.requireToken("another");
        for (FakeMaster *one : {&master, &factory}) // a walk on a busy machine takes longer than silence may last
            one->events().setHeartbeat(seconds(2));
    }

    /// Connects the masters; the one with everything is the scope.
    void connectAll()
    {
        window->show();
        const auto connect = [this](const QString &name, FakeMaster &other, console::ProfileKind kind) {
            return window->connectTo({name, other.url().toString(), kind}, Secret("token")).value();
        };
        console::MasterSession *refused =
            connect(QStringLiteral("rehearsal-eu-central"), rehearsal, console::ProfileKind::Staging);
        production = connect(QStringLiteral("factory"), factory, console::ProfileKind::Production);
        session = connectWindow().value();
        const bool here = QTest::qWaitFor(
            [&] {
                return session->isLive() && production->isLive() &&
                       refused->connection().state == console::ConnectionState::SignInNeeded &&
                       session->jobs()->rowCount() == 60;
            },
            30'000);
        if (!here)
            qWarning("the fake masters did not come");
    }

    Scene scene()
    {
        return {.window = *window,
                .master = *session,
                .production = production,
                .job = JobId(QStringLiteral("job000002")),
                .logFile = logFile(),
                .issuer = dex.issuer(),
                .commitElsewhere = [this](const QByteArray &config) {
                    blueprint.move({{QStringLiteral("config.json"), config}});
                }};
    }

    console::MasterSession *production = nullptr;

private:
    void addFiles()
    {
        for (const auto &[name, content] :
             {std::pair{QStringLiteral("dist/web-shop-1.4.2.tar.gz"), QByteArray(300'000, 'x')},
              std::pair{QStringLiteral("reports/tests.xml"),
                        QByteArray("<testsuite tests=\"13\" failures=\"1\"/>\n")}}) {
            Artifact artifact;
            artifact.id = ArtifactId(QStringLiteral("artifact%1").arg(content.size()));
            artifact.job = JobId(QStringLiteral("job000002"));
            artifact.name = name;
            artifact.size = ByteCount(content.size());
            artifact.sha256 = QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex();
            artifact.createdAt = sampleNow - seconds(200);
            master.addArtifact(artifact, content);
        }
    }
    QString logFile() const
    {
        const QString path = folder.filePath(QStringLiteral("nightly build.log"));
        QFile file(path);
        if (file.open(QIODevice::WriteOnly)) {
            for (int line = 1; line <= 500; ++line)
                file.write("\x1b[32mstage " + QByteArray::number(line % 7) + "\x1b[0m: object " +
                           QByteArray::number(line) +
                           (line % 90 == 0 ? " \x1b[31merror: missing symbol\x1b[0m\n" : " done\n"));
        }
        return path;
    }
};

} // namespace danube::tests
