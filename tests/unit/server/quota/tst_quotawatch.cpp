// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/quota/quotawatch.h"

#include "tests/support/sanitizer.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <filesystem>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace danube;
using namespace danube::quota;
using namespace Qt::StringLiterals;

namespace {

const Reserve never{.percent = 0, .bytes = ByteCount(qint64(1) << 60)}; // no volume has that
const TreeSize much{.bytes = 1 << 30, .files = 1'000'000};

/// No right is above those of files for who is not root.
class AsNobody
{
public:
    AsNobody() { m_isSet = ::geteuid() != 0 || ::seteuid(65534) == 0; }
    ~AsNobody() { std::ignore = ::seteuid(::getuid()); }
    Q_DISABLE_COPY_MOVE(AsNobody)
    bool isSet() const { return m_isSet; }

private:
    bool m_isSet = false;
};

/// In memory where there is such a place: some of the tests make many files.
QString temporaryTemplate()
{
    const bool hasMemory = QFileInfo(u"/dev/shm"_s).isWritable();
    return (hasMemory ? u"/dev/shm"_s : QDir::tempPath()) + u"/danube-quota-XXXXXX"_s;
}

bool writeAt(int folder, const char *name, qsizetype bytes)
{
    const int file = ::openat(folder, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const bool isWritten = file >= 0 && ::write(file, QByteArray(bytes, 'x').constData(), size_t(bytes)) == bytes;
    return ::close(file) == 0 && isWritten;
}

/// `depth` folders in each other, each with small files beside the next, and `bytes` in a file of the deepest.
bool nest(const QString &path, int depth, qsizetype bytes)
{
    const QByteArray name(200, 'd');
    int folder = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool isMade = folder >= 0;
    for (int i = 0; i < depth && isMade; ++i) {
        isMade = writeAt(folder, "a", 1) && ::mkdirat(folder, name.constData(), 0700) == 0 && writeAt(folder, "z", 1);
        const int next = ::openat(folder, name.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        isMade = isMade && next >= 0;
        ::close(std::exchange(folder, next));
    }
    isMade = isMade && writeAt(folder, "big", bytes);
    ::close(folder);
    return isMade;
}

} // namespace

/// Real folders under small quotas.
class TestQuotaWatch : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_jobs;
    QList<std::pair<QString, QString>> m_told;

    QString workspace(const QString &job) const { return m_jobs->filePath(job + u"/workspace"_s); }
    void fill(const QString &job, const QString &name, qint64 bytes)
    {
        QVERIFY(QDir().mkpath(workspace(job)));
        QFile file(workspace(job) + u'/' + name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(QByteArray(bytes, 'x')), bytes);
    }
    QuotaWatch::Settings settingsOf(const Reserve &reserve) const
    {
        return {.jobs = m_jobs->path(),
                .quotas = {.logBytes = 1_MiB, .workspaceBytes = 4_MiB, .workspaceFiles = 100, .reserve = reserve},
                .pause = milliseconds(5)};
    }
    std::unique_ptr<QuotaWatch> watch(const QuotaWatch::Settings &settings)
    {
        auto made = std::make_unique<QuotaWatch>(settings);
        connect(made.get(), &QuotaWatch::exceeded, this,
                [this](const JobId &job, const QString &reason) { m_told.append({job.value(), reason}); });
        made->start();
        return made;
    }
    std::unique_ptr<QuotaWatch> watch(const Reserve &reserve = {}) { return watch(settingsOf(reserve)); }
    bool isTold(qsizetype count)
    {
        return QTest::qWaitFor([&] { return m_told.size() >= count; }, 30'000);
    }

private slots:
    void init()
    {
        m_jobs = std::make_unique<QTemporaryDir>(temporaryTemplate());
        QCoreApplication::sendPostedEvents(this); // what an earlier watch said last
        m_told.clear();
    }
    void cleanup() { std::filesystem::remove_all(m_jobs->path().toStdString()); } // goes deeper than Qt does

    void homeAndTmpOfAJobCount()
    {
        fill(u"a"_s, u"x"_s, 3 << 20);
        QVERIFY(QDir().mkpath(m_jobs->filePath(u"a/tmp"_s)));
        QVERIFY(QFile::copy(workspace(u"a"_s) + u"/x"_s, m_jobs->filePath(u"a/tmp/x"_s)));
        const auto watching = watch();
        QVERIFY(isTold(1));
        QCOMPARE(m_told[0].first, u"a"_s);
    }

    void aFileWithSeveralNamesCountsOnce()
    {
        fill(u"a"_s, u"x"_s, 3 << 20);
        const QString file = workspace(u"a"_s) + u"/x"_s;
        const qint64 before = measureTree(workspace(u"a"_s), much, std::atomic<bool>(false)).bytes;
        for (const char *name : {"y", "z"})
            std::filesystem::create_hard_link(file.toStdString(), (workspace(u"a"_s) + u'/').toStdString() + name);
        const TreeSize after = measureTree(workspace(u"a"_s), much, std::atomic<bool>(false));
        QVERIFY2(std::abs(after.bytes - before) < 8192, qPrintable(QString::number(after.bytes)));
        QCOMPARE(after.files, 4);
    }

    void aWorkspaceThatGrowsTooLargeIsToldOnce()
    {
        fill(u"small"_s, u"a"_s, 100'000);
        fill(u"large"_s, u"a"_s, 3 << 20);
        const auto watching = watch();
        fill(u"large"_s, u"b"_s, 2 << 20);
        QVERIFY(isTold(1));
        fill(u"large"_s, u"c"_s, 2 << 20);
        for (int i = 0; i < 150; ++i)
            fill(u"many"_s, QString::number(i), 1);
        QVERIFY(isTold(2));
        QCOMPARE(m_told.size(), 2);
        QCOMPARE(m_told[0].first, u"large"_s);
        QVERIFY(m_told[0].second.contains(u"quota.workspace_bytes"_s));
        QCOMPARE(m_told[1].first, u"many"_s);
        QVERIFY(m_told[1].second.contains(u"quota.workspace_files"_s));
    }
    void aSparseFileCountsAsWhatItHolds()
    {
        QVERIFY(QDir().mkpath(workspace(u"sparse"_s)));
        QFile file(workspace(u"sparse"_s) + u"/hole"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.resize(qint64(1) << 40));
        const TreeSize size = measureTree(workspace(u"sparse"_s), much, std::atomic<bool>(false));
        QVERIFY(size.bytes < 1 << 20);
        QCOMPARE(size.files, 2);
    }
    void linksAreNotFollowed()
    {
        fill(u"one"_s, u"big"_s, 3 << 20);
        QVERIFY(QDir().mkpath(workspace(u"two"_s)));
        QVERIFY(QFile::link(workspace(u"one"_s), workspace(u"two"_s) + u"/link"_s));
        QVERIFY(measureTree(workspace(u"two"_s), much, std::atomic<bool>(false)).bytes < 1 << 20);
    }
    void whatIsBeyondThePathLimitCounts()
    {
        QVERIFY(QDir().mkpath(workspace(u"deep"_s)));
        QVERIFY(nest(workspace(u"deep"_s), 100, 5 << 20));
        const TreeSize size = measureTree(workspace(u"deep"_s), much, std::atomic<bool>(false));
        QCOMPARE(size.files, 1 + 3 * 100 + 1);
        QCOMPARE_GE(size.bytes, 5 << 20);
        QVERIFY(!size.isPartial);
        auto settings = settingsOf({});
        settings.quotas.workspaceFiles = 1'000;
        const auto watching = watch(settings);
        QVERIFY(isTold(1));
        QVERIFY(m_told[0].second.contains(u"the job's workspace takes more than 4 MiB (quota.workspace_bytes)"_s));
    }
    void aClosedFolderIsToBlameWhenThereIsNoRoom()
    {
        fill(u"large"_s, u"a"_s, 3 << 20);
        QVERIFY(QDir().mkpath(workspace(u"closed"_s) + u"/d"_s));
        fill(u"closed"_s, u"d/big"_s, 2 << 20);
        for (const QString &folder : {m_jobs->path(), workspace(u"large"_s), workspace(u"closed"_s)})
            QCOMPARE(::chmod(QFile::encodeName(folder).constData(), 0755), 0);
        QCOMPARE(::chmod(QFile::encodeName(workspace(u"closed"_s) + u"/d"_s).constData(), 0), 0);
        const AsNobody nobody;
        QVERIFY(nobody.isSet());
        const TreeSize size = measureTree(workspace(u"closed"_s), much, std::atomic<bool>(false));
        QVERIFY(size.isPartial);
        QCOMPARE(size.files, 2);
        QVERIFY(!measureTree(workspace(u"large"_s), much, std::atomic<bool>(false)).isPartial);
        const auto watching = watch(never);
        QVERIFY(isTold(1));
        QCOMPARE(m_told[0].first, u"closed"_s);
        QVERIFY2(m_told[0].second.contains(u"this job's workspace has folders that cannot be looked into"_s),
                 qPrintable(m_told[0].second));
    }
    void aLargeFolderCostsNoMemory()
    {
        constexpr int count = 100'000;
        QVERIFY(QDir().mkpath(workspace(u"many"_s)));
        const QByteArray path = QFile::encodeName(workspace(u"many"_s));
        const int folder = ::open(path.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        for (int i = 0; i < count; ++i)
            QCOMPARE(::mknodat(folder, QByteArray::number(i).constData(), S_IFREG | 0600, 0), 0);
        ::close(folder);
        rusage before{};
        getrusage(RUSAGE_SELF, &before);
        QCOMPARE(measureTree(workspace(u"many"_s), much, std::atomic<bool>(false)).files, count + 1);
        rusage after{};
        getrusage(RUSAGE_SELF, &after);
        QVERIFY2(danube::tests::keepsFreedMemory || after.ru_maxrss - before.ru_maxrss < 4 * 1024,
                 qPrintable(u"%1 KiB"_s.arg(after.ru_maxrss - before.ru_maxrss)));
    }
    void aLogBeyondItsQuotaIsToldOnce()
    {
        const auto watching = watch();
        watching->noteLog(JobId(u"j1"_s), 1 << 20);
        watching->noteLog(JobId(u"j1"_s), (1 << 20) + 1);
        watching->noteLog(JobId(u"j1"_s), 2 << 20);
        watching->noteLog(JobId(u"j2"_s), 2 << 20);
        QVERIFY(isTold(2));
        QCOMPARE(m_told.size(), 2);
        QVERIFY(m_told[0].second.contains(u"quota.log_bytes"_s));
    }
    void whoIsBeyondAQuotaOfItsOwnGoesFirst()
    {
        fill(u"beyond"_s, u"a"_s, 5 << 20);
        fill(u"large"_s, u"a"_s, 3 << 20);
        const auto watching = watch(never);
        QVERIFY(isTold(1));
        QCOMPARE(m_told[0].first, u"beyond"_s);
        QVERIFY(m_told[0].second.contains(u"quota.workspace_bytes"_s));
    }
    void withoutRoomAGrowingLogIsToldAndNobodyAfterIt()
    {
        fill(u"large"_s, u"a"_s, 3 << 20);
        QVERIFY(QDir().mkpath(workspace(u"printing"_s)));
        auto settings = settingsOf(never);
        settings.quotas.logBytes = 1_GiB;
        settings.pause = std::chrono::hours(1); // it looks by itself once, before the log is there
        settings.promptBytes = 8 << 20;
        // The first look blames the large one, whose folder goes, as its job ends.
        const auto watching = watch(settings);
        QVERIFY(isTold(1));
        QVERIFY(QDir(m_jobs->filePath(u"large"_s)).removeRecursively());
        const JobId printing(u"printing"_s);
        for (qint64 size = 4 << 20; m_told.size() < 2 && size < 1 << 30; size += 4 << 20) {
            watching->noteLog(printing, size);
            QTest::qWait(1);
        }
        QVERIFY(isTold(2));
        QCOMPARE(m_told[1].first, u"printing"_s);
        QVERIFY2(m_told[1].second.contains(u"this job's log takes most"_s), qPrintable(m_told[1].second));
        // Room is to come from its log, so a workspace that does not grow is left alone however often it looks.
        fill(u"still"_s, u"a"_s, 2 << 20);
        for (qint64 i = 1; i < 20; ++i) {
            watching->noteLog(printing, (1 << 30) - (20 - i) * (9 << 20)); // its last bytes make it look
            QTest::qWait(2);
        }
        QCOMPARE(m_told.size(), 2);
    }
    void withoutRoomManyGrowingLogsAreTold()
    {
        auto settings = settingsOf(never);
        settings.quotas.logBytes = 1_GiB;
        settings.pause = std::chrono::hours(1); // it looks because of the logs alone
        settings.promptBytes = 8 << 20;
        const auto watching = watch(settings);
        for (qint64 size = 16 << 20; m_told.size() < 3 && size < 1 << 30; size += 1 << 19) {
            for (int i = 0; i < 40; ++i)
                watching->noteLog(JobId(u"j%1"_s.arg(i)), size);
            QTest::qWait(5);
        }
        QVERIFY(isTold(3));
        QVERIFY2(m_told[2].second.contains(u"this job's log takes most"_s), qPrintable(m_told[2].second));
    }
    void withoutRoomASlowLogIsTold()
    {
        fill(u"still"_s, u"a"_s, 2 << 20); // takes less than the log
        auto settings = settingsOf({});
        settings.quotas.logBytes = 1_GiB;
        settings.quotas.reserve = never;
        const JobId slow(u"slow"_s);
        const auto watching = watch(settings);
        QVERIFY(isTold(1)); // the workspace, as long as the log says nothing
        QVERIFY(QDir(m_jobs->filePath(u"still"_s)).removeRecursively());
        for (qint64 size = 4 << 20; m_told.size() < 2 && size < 64 << 20; size += 64 << 10) {
            watching->noteLog(slow, size);
            QTest::qWait(10);
        }
        QVERIFY(isTold(2));
        QCOMPARE(m_told[1].first, slow.value());
    }
    void withoutRoomTheLargestIsTold()
    {
        fill(u"small"_s, u"a"_s, 1 << 20);
        fill(u"large"_s, u"a"_s, 3 << 20);
        const auto watching = watch(never);
        QVERIFY(isTold(1));
        QCOMPARE(m_told[0].first, u"large"_s);
        QVERIFY(QDir(m_jobs->filePath(u"large"_s)).removeRecursively()); // it is gone; still no room: the next
        QVERIFY(isTold(2));
        QCOMPARE(m_told[1].first, u"small"_s);
    }
};

QTEST_GUILESS_MAIN(TestQuotaWatch)
#include "tst_quotawatch.moc"
