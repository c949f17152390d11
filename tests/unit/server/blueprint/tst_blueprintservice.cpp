// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/lastgood.h"
#include "tests/unit/server/blueprint/blueprintfixture.h"

using namespace danube;
using namespace danube::blueprint;
using namespace danube::tests;
using namespace Qt::StringLiterals;

/// What is in force: the branch, or what was kept of it.
class TestBlueprintService : public QObject
{
    Q_OBJECT
private:
    static QString mirrorOf(const Fixture &fixture)
    {
        const QDir data(fixture.settings.directory);
        return data.filePath(data.entryList({u"mirror-*"_s}, QDir::Dirs).value(0));
    }
    static bool write(const QString &path, const QByteArray &text)
    {
        QFile::remove(path); // objects are read-only
        QFile file(path);
        return QDir().mkpath(QFileInfo(path).path()) && file.open(QIODevice::WriteOnly) &&
               file.write(text) == text.size();
    }

private slots:
    void appliesTheBranch()
    {
        Fixture fixture;
        auto &service = fixture.start();
        QSignalSpy applied(&service, &BlueprintService::applied);
        QVERIFY(!service.readiness());
        const auto status = fixture.sync();
        QVERIFY2(status.isCurrent(), qPrintable(describe(status)));
        QCOMPARE(status.activeCommit, fixture.first);
        QCOMPARE(applied.size(), 1);
        QCOMPARE(fixture.pipelines(), QStringList{u"web"_s});
        QCOMPARE(service.snapshot().config.egressAllowlist, QStringList{u"packages.example.org"_s});
        QVERIFY(service.readiness());
    }
    void aBadCommitKeepsTheLastGoodOne()
    {
        Fixture fixture;
        auto &service = fixture.run();
        QSignalSpy applied(&service, &BlueprintService::applied);
        fixture.origin.commit(u"pipelines/new.json"_s, pipeline("new"));
        const auto bad = fixture.origin.commit(u"pipelines/web.json"_s, pipeline("web", "GCC:14"));
        const auto status = fixture.sync();
        QVERIFY(status.isRefused());
        QCOMPARE(status.activeCommit, fixture.first);
        QCOMPARE(status.headCommit, bad);
        QCOMPARE(fixture.pipelines(), QStringList{u"web"_s}); // nothing of the bad commit, not even what is good
        QCOMPARE(fixture.catalog->find(u"web"_s)->image, u"gcc:14"_s);
        QCOMPARE(applied.size(), 0);
        QVERIFY(service.readiness());
        QVERIFY2(describe(status).contains("pipelines/web.json:3:73: error: spec.worker.image: "_L1),
                 qPrintable(describe(status)));

        const auto mended = fixture.origin.commit(u"pipelines/web.json"_s, pipeline("web", "gcc:15"));
        QCOMPARE(fixture.sync().activeCommit, mended);
        QCOMPARE(fixture.pipelines(), QStringList({u"new"_s, u"web"_s}));
        QVERIFY(fixture.service->status().findings.isEmpty());
    }
    void servesTheLastGoodOneWithoutGit()
    {
        Fixture fixture;
        fixture.run();
        QVERIFY(QDir().rename(fixture.origin.directory(), fixture.dir.filePath(u"away"_s)));
        auto &service = fixture.start();
        QCOMPARE(fixture.pipelines(), QStringList{u"web"_s}); // before any look
        QVERIFY(service.readiness());
        const auto status = fixture.sync();
        QVERIFY(status.failure);
        QCOMPARE(status.activeCommit, fixture.first);
        QCOMPARE(toJson(status).value("state"_L1).toString(), u"unreachable"_s);
        QVERIFY(
            describe(status).contains("is active; the repository was never reached; fetch branch main of file:///"_L1));

        QVERIFY(QDir().rename(fixture.dir.filePath(u"away"_s), fixture.origin.directory()));
        QVERIFY(fixture.sync().isCurrent());
    }
    void looksPastTheLocksOfAKilledGit_data()
    {
        QTest::addColumn<QString>("lock");
        QTest::addColumn<bool>("isOfAFormerMaster");
        for (const auto &lock : {u"shallow.lock"_s, u"refs/danube/blueprint.lock"_s, u"HEAD.lock"_s}) {
            QTest::addRow("%s", qPrintable(lock)) << lock << true;
            QTest::addRow("%s, in this life", qPrintable(lock)) << lock << false;
        }
    }
    void looksPastTheLocksOfAKilledGit()
    {
        QFETCH(QString, lock);
        QFETCH(bool, isOfAFormerMaster);
        Fixture fixture;
        fixture.run();
        if (isOfAFormerMaster)
            fixture.service.reset();
        QVERIFY(write(mirrorOf(fixture) + u'/' + lock, {}));
        const auto pushed = fixture.origin.commit(u"pipelines/new.json"_s, pipeline("new"));
        if (isOfAFormerMaster)
            fixture.start();
        else
            fixture.sync(); // its git was killed, or refuses to work: once
        const auto status = fixture.sync();
        QVERIFY2(status.isCurrent(), qPrintable(describe(status)));
        QCOMPARE(status.activeCommit, pushed);
        const auto answer = fixture.commit(pushed, {{u"pipelines/x.json"_s, pipeline("x")}});
        QVERIFY2(answer && !answer->commit.isEmpty(), qPrintable(answer ? QString() : answer.error().message));
    }
    void makesADamagedMirrorAnew_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("reference") << u"refs/danube/blueprint"_s;
        QTest::newRow("HEAD") << u"HEAD"_s;
        QTest::newRow("objects") << u"pack"_s;
    }
    void makesADamagedMirrorAnew()
    {
        QFETCH(QString, file);
        Fixture fixture;
        fixture.run();
        fixture.service.reset();
        auto path = mirrorOf(fixture) + u'/' + file;
        QByteArray text;
        if (file == "pack"_L1) {
            const QDir packs(mirrorOf(fixture) + u"/objects/pack"_s);
            path = packs.filePath(packs.entryList({u"*.pack"_s}).value(0));
            QFile pack(path);
            QVERIFY(pack.open(QIODevice::ReadOnly));
            text = pack.readAll();
            text.replace(12, text.size() - 32, QByteArray(text.size() - 32, '\0'));
        }
        QVERIFY(QFile::exists(path));
        QVERIFY(write(path, text)); // the power went before its bytes were written
        const auto pushed = fixture.origin.commit(u"pipelines/new.json"_s, pipeline("new"));
        fixture.start();
        fixture.sync(); // an object is missed as it is read, after the fetch
        const auto status = fixture.sync();
        QVERIFY2(status.isCurrent(), qPrintable(describe(status)));
        QCOMPARE(status.activeCommit, pushed);
        QCOMPARE(fixture.pipelines(), QStringList({u"new"_s, u"web"_s}));
    }
    void aKeptFileThatIsTooLargeIsToldSo_data()
    {
        QTest::addColumn<qint64>("size");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("64 MiB") << (qint64(64) << 20) << ErrorCode::DataLoss; // read, and no Blueprint
        QTest::newRow("more") << (qint64(64) << 20) + 1 << ErrorCode::ResourceExhausted;
    }
    void aKeptFileThatIsTooLargeIsToldSo()
    {
        QFETCH(qint64, size);
        QFETCH(ErrorCode, code);
        const QTemporaryDir directory;
        QFile file(directory.filePath(u"active.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(size));
        const auto loaded = LastGood(file.fileName(), u"here"_s).load();
        QVERIFY(!loaded);
        QCOMPARE(loaded.error().code, code);
        QVERIFY2(loaded.error().message.contains(file.fileName()), qPrintable(loaded.error().message));
    }
    void aDamagedKeptFileIsNotServed()
    {
        Fixture fixture;
        fixture.run();
        fixture.service.reset();
        QFile file(fixture.settings.directory + u"/active.json"_s);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
        auto text = file.readAll();
        text.replace("gcc:14", "gcc:15");
        file.seek(0);
        file.write(text);
        file.close();
        auto &service = fixture.start();
        QVERIFY(!service.readiness());
        QVERIFY(fixture.sync().isCurrent());
    }
    void whatWasKeptForAnotherBranchIsNotServed()
    {
        Fixture fixture;
        fixture.run();
        fixture.settings.branch = u"staging"_s;
        auto &service = fixture.start();
        QVERIFY(!service.readiness());
        const auto status = fixture.sync();
        QCOMPARE(status.failure->code, ErrorCode::NotFound);
        fixture.origin.git({u"branch"_s, u"staging"_s});
        QVERIFY(fixture.sync().isCurrent());
    }
    void threeBranchesAreIndependent()
    {
        Fixture fixture;
        fixture.origin.git({u"branch"_s, u"staging"_s});
        fixture.origin.commit(u"pipelines/main.json"_s, pipeline("main"));
        Fixture other;
        other.settings.url = fixture.settings.url;
        other.settings.branch = u"staging"_s;
        fixture.run();
        other.run();
        QCOMPARE(fixture.pipelines(), QStringList({u"main"_s, u"web"_s}));
        QCOMPARE(other.pipelines(), QStringList{u"web"_s});
    }
    void readsAFolder()
    {
        Fixture fixture;
        fixture.origin.commit(u"clusters/a b/config.json"_s, configText);
        fixture.origin.commit(u"clusters/a b/pipelines/sub.json"_s, pipeline("sub"));
        fixture.settings.path = u"clusters/a b"_s;
        auto &service = fixture.run();
        QVERIFY2(service.status().isCurrent(), qPrintable(describe(service.status())));
        QCOMPARE(fixture.pipelines(), QStringList{u"sub"_s});
        const auto answer = fixture.commit(service.status().headCommit, {{u"pipelines/x.json"_s, pipeline("x")}});
        QVERIFY2(answer, qPrintable(answer ? QString() : answer.error().message));
        QCOMPARE(fixture.origin.git({u"show"_s, u"main:clusters/a b/pipelines/x.json"_s}).toUtf8() + '\n',
                 pipeline("x"));
        QCOMPARE(fixture.pipelines(), QStringList({u"sub"_s, u"x"_s}));
    }
    void pollsByItsInterval()
    {
        Fixture fixture;
        fixture.settings.syncInterval = milliseconds(100);
        auto &service = fixture.run();
        const auto second = fixture.origin.commit(u"pipelines/new.json"_s, pipeline("new"));
        QTRY_COMPARE_WITH_TIMEOUT(service.status().activeCommit, second, 20'000);
    }
    void aForcedBranchIsFollowed()
    {
        Fixture fixture;
        fixture.run();
        fixture.origin.git({u"commit"_s, u"-q"_s, u"--amend"_s, u"-m"_s, u"other"_s});
        const auto status = fixture.sync();
        QVERIFY(status.isCurrent());
        QVERIFY(status.activeCommit != fixture.first);
    }
    void looksAreShared()
    {
        Fixture fixture;
        auto &service = fixture.start();
        int answers = 0;
        for (int i = 0; i < 50; ++i)
            service.sync(&service, [&answers](const Result<BlueprintStatus> &) { ++answers; });
        QTRY_COMPARE_WITH_TIMEOUT(answers, 50, 30'000);
    }
    void leavingNeedsNoAnswer()
    {
        Fixture fixture;
        auto &service = fixture.start();
        auto context = std::make_unique<QObject>();
        bool called = false;
        service.sync(context.get(), [&called](const Result<BlueprintStatus> &) { called = true; });
        context.reset();
        fixture.sync();
        QVERIFY(!called);
        service.sync(&service, [](const Result<BlueprintStatus> &) {});
        fixture.service.reset(); // while git runs
    }
    void refusesSettings_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("branch");
        QTest::newRow("option as URL") << u"--upload-pack=touch"_s << u"main"_s;
        QTest::newRow("protocol") << u"https://example.org/a.git"_s << u"main"_s;
        QTest::newRow("helper") << u"ext::sh -c x"_s << u"main"_s;
        QTest::newRow("option as branch") << u"file:///srv/a"_s << u"--force"_s;
        QTest::newRow("ref syntax") << u"file:///srv/a"_s << u"main:refs/heads/x"_s;
        QTest::newRow("no branch") << u"file:///srv/a"_s << QString();
    }
    void refusesSettings()
    {
        QFETCH(QString, url);
        QFETCH(QString, branch);
        const QTemporaryDir folder;
        BlueprintService::Settings settings;
        settings.url = url;
        settings.branch = branch;
        settings.allowedProtocols = {u"file"_s};
        settings.directory = folder.path();
        PipelineCatalog catalog;
        GitCredentials credentials{[](const QString &key) { return fail(ErrorCode::NotFound, key); }};
        const tests::FakeClock clock;
        BlueprintService service(settings, catalog, credentials, clock);
        const auto started = service.start();
        QVERIFY(!started);
        QCOMPARE(started.error().code, ErrorCode::InvalidArgument);
        QVERIFY(started.error().message.startsWith("config_repo."_L1));
    }
};

QTEST_GUILESS_MAIN(TestBlueprintService)
#include "tst_blueprintservice.moc"
