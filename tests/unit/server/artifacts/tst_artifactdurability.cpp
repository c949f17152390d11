// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/artifacts/artifactstore.h"

#include "tests/support/artifacttablefake.h"
#include "tests/support/fakeclock.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <mutex>
#include <sys/syscall.h>
#include <unistd.h>

using namespace danube;
using namespace danube::artifacts;
using namespace danube::tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

std::mutex syncedMutex;
QStringList synced; ///< what this process gave to fsync since the test began

} // namespace

/// Comes before the C library's.
extern "C" int fsync(int file)
{
    const QString path = QFileInfo(u"/proc/self/fd/%1"_s.arg(file)).symLinkTarget();
    {
        const std::scoped_lock lock(syncedMutex);
        synced.append(path);
    }
    return static_cast<int>(::syscall(SYS_fsync, file));
}

namespace {

QStringList takeSynced()
{
    const std::scoped_lock lock(syncedMutex);
    return std::exchange(synced, {});
}

} // namespace

class TestArtifactDurability : public QObject
{
    Q_OBJECT
private slots:
    void syncsEveryNameOnTheWayToAnArtifact_data()
    {
        QTest::addColumn<bool>("hasFolder");
        QTest::newRow("the job's first") << false;
        // Whoever made the folder may have been killed before its name was durable.
        QTest::newRow("in a folder that another master made") << true;
    }

    void syncsEveryNameOnTheWayToAnArtifact()
    {
        QFETCH(const bool, hasFolder);
        const QTemporaryDir directory;
        const QString root = QFileInfo(directory.path()).canonicalFilePath() + u"/artifacts"_s;
        const FakeClock clock{std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now())};
        ArtifactTableFake table;
        QObject owner;
        const Mailbox home{&owner};
        const JobId job{u"job-1"_s};
        if (hasFolder)
            QVERIFY(QDir().mkpath(root + u"/job-1/partial"_s));
        const auto store = std::move(*ArtifactStore::open({.directory = root}, table, clock));
        std::ignore = takeSynced();

        const QByteArray content = "content";
        std::optional<UploadResult<Artifact>> made;
        const UploadKey key{job, u"a"_s, QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex()};
        store->begin(key, ByteCount(0), home, [&](UploadResult<UploadStart> begun) {
            const auto id = std::get<UploadId>(begun.value());
            store->append(id, content, home, [](const UploadResult<void> &taken) { QVERIFY(taken); });
            store->finish(id, home, [&](UploadResult<Artifact> done) { made = std::move(done); });
        });
        QTRY_VERIFY_WITH_TIMEOUT(made.has_value(), 30s);
        QVERIFY(*made);

        const QStringList paths = takeSynced();
        QVERIFY2(paths.contains(root), qPrintable(paths.join(u' ')));
        QVERIFY2(paths.contains(root + u"/job-1"_s), qPrintable(paths.join(u' ')));
    }
};

QTEST_GUILESS_MAIN(TestArtifactDurability)
#include "tst_artifactdurability.moc"
