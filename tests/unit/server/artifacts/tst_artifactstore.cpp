// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/artifacts/artifactstore.h"

#include "tests/support/artifacttablefake.h"
#include "tests/support/fakeclock.h"

#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::artifacts;
using namespace danube::tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QByteArray sha256(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

/// A store, and its calls made to wait for their answers.
struct Fixture
{
    explicit Fixture(ArtifactSettings given = {}) : settings(std::move(given))
    {
        settings.directory = directory.filePath(u"artifacts"_s);
        reopen();
    }

    void reopen()
    {
        store.reset();
        store = std::move(*ArtifactStore::open(settings, table, clock));
    }

    template <class T, class Call> UploadResult<T> await(Call call)
    {
        std::optional<UploadResult<T>> answer;
        call([&answer](UploadResult<T> result) { answer = std::move(result); });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 10s))
            return std::unexpected(UploadError{.error = {ErrorCode::Timeout, u"no answer"_s}});
        return *answer;
    }

    UploadResult<UploadStart> begin(const UploadKey &key, qint64 offset = 0)
    {
        return await<UploadStart>([&](auto done) { store->begin(key, ByteCount(offset), home, std::move(done)); });
    }
    UploadResult<void> append(UploadId id, const QByteArray &bytes)
    {
        return await<void>([&](auto done) { store->append(id, bytes, home, std::move(done)); });
    }
    UploadResult<Artifact> finish(UploadId id)
    {
        return await<Artifact>([&](auto done) { store->finish(id, home, std::move(done)); });
    }
    UploadResult<ByteCount> query(const UploadKey &key)
    {
        return await<ByteCount>([&](auto done) { store->query(key, home, std::move(done)); });
    }
    UploadId open(const UploadKey &key, qint64 offset = 0) { return std::get<UploadId>(begin(key, offset).value()); }
    UploadResult<Artifact> upload(const UploadKey &key, const QByteArray &bytes)
    {
        const auto id = open(key);
        if (const auto taken = append(id, bytes); !taken)
            return std::unexpected(taken.error());
        return finish(id);
    }
    UploadKey key(const QString &name, const QByteArray &bytes) const { return {job, name, sha256(bytes)}; }
    QStringList files() const
    {
        QStringList found;
        QDirIterator each(settings.directory, QDir::Files, QDirIterator::Subdirectories);
        while (each.hasNext())
            found.append(each.next());
        return found;
    }

    QTemporaryDir directory;
    ArtifactSettings settings;
    FakeClock clock{std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now())};
    ArtifactTableFake table;
    QObject owner;
    Mailbox home{&owner};
    std::unique_ptr<ArtifactStore> store;
    const JobId job{u"job-1"_s};
};

using Kind = UploadError::Kind;

} // namespace

class TestArtifactStore : public QObject
{
    Q_OBJECT
private slots:
    void keepsAnUpload()
    {
        Fixture fixture;
        const auto made = fixture.upload(fixture.key(u"dist/a.tar"_s, "hello"), "hello");
        QVERIFY(made);
        QCOMPARE(made->name, u"dist/a.tar"_s);
        QCOMPARE(made->size, ByteCount(5));
        QCOMPARE(made->createdAt, fixture.clock.wall());
        const auto stored = fixture.store->open(made->id);
        QVERIFY(stored);
        QFile file(stored->path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), "hello");
        QCOMPARE(fixture.files(), QStringList(stored->path)); // nothing partial is left
        QVERIFY(!stored->path.contains(u"a.tar"_s));
    }

    void takesAnEmptyFile()
    {
        Fixture fixture;
        QVERIFY(fixture.finish(fixture.open(fixture.key(u"empty"_s, {}))));
    }

    void goesOnAfterACut()
    {
        Fixture fixture;
        const auto key = fixture.key(u"a"_s, "hello world");
        const auto id = fixture.open(key);
        QVERIFY(fixture.append(id, "hello"));
        fixture.store->abandon(id);
        QCOMPARE(fixture.query(key).value(), ByteCount(5));
        const auto second = fixture.open(key, 5);
        QVERIFY(fixture.append(second, " world"));
        const auto made = fixture.finish(second);
        QVERIFY(made);
        QCOMPARE(made->size, ByteCount(11));
        QCOMPARE(fixture.query(key).value(), ByteCount(11));
    }

    void goesOnAfterARestart()
    {
        Fixture fixture;
        const QByteArray content = QByteArray("0123456789abcdef").repeated(2 << 20); // several slices to hash again
        const auto key = fixture.key(u"a"_s, content);
        QVERIFY(fixture.append(fixture.open(key), content.first(20 << 20)));
        fixture.reopen();
        QCOMPARE(fixture.query(key).value(), ByteCount(20 << 20));
        const auto id = fixture.open(key, 20 << 20);
        QVERIFY(fixture.append(id, content.sliced(20 << 20)));
        QVERIFY(fixture.finish(id));
    }

    void anUploadThatIsReplacedWhileItIsHashedAgainKeepsNoPlace()
    {
        Fixture fixture({.openUploads = 2});
        const QByteArray content = QByteArray("0123456789abcdef").repeated(2 << 20); // several slices to hash again
        const auto key = fixture.key(u"a"_s, content);
        const auto first = fixture.open(key);
        QVERIFY(fixture.append(first, content.first(24 << 20)));
        fixture.store->abandon(first);
        for (int i = 0; i < 3; ++i) {
            std::optional<UploadResult<UploadStart>> replaced;
            fixture.store->begin(key, ByteCount(24 << 20), fixture.home,
                                 [&](auto answer) { replaced = std::move(answer); });
            const auto second = fixture.begin(key, 24 << 20);
            QVERIFY2(second, qPrintable(second ? QString() : second.error().error.message));
            fixture.store->abandon(std::get<UploadId>(*second));
            QVERIFY(QTest::qWaitFor([&] { return replaced.has_value(); }, 10s));
            QVERIFY(!*replaced);
            QCOMPARE(replaced->error().error.code, ErrorCode::Conflict);
        }
    }

    void refusesAnotherOffsetAndSaysWhatIsHere()
    {
        Fixture fixture;
        const auto key = fixture.key(u"a"_s, "hello");
        fixture.store->abandon([&] {
            const auto id = fixture.open(key);
            std::ignore = fixture.append(id, "hel");
            return id;
        }());
        for (const qint64 offset : {0, 2, 4}) {
            const auto refused = fixture.begin(key, offset);
            QVERIFY(!refused);
            QCOMPARE(refused.error().kind, Kind::WrongOffset);
            QCOMPARE(refused.error().error.code, ErrorCode::Conflict);
            QCOMPARE(refused.error().size, ByteCount(3));
        }
        QVERIFY(!fixture.begin(fixture.key(u"new"_s, "x"), 7));
        QCOMPARE(fixture.files().size(), 1); // a refused begin leaves nothing
    }

    void throwsAwayWhatHasAnotherDigest()
    {
        Fixture fixture;
        const auto key = fixture.key(u"a"_s, "hello");
        const auto made = fixture.upload(key, "jello");
        QVERIFY(!made);
        QCOMPARE(made.error().kind, Kind::WrongDigest);
        QCOMPARE(made.error().error.code, ErrorCode::InvalidArgument);
        QVERIFY(made.error().error.message.contains(QString::fromLatin1(sha256("hello"))));
        QVERIFY(made.error().error.message.contains(QString::fromLatin1(sha256("jello"))));
        QVERIFY(fixture.files().isEmpty());
        QVERIFY(fixture.upload(key, "hello"));
    }

    void givesTheSameArtifactToTheSameUpload()
    {
        Fixture fixture;
        const auto key = fixture.key(u"a"_s, "hello");
        const auto made = fixture.upload(key, "hello");
        QVERIFY(made);
        const auto again = fixture.begin(key);
        QVERIFY(again);
        QCOMPARE(std::get<Artifact>(*again), *made);
    }

    void refusesAnotherContentOfTheSameName()
    {
        Fixture fixture;
        QVERIFY(fixture.upload(fixture.key(u"a"_s, "hello"), "hello"));
        const auto refused = fixture.begin(fixture.key(u"a"_s, "other"));
        QVERIFY(!refused);
        QCOMPARE(refused.error().error.code, ErrorCode::AlreadyExists);
        QCOMPARE(fixture.query(fixture.key(u"a"_s, "other")).error().error.code, ErrorCode::AlreadyExists);
    }

    void letsTheFirstOfTwoContentsWin()
    {
        Fixture fixture;
        const auto first = fixture.open(fixture.key(u"a"_s, "one"));
        const auto second = fixture.open(fixture.key(u"a"_s, "two"));
        QVERIFY(fixture.append(second, "two"));
        QVERIFY(fixture.append(first, "one"));
        QVERIFY(fixture.finish(second));
        const auto late = fixture.finish(first);
        QVERIFY(!late);
        QCOMPARE(late.error().error.code, ErrorCode::AlreadyExists);
        QCOMPARE(fixture.files().size(), 1);
    }

    void theNewestCallTakesTheUploadOver()
    {
        Fixture fixture;
        const auto key = fixture.key(u"a"_s, "hello");
        const auto old = fixture.open(key);
        QVERIFY(fixture.append(old, "hel"));
        const auto fresh = fixture.open(key, 3);
        const auto refused = fixture.append(old, "XXX");
        QVERIFY(!refused);
        QCOMPARE(refused.error().error.code, ErrorCode::Conflict);
        fixture.store->abandon(old);
        QVERIFY(fixture.append(fresh, "lo"));
        QVERIFY(fixture.finish(fresh));
    }

    void boundsAJobsBytes()
    {
        Fixture fixture({.bytesPerJob = ByteCount(10)});
        QVERIFY(fixture.upload(fixture.key(u"a"_s, "12345678"), "12345678"));
        const auto refused = fixture.upload(fixture.key(u"b"_s, "123"), "123");
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Kind::OverQuota);
        QVERIFY(fixture.upload(fixture.key(u"c"_s, "12"), "12"));
        const UploadKey other{JobId(u"job-2"_s), u"b"_s, sha256("123")};
        QVERIFY(fixture.upload(other, "123"));
    }

    void countsUnfinishedBytesToo()
    {
        Fixture fixture({.bytesPerJob = ByteCount(10)});
        const auto open = fixture.open(fixture.key(u"a"_s, "12345678"));
        QVERIFY(fixture.append(open, "12345678"));
        QVERIFY(!fixture.upload(fixture.key(u"b"_s, "123"), "123"));
    }

    void boundsAJobsFilesAndOpenUploads()
    {
        Fixture fixture({.filesPerJob = 2, .openUploads = 3});
        fixture.open(fixture.key(u"a"_s, "a"));
        const auto second = fixture.open(fixture.key(u"b"_s, "b"));
        const auto refused = fixture.begin(fixture.key(u"c"_s, "c"));
        QVERIFY(!refused);
        QCOMPARE(refused.error().error.code, ErrorCode::ResourceExhausted);
        fixture.store->abandon(second); // nothing came: its file goes
        fixture.open(fixture.key(u"c"_s, "c"));
        fixture.open({JobId(u"job-2"_s), u"a"_s, sha256("a")});
        const auto tooMany = fixture.begin({JobId(u"job-2"_s), u"b"_s, sha256("b")});
        QVERIFY(!tooMany);
        QCOMPARE(tooMany.error().error.code, ErrorCode::Unavailable);
    }

    void keepsTheBytesWhenTheRowFails()
    {
        Fixture fixture;
        const auto key = fixture.key(u"a"_s, "hello");
        fixture.table.failNextInsert({ErrorCode::Unavailable, u"the writer is busy"_s});
        const auto failed = fixture.upload(key, "hello");
        QVERIFY(!failed);
        QCOMPARE(failed.error().error.code, ErrorCode::Unavailable);
        QCOMPARE(fixture.query(key).value(), ByteCount(5));
        QVERIFY(fixture.finish(fixture.open(key, 5))); // nothing has to be sent again
    }

    void refusesBadKeys_data()
    {
        QTest::addColumn<QString>("job");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("digest");
        QTest::addColumn<QString>("names");
        const QByteArray good(64, 'a');
        QTest::newRow("job") << u"../x"_s << u"a"_s << good << u"job_id"_s;
        QTest::newRow("climbing name") << u"j"_s << u"../a"_s << good << u"name"_s;
        QTest::newRow("absolute name") << u"j"_s << u"/etc/passwd"_s << good << u"name"_s;
        QTest::newRow("empty name") << u"j"_s << QString() << good << u"name"_s;
        QTest::newRow("short digest") << u"j"_s << u"a"_s << good.first(63) << u"sha256"_s;
        QTest::newRow("upper-case digest") << u"j"_s << u"a"_s << good.toUpper() << u"sha256"_s;
    }
    void refusesBadKeys()
    {
        QFETCH(QString, job);
        QFETCH(QString, name);
        QFETCH(QByteArray, digest);
        QFETCH(QString, names);
        Fixture fixture;
        const auto refused = fixture.begin({JobId(job), name, digest});
        QVERIFY(!refused);
        QCOMPARE(refused.error().error.code, ErrorCode::InvalidArgument);
        QVERIFY(refused.error().error.message.startsWith(names));
    }

    void forgetsUploadsOlderThanADayAtStart()
    {
        Fixture fixture;
        const auto old = fixture.key(u"old"_s, "old");
        const auto fresh = fixture.key(u"fresh"_s, "fresh");
        QVERIFY(fixture.append(fixture.open(old), "o"));
        QVERIFY(fixture.append(fixture.open(fresh), "f"));
        fixture.store.reset();
        const auto paths = fixture.files();
        QCOMPARE(paths.size(), 2);
        QFile file;
        file.setFileName(paths[0]);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.setFileTime(QDateTime::currentDateTime().addDays(-2), QFileDevice::FileModificationTime));
        file.close();
        fixture.reopen();
        QTRY_COMPARE(fixture.files(), QStringList(paths[1]));
    }

    void tellsAMissingFile()
    {
        Fixture fixture;
        const auto made = fixture.upload(fixture.key(u"a"_s, "hello"), "hello");
        QVERIFY(made);
        QVERIFY(QFile::remove(fixture.store->open(made->id)->path));
        QCOMPARE(fixture.store->open(made->id).error().code, ErrorCode::DataLoss);
        QCOMPARE(fixture.store->open(ArtifactId(u"nobody"_s)).error().code, ErrorCode::NotFound);
    }

    void saysWhyItCannotOpen()
    {
        ArtifactTableFake table;
        const SystemClock clock;
        const auto store = ArtifactStore::open({.directory = u"/proc/artifacts"_s}, table, clock);
        QVERIFY(!store);
        QVERIFY(store.error().message.contains(u"/proc/artifacts"_s));
    }
};

QTEST_GUILESS_MAIN(TestArtifactStore)
#include "tst_artifactstore.moc"
