// SPDX-License-Identifier: GPL-3.0-or-later
// A33: an artifact of 2 GiB whose connection is cut at 60 % goes on by Range, is checked against its digest, and is
// deleted and reported when the digest is wrong.
#include "console/app/artifactspage.h"
#include "console/app/artifactsview.h"
#include "console/app/closequestion.h"
#include "console/app/downloadspane.h"
#include "console/app/messagebar.h"
#include "console/app/pagehost.h"
#include "console/controllers/downloadqueue.h"
#include "shared/core/sha256.h"
#include "tests/gui/sample.h"

#include <QLineEdit>
#include <QPushButton>
#include <QTableView>

#include <malloc.h>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 twoGigabytes = 2LL << 30;
constexpr qint64 blockSize = 1 << 20;
constexpr int patience = 180'000; // milliseconds: 2 GiB through a busy machine

/// The same megabyte again and again, but for its number in front: nobody holds two gigabytes, and a resume that goes
/// on at a wrong place is another content.
QByteArray content(qint64 from, qint64 most)
{
    static const QByteArray pattern = [] {
        QByteArray bytes(blockSize, '\0');
        for (qsizetype i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<char>((i * 31 + i / 251) & 0xff);
        return bytes;
    }();
    QByteArray block = pattern;
    block.replace(0, 16, QByteArray::number(from / blockSize).rightJustified(16, '0'));
    return block.sliced(from % blockSize, std::min(most, blockSize - from % blockSize));
}

// Of twoGigabytes of it; taking it here would cost as much as all the rest of the check.
constexpr char contentSha256[] = "decf0e8260d1612bde251cad4f2b1b0aefa203faca0bf25a379a3da3f67e1341";

Artifact artifactOf(const QString &name, qint64 bytes, const QByteArray &sha256, int job = 1)
{
    Artifact artifact;
    artifact.id = ArtifactId(u"artifact-"_s + QString(name).replace(u'/', u'-'));
    artifact.job = JobId(u"job%1"_s.arg(job, 6, 10, QLatin1Char('0')));
    artifact.name = name;
    artifact.size = ByteCount(bytes);
    artifact.sha256 = sha256;
    artifact.createdAt = sampleNow;
    return artifact;
}

QByteArray digestOf(const QByteArray &bytes)
{
    Sha256 hash;
    hash.add(bytes);
    return hash.finishHex();
}

/// A window with the page open, and the artifacts given to jobs of the fake master.
struct Opened
{
    explicit Opened(const QList<Artifact> &artifacts)
    {
        sample.master.setJob(sampleJob(1, u"firmware"_s, JobState::Success));
        sample.master.setJob(sampleJob(2, u"docs"_s, JobState::Success));
        for (const Artifact &artifact : artifacts)
            sample.master.addArtifact(artifact, content);
        sample.window->resize(1024, 700);
        sample.window->show();
        master = sample.connectWindow().value();
        if (!QTest::qWaitFor([&] { return master->isLive(); }, 30'000))
            qWarning() << "not live";
        sample.window->openPage(u"artifacts"_s);
        page = qobject_cast<ArtifactsPage *>(sample.window->tabs()->current());
    }
    bool shows(int rows) const
    {
        return QTest::qWaitFor([&] { return page->table()->model()->rowCount() == rows; }, 30'000);
    }
    void download(int row) const
    {
        page->table()->selectRow(row);
        page->table()->downloadTo(folder.path());
    }
    const DownloadItem &item(int row = 0) const { return master->downloads().model()->item(row); }
    bool waitFor(DownloadItem::State state, int row = 0) const
    {
        return QTest::qWaitFor([&] { return item(row).state == state; }, patience);
    }
    QStringList files() const { return QDir(folder.path()).entryList(QDir::Files); }
    QList<QByteArray> ranges() const
    {
        QList<QByteArray> ranges;
        for (const FakeRequest &request : sample.master.requests()) {
            if (request.path.startsWith("/api/v1/artifacts/"_L1))
                ranges.append(request.headers.value("range"));
        }
        return ranges;
    }
    QString activity() const
    {
        QStringList rows;
        const ActivityModel &model = *sample.window->masters().activity();
        for (int row = 0; row < model.rowCount(); ++row)
            rows.append(model.toText(row));
        return rows.join(u'\n');
    }

    Sample sample;
    QTemporaryDir folder;
    MasterSession *master = nullptr;
    ArtifactsPage *page = nullptr;
};

} // namespace

class A33 : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() // else each block of a megabyte is mapped and unmapped
    {
        mallopt(M_MMAP_THRESHOLD, 32 << 20);
        mallopt(M_TRIM_THRESHOLD, 256 << 20);
    }
    void twoGigabytesSurviveACut()
    {
        Opened window({artifactOf(u"image.bin"_s, twoGigabytes, contentSha256)});
        const qint64 cut = twoGigabytes / 10 * 6;
        window.sample.master.earlyEnds = {{cut}};
        QVERIFY(window.shows(1));
        window.download(0);
        QVERIFY(window.waitFor(DownloadItem::State::Done));
        QCOMPARE(window.item().problem, QString());
        const auto ranges = window.ranges();
        QCOMPARE(ranges.size(), 2);
        QCOMPARE(ranges[0], QByteArray());
        QCOMPARE(ranges[1], "bytes=" + QByteArray::number(cut) + '-'); // from where it was, not from the start
        QCOMPARE(window.files(), QStringList{u"image.bin"_s});         // no part stays
        QCOMPARE(QFileInfo(window.folder.filePath(u"image.bin"_s)).size(), twoGigabytes);
        QVERIFY2(window.activity().contains(u"image.bin is downloaded, its digest is right."_s),
                 qPrintable(window.activity()));
        QCOMPARE(window.sample.window->masters().activity()->underWay(), 0);
    }
    void aWrongDigestDeletesAndReports()
    {
        Opened window({artifactOf(u"bad.bin"_s, 3 * blockSize, QByteArray(64, '0'))});
        QVERIFY(window.shows(1));
        window.download(0);
        QVERIFY(window.waitFor(DownloadItem::State::Failed));
        QCOMPARE(window.files(), QStringList());
        const QString state = window.item().problem;
        QVERIFY2(state.contains(u"digest"_s), qPrintable(state));
        QVERIFY(window.page->messages()->isVisible());
        QVERIFY(window.page->messages()->text().contains(u"bad.bin"_s));
        QVERIFY(window.sample.window->masters().activity()->problems() > 0);
    }
    void aPausedDownloadKeepsItsBytesAndGoesOn()
    {
        const qint64 size = 16 * blockSize;
        QByteArray all;
        while (all.size() < size)
            all += content(all.size(), size);
        Opened window({artifactOf(u"image.bin"_s, size, digestOf(all))});
        window.sample.master.earlyEnds = {{size / 2, true}};
        QVERIFY(window.shows(1));
        window.download(0);
        QVERIFY(QTest::qWaitFor([&] { return window.item().received == size / 2; }, 30'000));
        window.page->downloads()->table()->selectRow(0);
        QVERIFY(window.page->actionState(u"downloads.pause"_s)->enabled);
        QVERIFY(!window.page->actionState(u"downloads.resume"_s)->enabled);
        window.page->trigger(u"downloads.pause"_s);
        QCOMPARE(window.item().state, DownloadItem::State::Paused);
        QCOMPARE(window.master->downloads().running(), 0);
        window.page->trigger(u"downloads.resume"_s);
        QVERIFY(window.waitFor(DownloadItem::State::Done));
        QCOMPARE(window.ranges().last(), "bytes=" + QByteArray::number(size / 2) + '-');
    }
    void twoRunTheOthersWaitAndACancelledOneLeavesNothing()
    {
        QList<Artifact> artifacts;
        for (int i = 0; i < 4; ++i)
            artifacts.append(artifactOf(u"dist/%1.bin"_s.arg(i), 4 * blockSize, QByteArray(64, '0')));
        Opened window(artifacts);
        window.sample.master.earlyEnds = {{blockSize, true}, {blockSize, true}, {blockSize, true}, {blockSize, true}};
        QVERIFY(window.shows(4));
        window.page->table()->selectAll();
        window.page->table()->downloadTo(window.folder.path());
        DownloadQueue &queue = window.master->downloads();
        QCOMPARE(queue.model()->rowCount(), 4);
        QCOMPARE(queue.running(), DownloadQueue::parallel);
        QCOMPARE(window.item(2).state, DownloadItem::State::Waiting);
        QVERIFY(QTest::qWaitFor([&] { return window.item(0).received == blockSize; }, 30'000));
        QCOMPARE(window.sample.window->masters().activity()->underWay(), 4);
        while (queue.model()->rowCount() > 0)
            queue.remove(0);
        QCOMPARE(queue.running(), 0);
        QCOMPARE(window.files(), QStringList());
        QCOMPARE(window.sample.window->masters().activity()->underWay(), 0);
    }
    void artifactsOfAllJobsAreFound()
    {
        const QByteArray digest = digestOf("some bytes");
        Opened window({artifactOf(u"dist/firmware.tar.gz"_s, 10, digest, 1),
                       artifactOf(u"manual.html"_s, 20, digest, 2),
                       artifactOf(u"report.json"_s, 30, QByteArray(64, 'a'), 2)});
        QVERIFY(window.shows(3));
        const auto type = [&](const QString &text) { window.page->filterLine()->setText(text); };
        type(u"docs html"_s);
        QVERIFY(window.shows(1));
        QCOMPARE(window.page->table()->model()->index(0, ArtifactsModel::NameColumn).data().toString(),
                 u"manual.html"_s);
        type(QString::fromLatin1(digest));
        QVERIFY(window.shows(2));
        type(u"archive #1"_s);
        QVERIFY(window.shows(1));
        type(u"nothing like it"_s);
        QVERIFY(window.shows(0));
        QVERIFY(!window.page->noteText().isEmpty());
        type({});
        QVERIFY(window.shows(3));
        // A job that ends while one looks brings what it left.
        Job job = sampleJob(3, u"docs"_s, JobState::Running);
        window.sample.master.setJob(job);
        QVERIFY(QTest::qWaitFor([&] { return window.master->jobs()->job(job.id) != nullptr; }, 30'000));
        window.sample.master.addArtifact(artifactOf(u"late.txt"_s, 5, digest, 3), content);
        window.sample.master.setJob(sampleJob(3, u"docs"_s, JobState::Success));
        QVERIFY(window.shows(4));
    }
    void closingNamesWhatStillRuns()
    {
        Opened window({artifactOf(u"image.bin"_s, twoGigabytes, contentSha256)});
        window.sample.master.earlyEnds = {{blockSize, true}};
        QVERIFY(window.shows(1));
        window.download(0);
        QVERIFY(QTest::qWaitFor([&] { return window.item().received == blockSize; }, 30'000));
        QVERIFY(!window.sample.window->close());
        QTRY_VERIFY(window.sample.window->findChild<CloseQuestion *>());
        auto *question = window.sample.window->findChild<CloseQuestion *>();
        QVERIFY2(question->informativeText().contains(u"image.bin"_s), qPrintable(question->informativeText()));
        question->button(QMessageBox::Cancel)->click();
        QCOMPARE(window.item().state, DownloadItem::State::Running);
        window.sample.window->masters().disconnectFrom(window.master); // its downloads go with it
        QCOMPARE(window.sample.window->masters().activity()->underWay(), 0);
    }
};

QTEST_MAIN(A33)
#include "a33_artifacts.moc"
