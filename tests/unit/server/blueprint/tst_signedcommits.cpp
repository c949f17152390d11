// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/blueprintservice.h"
#include "tests/support/fakeclock.h"
#include "tests/support/gitrepository.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::blueprint;
using namespace Qt::StringLiterals;
using tests::GitRepository;

namespace {

QByteArray config(const QByteArray &host)
{
    return "{\"apiVersion\": \"danube.dev/v1\", \"kind\": \"Config\", \"metadata\": {\"name\": \"global\"},\n"
           "\"spec\": {\"egress_allowlist\": [\"" +
           host + "\"]}}\n";
}

void writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

/// Ada's and Bob's keys; only Ada may sign.
struct Fixture
{
    Fixture()
    {
        for (const auto &who : {u"ada"_s, u"bob"_s}) {
            if (QProcess::execute(u"ssh-keygen"_s, {u"-q"_s, u"-t"_s, u"ed25519"_s, u"-N"_s, QString(), u"-C"_s, who,
                                                    u"-f"_s, key(who)}) != 0)
                qFatal("no key for %s", qPrintable(who));
        }
        allow({u"ada"_s});
        origin.git({u"config"_s, u"receive.denyCurrentBranch"_s, u"ignore"_s});
        settings.url = origin.url();
        settings.allowedProtocols = {u"file"_s};
        settings.directory = dir.filePath(u"data"_s);
        settings.syncInterval = milliseconds(0);
        settings.signing = {.isRequired = true, .allowedSigners = dir.filePath(u"allowed_signers"_s), .signingKey = {}};
    }
    QString key(const QString &who) const { return dir.filePath(who); }
    void allow(const QStringList &signers) const
    {
        QByteArray lines = "# who may change the configuration\n";
        for (const QString &who : signers) {
            QFile file(key(who) + u".pub"_s);
            if (!file.open(QIODevice::ReadOnly))
                qFatal("no public key of %s", qPrintable(who));
            lines += who.toUtf8() + "@example.org namespaces=\"git\" " + file.readAll();
        }
        writeFile(dir.filePath(u"allowed_signers"_s), lines);
    }
    /// Empty signer: unsigned.
    QString commit(const QString &signer, const QByteArray &host) const
    {
        writeFile(origin.directory() + u"/config.json"_s, config(host));
        origin.git({u"add"_s, u"-A"_s});
        QStringList arguments{u"commit"_s, u"-q"_s, u"-m"_s, u"change"_s};
        if (!signer.isEmpty())
            arguments = QStringList{u"-c"_s, u"gpg.format=ssh"_s, u"-c"_s, u"user.signingKey="_s + key(signer)} +
                        arguments + QStringList{u"-S"_s};
        origin.git(arguments);
        return origin.git({u"rev-parse"_s, u"HEAD"_s});
    }
    BlueprintService &start()
    {
        service.reset();
        catalog = std::make_unique<PipelineCatalog>();
        service = std::make_unique<BlueprintService>(settings, *catalog, credentials, clock);
        if (const auto started = service->start(); !started)
            qFatal("%s", qPrintable(started.error().message));
        return *service;
    }
    BlueprintStatus sync()
    {
        std::optional<BlueprintStatus> status;
        service->sync(service.get(), [&status](const Result<BlueprintStatus> &answer) { status = *answer; });
        if (!QTest::qWaitFor([&status] { return status.has_value(); }, 30'000))
            qFatal("no answer");
        return *status;
    }
    BlueprintStatus run()
    {
        start();
        return sync();
    }
    Result<CommitAnswer> write(const QString &base, const QByteArray &host)
    {
        std::optional<Result<CommitAnswer>> result;
        service->commit({base, {{u"config.json"_s, config(host)}}, u"Ünder\n\nbody\n"_s, {u"Ada <L>"_s, u"a@b"_s}},
                        service.get(), [&result](Result<CommitAnswer> answer) { result = std::move(answer); });
        if (!QTest::qWaitFor([&result] { return result.has_value(); }, 30'000))
            return fail(ErrorCode::Internal, u"no answer"_s);
        return *result;
    }
    QStringList active() const { return service->snapshot().config.egressAllowlist; }

    QTemporaryDir dir;
    GitRepository origin{dir.filePath(u"origin"_s)};
    tests::FakeClock clock;
    GitCredentials credentials{[](const QString &key) { return fail(ErrorCode::NotFound, key); }};
    std::unique_ptr<PipelineCatalog> catalog;
    BlueprintService::Settings settings;
    std::unique_ptr<BlueprintService> service;
};

QString reasonOf(const BlueprintStatus &status)
{
    return status.findings.isEmpty() ? u"no finding; "_s + describe(status) : status.findings.first().message;
}

} // namespace

class TestSignedCommits : public QObject
{
    Q_OBJECT
private slots:
    void takesWhatAKnownSignerSigned()
    {
        Fixture fixture;
        const auto commit = fixture.commit(u"ada"_s, "a.example.org");
        const auto status = fixture.run();
        QVERIFY2(status.isCurrent(), qPrintable(reasonOf(status)));
        QCOMPARE(status.activeCommit, commit);
        QCOMPARE(fixture.active(), QStringList{u"a.example.org"_s});
    }
    void refusesOthers_data()
    {
        QTest::addColumn<QString>("signer");
        QTest::addColumn<QString>("reason");
        QTest::newRow("unsigned") << QString() << u"is not signed"_s;
        QTest::newRow("unknown signer") << u"bob"_s << u"is signed with key SHA256:"_s;
    }
    void refusesOthers()
    {
        QFETCH(QString, signer);
        QFETCH(QString, reason);
        Fixture fixture;
        const auto good = fixture.commit(u"ada"_s, "a.example.org");
        fixture.run();
        const auto bad = fixture.commit(signer, "b.example.org");
        const auto status = fixture.sync();
        QVERIFY(status.isRefused());
        QCOMPARE(status.activeCommit, good);
        QCOMPARE(fixture.active(), QStringList{u"a.example.org"_s});
        QVERIFY2(reasonOf(status).startsWith(u"commit %1 %2"_s.arg(bad, reason)), qPrintable(reasonOf(status)));
        QVERIFY(describe(status).contains(reason));

        // A restart does not forget, neither what is in force nor what is refused.
        const auto again = fixture.run();
        QCOMPARE(again.activeCommit, good);
        QVERIFY(again.isRefused());

        const auto mended = fixture.commit(u"ada"_s, "c.example.org");
        QCOMPARE(fixture.sync().activeCommit, mended);
        QVERIFY(fixture.service->status().isCurrent());
    }
    void refusesAChangedCommit()
    {
        Fixture fixture;
        const auto good = fixture.commit(u"ada"_s, "a.example.org");
        fixture.run();
        fixture.commit(u"ada"_s, "b.example.org");
        const auto text = fixture.origin.git({u"cat-file"_s, u"commit"_s, u"HEAD"_s}) + u"d by somebody else\n"_s;
        writeFile(fixture.dir.filePath(u"tampered"_s), text.toUtf8());
        const auto bad =
            fixture.origin.git({u"hash-object"_s, u"-t"_s, u"commit"_s, u"-w"_s, fixture.dir.filePath(u"tampered"_s)});
        fixture.origin.git({u"update-ref"_s, u"refs/heads/main"_s, bad});
        const auto status = fixture.sync();
        QCOMPARE(status.headCommit, bad);
        QCOMPARE(status.activeCommit, good);
        QVERIFY2(reasonOf(status).startsWith(u"commit %1 has a signature that does not fit it"_s.arg(bad)),
                 qPrintable(reasonOf(status)));
    }
    void followsTheListOfSigners()
    {
        Fixture fixture;
        fixture.commit(u"ada"_s, "a.example.org");
        const auto bobs = fixture.commit(u"bob"_s, "b.example.org");
        QVERIFY(fixture.run().activeCommit.isEmpty());
        QVERIFY(!fixture.service->readiness());
        fixture.allow({u"ada"_s, u"bob"_s}); // the same commit, another list
        QCOMPARE(fixture.sync().activeCommit, bobs);

        // Removed: what is in force stays, and it is said that nobody vouches for it any more.
        fixture.allow({u"ada"_s});
        QSignalSpy told(fixture.service.get(), &BlueprintService::statusChanged);
        auto status = fixture.sync();
        QCOMPARE(told.size(), 1);
        QCOMPARE(status.activeCommit, bobs);
        QVERIFY(status.isRefused());
        QVERIFY(!status.isCurrent());
        const auto next = fixture.commit(u"bob"_s, "c.example.org");
        status = fixture.sync();
        QCOMPARE(status.headCommit, next);
        QCOMPARE(status.activeCommit, bobs);
        QCOMPARE(fixture.active(), QStringList{u"b.example.org"_s});
    }
    void aMissingListIsAFailure()
    {
        Fixture fixture;
        const auto good = fixture.commit(u"ada"_s, "a.example.org");
        fixture.run();
        QVERIFY(QFile::remove(fixture.settings.signing.allowedSigners));
        const auto status = fixture.sync();
        QVERIFY(status.failure);
        QVERIFY(status.failure->message.startsWith("config_repo.allowed_signers: "_L1));
        QCOMPARE(status.activeCommit, good);
        fixture.allow({u"ada"_s});
        QVERIFY(fixture.sync().isCurrent());
    }
    void whatWasKeptUnsignedIsNotServed()
    {
        Fixture fixture;
        fixture.commit({}, "a.example.org");
        fixture.settings.signing.isRequired = false;
        QVERIFY(fixture.run().isCurrent());
        fixture.settings.signing.isRequired = true;
        fixture.start();
        QVERIFY(!fixture.service->readiness());
        QVERIFY(fixture.sync().isRefused());
        QVERIFY(fixture.active().isEmpty());
    }
    void signsItsOwnCommits()
    {
        Fixture fixture;
        fixture.allow({u"ada"_s, u"bob"_s});
        fixture.settings.signing.signingKey = fixture.key(u"bob"_s);
        const auto base = fixture.commit(u"ada"_s, "a.example.org");
        fixture.run();
        QVERIFY(fixture.service->mayPush());
        const auto answer = fixture.write(base, "b.example.org");
        QVERIFY2(answer, qPrintable(answer ? QString() : answer.error().message));
        QCOMPARE(fixture.origin.git({u"rev-parse"_s, u"main"_s, u"main^"_s}), answer->commit + u'\n' + base);
        QCOMPARE(fixture.origin.git({u"log"_s, u"-1"_s, u"--format=%an|%ae|%cn|%ce|%B"_s, u"main"_s}),
                 u"Ada L|a@b|Danube|danube@localhost|Ünder\n\nbody"_s);
        QCOMPARE(fixture.service->status().activeCommit, answer->commit);
        QCOMPARE(fixture.active(), QStringList{u"b.example.org"_s});
    }
    void pushesNothingItWouldRefuse()
    {
        Fixture fixture;
        const auto base = fixture.commit(u"ada"_s, "a.example.org");
        fixture.run();
        QVERIFY(!fixture.service->mayPush());
        auto answer = fixture.write(base, "b.example.org");
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::Conflict);
        QVERIFY(answer.error().message.contains("config_repo.signing_key_path names no key"_L1));

        fixture.settings.signing.signingKey = fixture.key(u"bob"_s); // not in the list
        fixture.run();
        answer = fixture.write(base, "b.example.org");
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::Conflict);
        QVERIFY2(answer.error().message.startsWith("config_repo.signing_key_path: commit "_L1),
                 qPrintable(answer.error().message));
        QCOMPARE(fixture.origin.git({u"rev-parse"_s, u"main"_s}), base);
    }
    void vouchesForNobodyElse()
    {
        Fixture fixture;
        fixture.settings.signing.signingKey = fixture.key(u"ada"_s);
        fixture.commit(u"ada"_s, "a.example.org");
        const auto bad = fixture.commit({}, "b.example.org");
        fixture.run();
        const auto answer = fixture.write(bad, "c.example.org");
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::Conflict);
        QCOMPARE(answer.error().message, u"base_commit: commit %1 is not signed"_s.arg(bad));
        QCOMPARE(fixture.origin.git({u"rev-parse"_s, u"main"_s}), bad);
    }
    void onlyGoodIsGood()
    {
        for (const char verdict : {'B', 'U', 'X', 'Y', 'R', 'E', 'N', '?'})
            QVERIFY(whyNotTrusted(u"c"_s, {QLatin1Char(verdict), {}, {}}));
        QVERIFY(!whyNotTrusted(u"c"_s, {u'G', {}, {}}));
        QVERIFY(!parseSignature("good\nSHA256:x\nada\n"));
        QVERIFY(!parseSignature("G"));
        QVERIFY(!parseSignature({}));
    }
};

QTEST_GUILESS_MAIN(TestSignedCommits)
#include "tst_signedcommits.moc"
