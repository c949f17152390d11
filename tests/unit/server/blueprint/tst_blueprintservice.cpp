// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/blueprintservice.h"
#include "server/blueprint/lastgood.h"
#include "tests/support/fakeclock.h"
#include "tests/support/gitrepository.h"

#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

using namespace danube;
using namespace danube::blueprint;
using namespace Qt::StringLiterals;
using tests::GitRepository;

namespace {

QByteArray pipeline(const char *name, const char *image = "gcc:14")
{
    return QByteArray("{\"apiVersion\": \"danube.dev/v1\", \"kind\": \"Pipeline\",\n\"metadata\": {\"name\": \"") +
           name + "\"},\n\"spec\": {\"repository\": \"https://example.org/a.git\", \"worker\": {\"image\": \"" + image +
           "\"}}}\n";
}

const QByteArray config =
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
        repository.commit(u"config.json"_s, config);
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
    tests::FakeClock clock;
    GitCredentials credentials{[](const QString &key) { return fail(ErrorCode::NotFound, key); }};
    std::unique_ptr<PipelineCatalog> catalog;
    BlueprintService::Settings settings;
    std::unique_ptr<BlueprintService> service;
    QString first = Origin::get().head;
};

} // namespace

class TestBlueprintService : public QObject
{
    Q_OBJECT
    std::unique_ptr<Fixture> m_fixture;

private slots:
    void cleanupTestCase() { m_fixture.reset(); }

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
        fixture.origin.commit(u"clusters/a b/config.json"_s, config);
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

    void refusesHostileTrees_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("finding");
        QTest::newRow("symbolic link") << u"link"_s
                                       << u"pipelines/x.json:1:1: error: a symbolic link is not followed"_s;
        QTest::newRow("linked folder") << u"folder"_s << u"pipelines:1:1: error: a symbolic link is not followed"_s;
        QTest::newRow("submodule") << u"submodule"_s << u"pipelines/x.json:1:1: error: a submodule is not followed"_s;
        QTest::newRow("large file") << u"large"_s << u"pipelines/x.json:1:1: error: the file has 2000000 bytes, more"_s;
        QTest::newRow("many files") << u"many"_s << u"error: more than 20 files"_s;
        QTest::newRow("nothing") << u"nothing"_s << u"error: there is no config.json and no pipelines/*.json here"_s;
        QTest::newRow("no JSON") << u"binary"_s << u"pipelines/x.json:1:1: error: expected a value, got"_s;
    }
    void refusesHostileTrees()
    {
        QFETCH(QString, what);
        QFETCH(QString, finding);
        Fixture fixture;
        fixture.settings.limits.files = 20;
        fixture.run();
        const QString tree = fixture.origin.directory();
        if (what == "link"_L1)
            QFile::link(u"/etc/passwd"_s, tree + u"/pipelines/x.json"_s);
        if (what == "folder"_L1) {
            QDir(tree + u"/pipelines"_s).removeRecursively();
            QFile::link(u"/etc"_s, tree + u"/pipelines"_s);
        }
        if (what == "submodule"_L1)
            fixture.origin.git(
                {u"update-index"_s, u"--add"_s, u"--cacheinfo"_s, u"160000,%1,pipelines/x.json"_s.arg(fixture.first)});
        if (what == "nothing"_L1) {
            QDir(tree + u"/pipelines"_s).removeRecursively();
            QFile::remove(tree + u"/config.json"_s);
        }
        if (what == "submodule"_L1)
            fixture.origin.git({u"commit"_s, u"-q"_s, u"-m"_s, u"x"_s});
        else if (what == "large"_L1)
            fixture.origin.commit(u"pipelines/x.json"_s, QByteArray(2'000'000, ' '));
        else if (what == "binary"_L1)
            fixture.origin.commit(u"pipelines/x.json"_s, QByteArray("\x01\x02", 2));
        else {
            for (int i = 0; what == "many"_L1 && i < 30; ++i)
                QVERIFY(QFile::copy(tree + u"/config.json"_s, tree + u"/pipelines/p%1.json"_s.arg(i)));
            fixture.origin.commitAll();
        }
        const auto status = fixture.sync();
        QVERIFY2(status.isRefused(), qPrintable(describe(status)));
        QVERIFY2(describe(status.findings.first()).contains(finding), qPrintable(describe(status.findings.first())));
        QCOMPARE(status.activeCommit, fixture.first);
    }
    void aHundredThousandFilesCostLittle()
    {
        Fixture fixture;
        fixture.run();
        const auto makeTree = [&fixture](const QByteArray &lines) {
            QFile list(fixture.dir.filePath(u"list"_s));
            if (!list.open(QIODevice::WriteOnly) || list.write(lines) < 0)
                return QString();
            list.close();
            QProcess mktree;
            mktree.setWorkingDirectory(fixture.origin.directory());
            mktree.setStandardInputFile(list.fileName());
            mktree.start(u"git"_s, {u"mktree"_s});
            return mktree.waitForFinished(60'000) ? QString::fromLatin1(mktree.readAll().trimmed()) : QString();
        };
        const auto blob = fixture.origin.git({u"rev-parse"_s, u"main:config.json"_s}).toLatin1();
        QByteArray lines;
        for (int i = 0; i < 100'000; ++i)
            lines += "100644 blob " + blob + "\tp" + QByteArray::number(i) + ".json\n";
        const auto tree = makeTree("040000 tree " + makeTree(lines).toLatin1() + "\tpipelines\n");
        const auto head = fixture.origin.git({u"commit-tree"_s, u"-m"_s, u"x"_s, u"-p"_s, u"HEAD"_s, tree});
        fixture.origin.git({u"update-ref"_s, u"refs/heads/main"_s, head});
        const auto status = fixture.sync();
        QVERIFY2(status.isRefused(), qPrintable(describe(status)));
        QVERIFY2(describe(status).contains("more than 5000 files"_L1), qPrintable(describe(status)));
        QCOMPARE(fixture.pipelines(), QStringList{u"web"_s});
    }
    void filesElsewhereCostNothing()
    {
        Fixture fixture;
        fixture.settings.limits.files = 5;
        for (int i = 0; i < 300; ++i) {
            QFile file(fixture.origin.directory() + u"/other%1.json"_s.arg(i));
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        fixture.origin.commitAll();
        QVERIFY(fixture.run().status().isCurrent());
    }
    void aHugeBlobIsRefusedInTime()
    {
        Fixture fixture;
        fixture.run();
        QByteArray noise(3 << 20, Qt::Uninitialized);
        QRandomGenerator random(1);
        random.fillRange(reinterpret_cast<quint32 *>(noise.data()), noise.size() / 4);
        fixture.origin.commit(u"blob"_s, noise);
        fixture.service.reset();
        auto repository = source::parseRepository(fixture.settings.url, {u"file"_s});
        ConfigRepository small({.repository = *repository,
                                .branch = u"main"_s,
                                .path = {},
                                .directory = fixture.dir.filePath(u"small"_s),
                                .packBytes = 1 << 20,
                                .limits = {},
                                .signing = {},
                                .access = {}});
        std::optional<Result<QString>> result;
        small.fetch([&result](Result<QString> head) { result = std::move(head); });
        const auto head = waitFor(result);
        QVERIFY(!head);
        QCOMPARE(head.error().code, ErrorCode::ResourceExhausted);
        QVERIFY2(head.error().message.contains("more than 1 MiB"_L1), qPrintable(head.error().message));
    }
    // It compresses to nothing, so no limit of size sees it: only its pieces may be in memory.
    void aBlobThatExpandsCostsLittleMemory()
    {
        Fixture fixture;
        fixture.run();
        QFile blob(fixture.origin.directory() + u"/blob"_s);
        QVERIFY(blob.open(QIODevice::WriteOnly) && blob.resize(150'000'000));
        blob.close();
        for (const auto &setting : {u"core.bigFileThreshold"_s, u"core.packedGitWindowSize"_s})
            fixture.origin.git({u"config"_s, setting, u"1m"_s}); // file: has the origin's git run under our limit, too
        const auto commit = fixture.origin.commitAll();
        fixture.service.reset();
        const auto repository = source::parseRepository(fixture.settings.url, {u"file"_s});
        ConfigRepository small({.repository = *repository,
                                .branch = u"main"_s,
                                .path = {},
                                .directory = fixture.dir.filePath(u"small"_s),
                                .memoryBytes = 128 << 20,
                                .limits = {},
                                .signing = {},
                                .access = {}});
        std::optional<Result<QString>> result;
        small.fetch([&result](Result<QString> head) { result = std::move(head); });
        const auto head = waitFor(result);
        QVERIFY2(head, head ? "" : qPrintable(head.error().message));
        QCOMPARE(*head, commit);
        std::optional<Result<ReadTree>> tree;
        small.read(commit, [&tree](Result<ReadTree> read) { tree = std::move(read); });
        QCOMPARE(waitFor(tree)->files.size(), 2);
    }
    void refusesTreesGitWouldNotMake_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QString>("reason");
        QTest::newRow("parent folder") << QByteArray("..") << u"hasDotdot"_s;
        QTest::newRow("this folder") << QByteArray(".") << u"hasDot"_s;
        QTest::newRow("git's own folder") << QByteArray(".git") << u"hasDotgit"_s;
        QTest::newRow("path in a name") << QByteArray("../config.json") << u"fullPathname"_s;
        QTest::newRow("name twice") << QByteArray("config.json") << u"duplicateEntries"_s;
    }
    void refusesTreesGitWouldNotMake()
    {
        QFETCH(QByteArray, name);
        QFETCH(QString, reason);
        Fixture fixture;
        fixture.run();
        const auto id = [&fixture](const QString &object) {
            return QByteArray::fromHex(fixture.origin.git({u"rev-parse"_s, object}).toLatin1());
        };
        const QByteArray good = "100644 config.json" + QByteArray(1, '\0') + id(u"main:config.json"_s);
        const QByteArray bad = "100644 " + name + QByteArray(1, '\0') + id(u"main:config.json"_s);
        QProcess hashObject;
        hashObject.setWorkingDirectory(fixture.origin.directory());
        hashObject.start(u"git"_s, {u"hash-object"_s, u"-t"_s, u"tree"_s, u"-w"_s, u"--stdin"_s, u"--literally"_s});
        hashObject.write(name < "config.json" ? bad + good : good + bad);
        hashObject.closeWriteChannel();
        QVERIFY(hashObject.waitForFinished(30'000));
        const auto tree = QString::fromLatin1(hashObject.readAll().trimmed());
        const auto head = fixture.origin.git({u"commit-tree"_s, u"-m"_s, u"x"_s, u"-p"_s, u"HEAD"_s, tree});
        fixture.origin.git({u"update-ref"_s, u"refs/heads/main"_s, head});
        const auto status = fixture.sync();
        QVERIFY(status.failure);
        QVERIFY2(status.failure->message.contains(reason), qPrintable(status.failure->message));
        QCOMPARE(status.activeCommit, fixture.first);
        QCOMPARE(fixture.pipelines(), QStringList{u"web"_s});
    }
    void hooksOfTheOriginAndTheMirrorStaySilent()
    {
        Fixture fixture;
        fixture.run();
        const auto mark = fixture.dir.filePath(u"ran"_s);
        const auto mirrors = QDir(fixture.settings.directory).entryList({u"mirror-*"_s});
        QCOMPARE(mirrors.size(), 1);
        const auto hooks = fixture.settings.directory + u'/' + mirrors.first() + u"/hooks"_s;
        QDir().mkpath(hooks);
        for (const auto &name : {u"pre-push"_s, u"reference-transaction"_s, u"post-checkout"_s}) {
            QFile hook(hooks + u'/' + name);
            QVERIFY(hook.open(QIODevice::WriteOnly));
            hook.write("#!/bin/sh\ntouch " + mark.toUtf8() + "\n");
            hook.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        }
        QVERIFY(fixture.commit(fixture.first, {{u"pipelines/x.json"_s, pipeline("x")}}));
        QVERIFY(!QFile::exists(mark));
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

    void commitsForTheSignedInUser()
    {
        Fixture fixture;
        auto &service = fixture.run();
        const auto text = QByteArray(config).replace("[\"packages", "[\"a.example.org\", \"packages");
        const auto answer = fixture.commit(fixture.first, {{u"config.json"_s, text}, {u"users.json"_s, "[]"}});
        QVERIFY2(answer, qPrintable(answer ? QString() : answer.error().message));
        QCOMPARE(fixture.origin.git({u"rev-parse"_s, u"main"_s}), answer->commit);
        QCOMPARE(fixture.origin.git({u"rev-parse"_s, u"main^"_s}), fixture.first);
        QCOMPARE(fixture.origin.git({u"log"_s, u"-1"_s, u"--format=%an|%ae|%cn|%s"_s, u"main"_s}),
                 u"Ada L|ada@example.org|Danube|Change the configuration"_s);
        QCOMPARE(fixture.origin.git({u"diff"_s, u"--name-status"_s, u"main^"_s, u"main"_s}),
                 u"M\tconfig.json\nA\tusers.json"_s);
        QCOMPARE(service.status().activeCommit, answer->commit); // in force when the answer comes
        QCOMPARE(service.snapshot().config.egressAllowlist.size(), 2);

        const auto removal = fixture.commit(answer->commit, {{u"users.json"_s, std::nullopt}});
        QVERIFY(removal);
        QCOMPARE(fixture.origin.git({u"diff"_s, u"--name-status"_s, u"main^"_s, u"main"_s}), u"D\tusers.json"_s);
    }
    void oneOfTwoWritersGetsTheNewBase()
    {
        Fixture fixture;
        auto &service = fixture.run();
        std::vector<std::optional<Result<CommitAnswer>>> results(2);
        for (size_t i = 0; i < 2; ++i) {
            const auto name = i == 0 ? "one" : "two";
            service.commit({fixture.first,
                            {{u"pipelines/%1.json"_s.arg(QLatin1StringView(name)), pipeline(name)}},
                            u"x"_s,
                            {u"Ada"_s, u"ada@example.org"_s}},
                           &service, [&results, i](Result<CommitAnswer> answer) { results[i] = std::move(answer); });
        }
        const auto one = waitFor(results[0]);
        const auto two = waitFor(results[1]);
        QVERIFY(one);
        QVERIFY(!two);
        QCOMPARE(two.error().code, ErrorCode::Conflict);
        QVERIFY2(two.error().message.contains(one->commit), qPrintable(two.error().message));
        QCOMPARE(service.status().headCommit, one->commit);
        QCOMPARE(fixture.pipelines(), QStringList({u"one"_s, u"web"_s}));
    }
    void aPushThatCameTooLateIsAConflict()
    {
        Fixture fixture;
        fixture.run();
        fixture.service.reset();
        const auto repository = source::parseRepository(fixture.settings.url, {u"file"_s});
        ConfigRepository mirror({.repository = *repository,
                                 .branch = u"main"_s,
                                 .path = {},
                                 .directory = fixture.dir.filePath(u"late"_s),
                                 .limits = {},
                                 .signing = {},
                                 .access = {}});
        std::optional<Result<QString>> head;
        mirror.fetch([&head](Result<QString> found) { head = std::move(found); });
        QVERIFY(waitFor(head));
        std::optional<Result<QString>> made;
        mirror.write(**head, {{u"config.json"_s, "{}"}}, u"late"_s, {u"a"_s, u"b@c"_s}, 1,
                     [&made](Result<QString> id) { made = std::move(id); });
        QVERIFY(waitFor(made));
        const auto moved = fixture.origin.commit(u"x"_s, "1");
        std::optional<Result<bool>> pushed;
        mirror.push(**made, [&pushed](Result<void> done) {
            pushed = done ? Result<bool>(true) : std::unexpected(done.error());
        });
        const auto outcome = waitFor(pushed);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::Conflict);
        QCOMPARE(fixture.origin.git({u"rev-parse"_s, u"main"_s}), moved);
    }
    void commitsOnlyWhatIsAccepted()
    {
        Fixture fixture;
        fixture.run();
        const auto answer = fixture.commit(fixture.first, {{u"pipelines/x.json"_s, "{"}});
        QVERIFY(answer);
        QVERIFY(answer->commit.isEmpty());
        QCOMPARE(answer->findings.first().file, u"pipelines/x.json"_s);
        QCOMPARE(fixture.origin.git({u"rev-parse"_s, u"main"_s}), fixture.first);
    }
    void refusesCommits_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("base");
        const QString anyBase(40, u'a');
        QTest::newRow("outside") << u"pipelines/../../x.json"_s << anyBase;
        QTest::newRow("absolute") << u"/etc/passwd"_s << anyBase;
        QTest::newRow("another file") << u"README.md"_s << anyBase;
        QTest::newRow("git's own") << u".git/config"_s << anyBase;
        QTest::newRow("line in a path") << u"pipelines/a\nM 1.json"_s << anyBase;
        QTest::newRow("option as base") << u"config.json"_s << u"--all"_s;
        QTest::newRow("short base") << u"config.json"_s << u"abc"_s;
    }
    void refusesCommits()
    {
        QFETCH(QString, path);
        QFETCH(QString, base);
        if (!m_fixture) { // none of the rows changes anything
            m_fixture = std::make_unique<Fixture>();
            m_fixture->run();
        }
        const auto answer = m_fixture->commit(base, {{path, "{}"}});
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::InvalidArgument);
    }
    void commitsNothingWhenPushIsOff()
    {
        Fixture fixture;
        fixture.settings.mayPush = false;
        fixture.run();
        const auto answer = fixture.commit(fixture.first, {{u"config.json"_s, "{}"}});
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::PermissionDenied);
    }
    void plansWithoutDoing()
    {
        Fixture fixture;
        auto &service = fixture.run();
        const auto plan =
            service.plan({{u"pipelines/web.json"_s, std::nullopt}, {u"pipelines/x.json"_s, pipeline("x")}});
        QVERIFY(plan);
        QCOMPARE(plan->baseCommit, fixture.first);
        QCOMPARE(plan->changes.size(), 2);
        QCOMPARE(describe(plan->changes[0]), u"pipeline \"web\" removed"_s);
        QCOMPARE(fixture.pipelines(), QStringList{u"web"_s});
        QVERIFY(!service.plan({{u"x"_s, "1"}}));
    }
};

QTEST_GUILESS_MAIN(TestBlueprintService)
#include "tst_blueprintservice.moc"
