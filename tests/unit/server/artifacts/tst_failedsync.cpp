// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/artifacts/artifactstore.h"

#include "tests/support/artifacttablefake.h"
#include "tests/support/fakeclock.h"

#include <QCryptographicHash>
#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cerrno>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace danube;
using namespace danube::artifacts;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

std::atomic<int> failures = 0; ///< of files, that are still to come
std::atomic<bool> isFull = false;

} // namespace

// These come before the C library's.
extern "C" ssize_t pwrite(int file, const void *data, size_t size, off_t offset)
{
    return isFull ? 0 : ::syscall(SYS_pwrite64, file, data, size, offset);
}
extern "C" int fsync(int file)
{
    struct stat status{};
    if (::fstat(file, &status) == 0 && S_ISREG(status.st_mode) && failures > 0) {
        --failures;
        errno = EIO;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_fsync, file));
}

/// The kernel tells a failed write-back once and then takes the pages for clean: what is read of them, and a second
/// sync, prove nothing.
class TestFailedSync : public QObject
{
    Q_OBJECT
    const FakeClock m_clock{std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now())};
    const QByteArray m_content = "content";
    const UploadKey m_key{JobId(u"job-1"_s), u"a"_s,
                          QCryptographicHash::hash(m_content, QCryptographicHash::Sha256).toHex()};
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<ArtifactTableFake> m_table;
    std::unique_ptr<ArtifactStore> m_store;
    const Mailbox m_home{this};

    template <class T, class Call> UploadResult<T> await(Call call)
    {
        std::optional<UploadResult<T>> answer;
        call([&answer](UploadResult<T> result) { answer = std::move(result); });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 30'000))
            return std::unexpected(UploadError{.error = {ErrorCode::Timeout, u"no answer"_s}});
        return *answer;
    }
    UploadResult<UploadStart> begin(qint64 offset)
    {
        return await<UploadStart>(
            [&](auto done) { m_store->begin(m_key, ByteCount(offset), m_home, std::move(done)); });
    }
    UploadResult<Artifact> finish(UploadId id)
    {
        return await<Artifact>([&](auto done) { m_store->finish(id, m_home, std::move(done)); });
    }
    UploadId open(qint64 offset = 0) { return std::get<UploadId>(begin(offset).value()); }
    void append(UploadId id)
    {
        QVERIFY(await<void>([&](auto done) { m_store->append(id, m_content, m_home, std::move(done)); }));
    }
    QStringList files() const
    {
        QStringList found;
        for (QDirIterator each(m_directory->path(), QDir::Files, QDirIterator::Subdirectories); each.hasNext();)
            found.append(each.next());
        return found;
    }

private slots:
    void init()
    {
        failures = 0;
        m_directory = std::make_unique<QTemporaryDir>();
        m_table = std::make_unique<ArtifactTableFake>();
        m_store = std::move(*ArtifactStore::open({.directory = m_directory->path()}, *m_table, m_clock));
    }
    void cleanup() { m_store.reset(); }

    void throwsTheBytesAway()
    {
        const UploadId id = open();
        append(id);
        failures = 1;
        const auto failed = finish(id);
        QVERIFY(!failed);
        QCOMPARE(failed.error().error.code, ErrorCode::Io);
        QVERIFY(failed.error().error.message.startsWith(u"sync upload "_s));
        QVERIFY(failed.error().error.message.endsWith(u": Input/output error"_s));
        QCOMPARE(files(), QStringList());
        QVERIFY(!begin(m_content.size())); // nothing is here to go on from
        const UploadId again = open();
        append(again);
        QVERIFY(finish(again));
        QCOMPARE(files().size(), 1);
    }
    void throwsThemAwayAlsoWhenAnEarlierCallIsStillThere()
    {
        const UploadId early = open();
        append(early);
        const UploadId late = open(m_content.size()); // takes it over
        failures = 1;
        QVERIFY(!finish(late));
        QCOMPARE(files(), QStringList());
        QVERIFY(!finish(early));
        QCOMPARE(files(), QStringList());
    }
    void aWriteOfNothingIsAFullDisk()
    {
        const UploadId id = open();
        isFull = true;
        const auto full = await<void>([&](auto done) { m_store->append(id, m_content, m_home, std::move(done)); });
        isFull = false;
        QVERIFY(!full);
        QCOMPARE(full.error().error.code, ErrorCode::ResourceExhausted);
    }
    void aLostFileIsNoFinishedUpload()
    {
        const UploadId id = open();
        append(id);
        QVERIFY(finish(id));
        QCOMPARE(files().size(), 1);
        QVERIFY(QFile::resize(files().first(), 3));
        const auto again = begin(0);
        QVERIFY(!again);
        QCOMPARE(again.error().error.code, ErrorCode::DataLoss);
        QCOMPARE(again.error().error.message, u"artifact 'a' has 3 of its 7 bytes"_s);
    }
};

QTEST_GUILESS_MAIN(TestFailedSync)
#include "tst_failedsync.moc"
