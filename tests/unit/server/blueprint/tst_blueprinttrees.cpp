// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/server/blueprint/blueprintfixture.h"

#include <QRandomGenerator>

using namespace danube;
using namespace danube::blueprint;
using namespace danube::tests;
using namespace Qt::StringLiterals;

/// What a repository may hold to harm its reader.
class TestBlueprintTrees : public QObject
{
    Q_OBJECT

    /// A second reader of the fixture's repository, for limits of its own.
    static ConfigRepository::Settings smallOf(const Fixture &fixture)
    {
        ConfigRepository::Settings settings;
        settings.repository = *source::parseRepository(fixture.settings.url, {u"file"_s});
        settings.branch = u"main"_s;
        settings.directory = fixture.dir.filePath(u"small"_s);
        return settings;
    }
    static Result<QString> fetch(ConfigRepository &repository)
    {
        std::optional<Result<QString>> result;
        repository.fetch([&result](Result<QString> head) { result = std::move(head); });
        return waitFor(result);
    }

private slots:
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
        auto settings = smallOf(fixture);
        settings.packBytes = 1 << 20;
        ConfigRepository small(settings);
        const auto head = fetch(small);
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
        auto settings = smallOf(fixture);
        settings.memoryBytes = 128 << 20;
        ConfigRepository small(settings);
        const auto head = fetch(small);
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
};

QTEST_GUILESS_MAIN(TestBlueprintTrees)
#include "tst_blueprinttrees.moc"
