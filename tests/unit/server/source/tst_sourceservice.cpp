// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/source/sourceservice.h"

#include "server/source/bundlestore.h"
#include "tests/support/gitrepository.h"

#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::source;
using namespace Qt::StringLiterals;
using tests::GitRepository;

class TestSourceService : public QObject
{
    Q_OBJECT
private:
    struct Fixture
    {
        QTemporaryDir dir;
        GitRepository origin{dir.filePath(u"origin"_s)};
        SourceService::Settings settings{dir.filePath(u"data"_s), {u"file"_s}};
        std::unique_ptr<SourceService> service;
        SourceService &start()
        {
            service = std::make_unique<SourceService>(settings);
            return *service;
        }
        QString mirror() const
        {
            const QDir mirrors(settings.directory + u"/mirrors"_s);
            const auto all = mirrors.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
            return all.size() == 1 ? mirrors.filePath(all.first()) : QString();
        }
        /// The file of an object that is stored alone.
        QString objectFile(const QString &id) const
        {
            return mirror() + u"/objects/%1/%2"_s.arg(id.first(2), id.sliced(2));
        }
        QFileInfoList bundles() const { return QDir(settings.directory + u"/bundles"_s).entryInfoList(QDir::Files); }
    };
    template <class T> static Result<T> wait(const std::optional<Result<T>> &result)
    {
        if (!QTest::qWaitFor([&result] { return result.has_value(); }, 30'000))
            return fail(ErrorCode::Internal, u"no answer"_s);
        return *result;
    }
    Result<ResolvedCommit> resolve(SourceService &service, const QString &url, const QString &ref)
    {
        std::optional<Result<ResolvedCommit>> result;
        service.resolve(url, ref, this, [&result](Result<ResolvedCommit> found) { result = std::move(found); });
        return wait(result);
    }
    Result<QString> bundle(SourceService &service, const QString &url, const QString &commit)
    {
        std::optional<Result<QString>> result;
        service.bundle(url, commit, this, [&result](Result<QString> made) { result = std::move(made); });
        return wait(result);
    }
    static bool write(const QString &path, const QByteArray &text)
    {
        QFile::remove(path); // objects are read-only
        QFile file(path);
        return QDir().mkpath(QFileInfo(path).path()) && file.open(QIODevice::WriteOnly) &&
               file.write(text) == text.size();
    }
    static ErrorCode codeOf(const auto &result) { return result ? ErrorCode::Internal : result.error().code; }

private slots:
    void resolvesBranchTagCommitAndDefault()
    {
        Fixture fixture;
        auto &origin = fixture.origin;
        const auto first = origin.commit(u"a"_s, "1");
        origin.git({u"tag"_s, u"-a"_s, u"-m"_s, u"one"_s, u"v1"_s});
        origin.git({u"checkout"_s, u"-q"_s, u"-b"_s, u"work/x"_s});
        const auto second = origin.commit(u"a"_s, "2");
        origin.git({u"checkout"_s, u"-q"_s, u"main"_s});
        auto &service = fixture.start();
        const auto url = origin.url();
        QCOMPARE(resolve(service, url, {}).value(), (ResolvedCommit{first, u"main"_s}));
        QCOMPARE(resolve(service, url, u"work/x"_s).value(), (ResolvedCommit{second, u"work/x"_s}));
        QCOMPARE(resolve(service, url, u"v1"_s).value(), (ResolvedCommit{first, {}}));
        QCOMPARE(resolve(service, url, second.toUpper()).value(), (ResolvedCommit{second, {}}));
        QCOMPARE(resolve(service, url, u"refs/tags/v1"_s).value(), (ResolvedCommit{first, {}}));
    }
    void refusesShortCommitsClearly()
    {
        Fixture fixture;
        const auto commit = fixture.origin.commit(u"a"_s, "1");
        const auto refused = resolve(fixture.start(), fixture.origin.url(), commit.left(10));
        QCOMPARE(codeOf(refused), ErrorCode::InvalidArgument);
        QVERIFY2(refused.error().message.contains("all 40 digits"_L1), qPrintable(refused.error().message));
    }
    void seesLaterPushesAndForcedOnes()
    {
        Fixture fixture;
        auto &origin = fixture.origin;
        origin.commit(u"a"_s, "1");
        auto &service = fixture.start();
        const auto old = resolve(service, origin.url(), u"main"_s).value().commit;
        const auto pushed = origin.commit(u"a"_s, "2");
        QCOMPARE(resolve(service, origin.url(), u"main"_s).value().commit, pushed);
        origin.git({u"reset"_s, u"-q"_s, u"--hard"_s, old});
        QCOMPARE(resolve(service, origin.url(), u"main"_s).value().commit, old);
        // A commit no branch holds any more is still known by its id.
        QCOMPARE(resolve(service, origin.url(), pushed).value().commit, pushed);
    }
    void namesWhatIsMissing()
    {
        Fixture fixture;
        fixture.origin.commit(u"a"_s, "1");
        auto &service = fixture.start();
        const auto noRepository = resolve(service, u"file:///nonexistent/repo"_s, u"main"_s);
        QCOMPARE(codeOf(noRepository), ErrorCode::NotFound);
        QVERIFY(noRepository.error().message.startsWith("fetch file:///nonexistent/repo: "_L1));
        QCOMPARE(codeOf(resolve(service, fixture.origin.url(), u"gone"_s)), ErrorCode::NotFound);
        const QString unknown(40, u'1');
        const auto noCommit = resolve(service, fixture.origin.url(), unknown);
        QCOMPARE(codeOf(noCommit), ErrorCode::NotFound);
        QVERIFY(noCommit.error().message.contains(unknown));
        QCOMPARE(codeOf(resolve(service, u"https://example.org/x"_s, {})), ErrorCode::InvalidArgument);
        QCOMPARE(codeOf(bundle(service, fixture.origin.url(), u"main"_s)), ErrorCode::InvalidArgument);
    }
    void saysThatARepositoryIsEmpty()
    {
        Fixture fixture;
        const auto empty = resolve(fixture.start(), fixture.origin.url(), {});
        QCOMPARE(codeOf(empty), ErrorCode::NotFound);
        QVERIFY(empty.error().message.contains("no commit"_L1));
    }
    void answersManyAtOnce()
    {
        Fixture fixture;
        const auto commit = fixture.origin.commit(u"a"_s, "1");
        auto &service = fixture.start();
        int good = 0;
        for (int i = 0; i < 40; ++i) {
            service.resolve(fixture.origin.url(), u"main"_s, this,
                            [&](Result<ResolvedCommit> found) { good += found && found->commit == commit; });
        }
        QTRY_COMPARE_WITH_TIMEOUT(good, 40, 30'000);
    }

    void bundlesTheExactCommit()
    {
        Fixture fixture;
        const auto wanted = fixture.origin.commit(u"sub/file"_s, "wanted");
        fixture.origin.commit(u"sub/file"_s, "later");
        const auto path = bundle(fixture.start(), fixture.origin.url(), wanted);
        QVERIFY2(path, qPrintable(path ? QString() : path.error().message));
        const auto clone = fixture.dir.filePath(u"clone"_s);
        GitRepository::run(fixture.dir.path(), {u"clone"_s, u"-q"_s, *path, clone});
        QCOMPARE(GitRepository::run(clone, {u"rev-parse"_s, u"HEAD"_s}), wanted);
        QFile file(clone + u"/sub/file"_s);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), "wanted");
    }
    void honoursTheDepth()
    {
        Fixture fixture;
        QString head;
        for (char n = '1'; n <= '6'; ++n)
            head = fixture.origin.commit(u"a"_s, QByteArray(1, n));
        fixture.settings.depth = 3;
        const auto path = bundle(fixture.start(), fixture.origin.url(), head).value();
        const auto clone = fixture.dir.filePath(u"clone"_s);
        GitRepository::run(fixture.dir.path(), {u"clone"_s, u"-q"_s, path, clone}); // plain git takes it, too
        QCOMPARE(GitRepository::run(clone, {u"rev-parse"_s, u"HEAD"_s}), head);
        const auto heads = GitRepository::run(clone, {u"bundle"_s, u"list-heads"_s, path}).split(u'\n');
        QCOMPARE(heads.size(), 2);
        QVERIFY(heads[1].contains("refs/danube/shallow/"_L1));
        QFile shallow(clone + u"/.git/shallow"_s);
        QVERIFY(shallow.open(QIODevice::WriteOnly) && shallow.write(heads[1].left(40).toLatin1() + '\n') > 0);
        shallow.close();
        QCOMPARE(GitRepository::run(clone, {u"rev-list"_s, u"--count"_s, u"HEAD"_s}), u"3"_s);
        GitRepository::run(clone, {u"fsck"_s, u"--connectivity-only"_s});
    }
    void makesABundleOnce()
    {
        Fixture fixture;
        const auto commit = fixture.origin.commit(u"a"_s, "1");
        auto &service = fixture.start();
        QStringList paths;
        for (int i = 0; i < 5; ++i)
            service.bundle(fixture.origin.url(), commit, this,
                           [&](Result<QString> made) { paths << made.value_or(u""_s); });
        QTRY_COMPARE_WITH_TIMEOUT(paths.size(), 5, 30'000);
        QVERIFY(!paths.first().isEmpty());
        QCOMPARE(paths.removeDuplicates(), 4);
        const auto before = QFileInfo(paths.first()).metadataChangeTime();
        QVERIFY(QDir(fixture.origin.directory()).removeRecursively()); // the mirror is enough from now on
        QCOMPARE(bundle(service, fixture.origin.url(), commit).value(), paths.first());
        QVERIFY(QFileInfo(paths.first()).metadataChangeTime() >= before);
        QCOMPARE(fixture.bundles().size(), 1);
        QVERIFY(QDir(fixture.settings.directory + u"/work"_s).isEmpty());
    }
    void removesOldBundles()
    {
        Fixture fixture;
        const auto commit = fixture.origin.commit(u"a"_s, "1");
        const auto later = fixture.origin.commit(u"a"_s, "2");
        const auto old = bundle(fixture.start(), fixture.origin.url(), commit).value();
        QFile file(old);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.setFileTime(QDateTime::currentDateTimeUtc().addDays(-2), QFileDevice::FileModificationTime));
        file.close();
        const auto young = bundle(*fixture.service, fixture.origin.url(), later).value();
        QVERIFY(!QFile::exists(old));
        QVERIFY(QFile::exists(young));
    }
    void boundsTheSizeOfAllBundles()
    {
        Fixture fixture;
        fixture.settings.bundleBytes = 1;
        const auto commit = fixture.origin.commit(u"a"_s, "1");
        const auto later = fixture.origin.commit(u"a"_s, "2");
        const auto path = bundle(fixture.start(), fixture.origin.url(), commit).value();
        QVERIFY(QFile::exists(path)); // too large, but just asked for
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.setFileTime(QDateTime::currentDateTimeUtc().addSecs(-120), QFileDevice::FileModificationTime));
        file.close();
        QVERIFY(bundle(*fixture.service, fixture.origin.url(), later));
        QVERIFY(!QFile::exists(path));
    }
    void makesABundleOfNoBytesAgain()
    {
        Fixture fixture;
        const auto commit = fixture.origin.commit(u"a"_s, "1");
        const auto path = bundle(fixture.start(), fixture.origin.url(), commit).value();
        fixture.service.reset();
        QVERIFY(write(path, {})); // the power went before its bytes were written
        QVERIFY(QDir(fixture.origin.directory()).removeRecursively());
        QCOMPARE(bundle(fixture.start(), fixture.origin.url(), commit).value(), path);
        const auto heads = GitRepository::run(fixture.mirror(), {u"bundle"_s, u"list-heads"_s, path});
        QVERIFY2(heads.startsWith(commit), qPrintable(heads));
    }
    void fetchesPastTheLocksOfAKilledGit_data()
    {
        QTest::addColumn<QString>("lock");
        QTest::newRow("branch") << u"refs/heads/main.lock"_s;
        QTest::newRow("deeper branch") << u"refs/heads/work/x.lock"_s;
        QTest::newRow("packed references") << u"packed-refs.lock"_s;
        QTest::newRow("commit") << u"refs/danube/commits/x.lock"_s;
    }
    void fetchesPastTheLocksOfAKilledGit()
    {
        QFETCH(QString, lock);
        Fixture fixture;
        auto &origin = fixture.origin;
        origin.commit(u"a"_s, "1");
        origin.git({u"branch"_s, u"work/x"_s});
        origin.git({u"branch"_s, u"gone"_s});
        QVERIFY(resolve(fixture.start(), origin.url(), u"main"_s));
        GitRepository::run(fixture.mirror(), {u"pack-refs"_s, u"--all"_s});
        fixture.service.reset();
        QVERIFY(write(fixture.mirror() + u'/' + lock, {}));
        QVERIFY(write(fixture.mirror() + u"/objects/pack/tmp_pack_x"_s, "half"));
        origin.git({u"branch"_s, u"-D"_s, u"gone"_s}); // is pruned, from the packed references
        const auto pushed = origin.commit(u"a"_s, "2");
        origin.git({u"branch"_s, u"-f"_s, u"work/x"_s});
        QCOMPARE(resolve(fixture.start(), origin.url(), u"work/x"_s).value().commit, pushed);
        QVERIFY(!QFile::exists(fixture.mirror() + u"/objects/pack/tmp_pack_x"_s));
    }
    void fetchesPastALockOnceAFetchHasFailed()
    {
        Fixture fixture;
        auto &origin = fixture.origin;
        origin.commit(u"a"_s, "1");
        auto &service = fixture.start();
        QVERIFY(resolve(service, origin.url(), u"main"_s));
        QVERIFY(write(fixture.mirror() + u"/refs/heads/main.lock"_s, {}));
        const auto pushed = origin.commit(u"a"_s, "2");
        QVERIFY(!resolve(service, origin.url(), u"main"_s));
        QCOMPARE(resolve(service, origin.url(), u"main"_s).value().commit, pushed);
    }
    void makesADamagedMirrorAnew_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("a ref of no bytes") << u"refs/heads/main"_s << QByteArray();
        QTest::newRow("references") << u"packed-refs"_s << QByteArray("half a li");
        QTest::newRow("HEAD") << u"HEAD"_s << QByteArray();
        QTest::newRow("a commit") << u"commit"_s << QByteArray();
        QTest::newRow("a tree") << u"tree"_s << QByteArray();
    }
    void makesADamagedMirrorAnew()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, text);
        Fixture fixture;
        auto &origin = fixture.origin;
        const auto first = origin.commit(u"a"_s, "1");
        const auto tree = origin.git({u"rev-parse"_s, u"HEAD^{tree}"_s});
        QVERIFY(resolve(fixture.start(), origin.url(), u"main"_s));
        fixture.service.reset();
        const auto damaged = file == "commit"_L1 ? fixture.objectFile(first)
                             : file == "tree"_L1 ? fixture.objectFile(tree)
                                                 : fixture.mirror() + u'/' + file;
        QVERIFY(text.size() > 0 || QFile::exists(damaged));
        QVERIFY(write(damaged, text));
        auto &service = fixture.start();
        QCOMPARE(resolve(service, origin.url(), u"main"_s).value().commit, first);
        const auto path = bundle(service, origin.url(), first);
        QVERIFY2(path, qPrintable(path ? QString() : path.error().message));
        const auto pushed = origin.commit(u"a"_s, "2");
        QCOMPARE(resolve(service, origin.url(), u"main"_s).value().commit, pushed);
        QVERIFY(bundle(service, origin.url(), pushed));
        QVERIFY(!fixture.mirror().isEmpty()); // and nothing beside it
    }
    void keepsADamagedMirrorWhileTheRemoteIsAway()
    {
        Fixture fixture;
        auto &origin = fixture.origin;
        const auto commit = origin.commit(u"a"_s, "1");
        QVERIFY(resolve(fixture.start(), origin.url(), u"main"_s));
        QVERIFY(write(fixture.mirror() + u"/refs/heads/other"_s, {}));
        const auto aside = fixture.dir.filePath(u"aside"_s);
        QVERIFY(QDir().rename(origin.directory(), aside));
        QVERIFY(!resolve(*fixture.service, origin.url(), u"main"_s));
        QVERIFY(bundle(*fixture.service, origin.url(), commit));
        QVERIFY(QDir().rename(aside, origin.directory()));
        QCOMPARE(resolve(*fixture.service, origin.url(), u"main"_s).value().commit, commit);
        QVERIFY(!QFile::exists(fixture.mirror() + u"/refs/heads/other"_s));
    }
    void collectsGarbageBesideTheFetches()
    {
        Fixture fixture;
        auto &origin = fixture.origin;
        origin.commit(u"a"_s, "1");
        QVERIFY(resolve(fixture.start(), origin.url(), u"main"_s));
        fixture.service.reset();
        // More packs than git wants to have: copies of one do.
        GitRepository::run(fixture.mirror(), {u"repack"_s, u"-adq"_s});
        const QDir packs(fixture.mirror() + u"/objects/pack"_s);
        const auto base = packs.entryInfoList({u"*.pack"_s}).value(0).completeBaseName();
        for (int i = 0; i < 60; ++i) {
            const auto copy = u"pack-%1"_s.arg(i, 40, 16, QChar(u'0'));
            QVERIFY(QFile::copy(packs.filePath(base + u".pack"_s), packs.filePath(copy + u".pack"_s)));
            QVERIFY(QFile::copy(packs.filePath(base + u".idx"_s), packs.filePath(copy + u".idx"_s)));
        }
        const auto count = [&packs] { return QDir(packs.path()).entryList({u"*.pack"_s}).size(); };
        QVERIFY(count() > 60);
        QVERIFY(resolve(fixture.start(), origin.url(), u"main"_s));
        QTRY_VERIFY_WITH_TIMEOUT(count() < 10, 30'000);
        QVERIFY(resolve(*fixture.service, origin.url(), u"main"_s));
    }
    void collectsNoGarbageInAFetch()
    {
        Fixture fixture;
        auto &origin = fixture.origin;
        const auto first = origin.commit(u"a"_s, "1");
        auto &service = fixture.start();
        QVERIFY(resolve(service, origin.url(), u"main"_s));
        GitRepository::run(fixture.mirror(), {u"config"_s, u"gc.auto"_s, u"1"_s});
        for (int i = 0; i < 5; ++i) { // by what is in this folder git tells how much there is
            const auto copy = fixture.mirror() + u"/objects/17/%1"_s.arg(i, 38, 16, QChar(u'0'));
            QVERIFY(QDir().mkpath(fixture.mirror() + u"/objects/17"_s));
            QVERIFY(QFile::copy(fixture.objectFile(first), copy));
        }
        for (char n = '2'; n < '6'; ++n) {
            origin.commit(u"a"_s, QByteArray(1, n));
            QVERIFY(resolve(service, origin.url(), u"main"_s));
        }
        QVERIFY(QFile::exists(fixture.objectFile(first))); // where it was; a collection would have packed it
    }
    void aHostThatHangsHoldsUpNoOther()
    {
        Fixture fixture;
        fixture.settings.allowedProtocols.append(u"https"_s);
        const auto commit = fixture.origin.commit(u"a"_s, "1");
        QTcpServer hanging; // takes connections and says nothing
        QVERIFY(hanging.listen(QHostAddress::LocalHost));
        auto &service = fixture.start();
        for (int i = 0; i < 6; ++i)
            service.resolve(u"https://127.0.0.1:%1/%2.git"_s.arg(hanging.serverPort()).arg(i), u"main"_s, this,
                            [](const Result<ResolvedCommit> &) {});
        const auto found = resolve(service, fixture.origin.url(), u"main"_s);
        QVERIFY2(found, qPrintable(found ? QString() : found.error().message));
        QCOMPARE(found->commit, commit);
        QVERIFY(bundle(service, fixture.origin.url(), commit));
    }
    void clearsHalfMadeWorkAtStart()
    {
        Fixture fixture;
        QDir().mkpath(fixture.settings.directory + u"/work/left/objects"_s);
        fixture.start();
        QVERIFY(QDir(fixture.settings.directory + u"/work"_s).isEmpty());
    }
    void runsNoHooksOfTheMirror()
    {
        Fixture fixture;
        fixture.origin.commit(u"a"_s, "1");
        auto &service = fixture.start();
        QVERIFY(resolve(service, fixture.origin.url(), {}));
        const auto mirrors =
            QDir(fixture.settings.directory + u"/mirrors"_s).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot);
        QCOMPARE(mirrors.size(), 1);
        const auto hooks = mirrors.first().filePath() + u"/hooks"_s;
        QVERIFY(QDir().mkpath(hooks));
        const auto mark = fixture.dir.filePath(u"ran"_s);
        QFile hook(hooks + u"/reference-transaction"_s);
        QVERIFY(hook.open(QIODevice::WriteOnly) && hook.write("#!/bin/sh\ntouch " + mark.toUtf8() + "\n") > 0);
        hook.close();
        QVERIFY(hook.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        const auto pushed = fixture.origin.commit(u"a"_s, "2");
        QCOMPARE(resolve(service, fixture.origin.url(), {}).value().commit, pushed);
        QVERIFY(!QFile::exists(mark));
    }
};

QTEST_GUILESS_MAIN(TestSourceService)
#include "tst_sourceservice.moc"
