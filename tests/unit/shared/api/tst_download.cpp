// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/api/download.h"

#include "tests/support/fakemaster.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::api;
using namespace danube::tests;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestDownload : public QObject
{
    Q_OBJECT

    struct Fixture
    {
        explicit Fixture(QByteArray bytes = QByteArray(300'000, 'a') + QByteArray(300'000, 'b'))
            : content(std::move(bytes))
        {
            Sha256 hash;
            hash.add(content);
            artifact = {ArtifactId(u"a1"_s),       JobId(u"j1"_s),   u"dist/x.tgz"_s,
                        ByteCount(content.size()), hash.finishHex(), {}};
            target = directory.filePath(u"x.tgz"_s);
            master.addArtifact(artifact, content);
        }
        QString part() const { return target + u'.' + QString::fromLatin1(artifact.sha256.first(12)) + u".part"_s; }
        /// The result of a whole download.
        Result<void> run()
        {
            Download download(client, artifact, target, {.attempts = 4, .backoffBase = 1ms, .backoffCap = backoffCap});
            std::optional<Result<void>> result;
            QObject::connect(&download, &Download::finished, &download, [&](const Result<void> &end) { result = end; });
            QObject::connect(&download, &Download::progressed, &download, [&](qint64 received, qint64) {
                progress = received;
                ++told;
            });
            download.start();
            if (result || !QTest::qWaitFor([&] { return result.has_value(); }, 10'000))
                return fail(ErrorCode::Internal, u"no end, or one from within start()"_s);
            return *result;
        }
        QByteArray saved() const
        {
            QFile file(target);
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        }

        QTemporaryDir directory;
        FakeMaster master;
        QByteArray content;
        Artifact artifact;
        QString target;
        ApiClient client{{master.url(), nullptr}};
        qint64 progress = 0;
        int told = 0;
        std::chrono::milliseconds backoffCap = 5ms;
    };

private slots:
    void savesTheWholeArtifact()
    {
        Fixture fixture;
        QVERIFY(fixture.run());
        QCOMPARE(fixture.saved(), fixture.content);
        QCOMPARE(fixture.progress, fixture.content.size());
        QVERIFY(!QFile::exists(fixture.part()));
    }

    void progressIsToldTenTimesASecond()
    {
        Fixture fixture{QByteArray(64 << 20, 'a')};
        QElapsedTimer time;
        time.start();
        QVERIFY(fixture.run());
        QVERIFY(fixture.told >= 1);
        QVERIFY2(fixture.told <= 2 + time.elapsed() / 100, qPrintable(QString::number(fixture.told)));
        QCOMPARE(fixture.progress, fixture.content.size());
    }

    void savesAnEmptyArtifact()
    {
        Fixture fixture{QByteArray()};
        QVERIFY(fixture.run());
        QVERIFY(QFile::exists(fixture.target));
        QCOMPARE(fixture.saved(), QByteArray());
    }

    void resumesByRangeAfterCuts()
    {
        Fixture fixture;
        int requests = 0;
        QList<QByteArray> ranges;
        fixture.master.on("GET", u"/api/v1/artifacts/a1"_s, [&](const FakeRequest &request) {
            ranges.append(request.headers.value("range"));
            const qint64 from = ranges.last().isEmpty() ? 0 : ranges.last().sliced(6).chopped(1).toLongLong();
            FakeReply reply{.status = from == 0 ? 200 : 206, .body = fixture.content.sliced(from)};
            reply.headers = {{"Content-Range", "bytes " + QByteArray::number(from) + "-599999/600000"}};
            if (++requests < 6)
                reply.cutAfter = 100'000;
            return reply;
        });
        const auto result = fixture.run();
        QVERIFY2(result, qPrintable(result ? QString() : result.error().message));
        QCOMPARE(fixture.saved(), fixture.content);
        QCOMPARE(ranges.first(), QByteArray());
        QCOMPARE(ranges.at(1), "bytes=100000-"_ba);
        QCOMPARE(ranges.last(), "bytes=500000-"_ba);
    }

    void goesOnWithThePartOfAnEarlierRun()
    {
        Fixture fixture;
        QFile part(fixture.part());
        QVERIFY(part.open(QIODevice::WriteOnly));
        part.write(fixture.content.first(250'000));
        part.close();
        QVERIFY(fixture.run());
        QCOMPARE(fixture.saved(), fixture.content);
        QCOMPARE(fixture.master.requests().first().headers.value("range"), "bytes=250000-"_ba);
    }

    void startsOverWhereTheRangeIsIgnored()
    {
        Fixture fixture;
        QFile part(fixture.part());
        QVERIFY(part.open(QIODevice::WriteOnly));
        part.write(QByteArray(250'000, 'z'));
        part.close();
        fixture.master.on("GET", u"/api/v1/artifacts/a1"_s,
                          [&](const FakeRequest &) { return FakeReply{.body = fixture.content}; });
        QVERIFY(fixture.run());
        QCOMPARE(fixture.saved(), fixture.content);
    }

    void throwsAwayAPartThatIsTooLong()
    {
        Fixture fixture;
        QFile part(fixture.part());
        QVERIFY(part.open(QIODevice::WriteOnly));
        part.write(QByteArray(600'001, 'z'));
        part.close();
        QVERIFY(fixture.run());
        QCOMPARE(fixture.saved(), fixture.content);
    }

    void refusesAWrongDigest()
    {
        Fixture fixture;
        fixture.master.on("GET", u"/api/v1/artifacts/a1"_s, [&](const FakeRequest &) {
            return FakeReply{.body = QByteArray(fixture.content.size(), 'x')};
        });
        const auto result = fixture.run();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::DataLoss);
        QVERIFY(result.error().message.contains(u"dist/x.tgz"));
        QVERIFY(!QFile::exists(fixture.target));
        QVERIFY(!QFile::exists(fixture.part()));
    }

    void refusesMoreThanWasPromised()
    {
        Fixture fixture;
        fixture.master.on("GET", u"/api/v1/artifacts/a1"_s,
                          [&](const FakeRequest &) { return FakeReply{.body = fixture.content + "x"}; });
        const auto result = fixture.run();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::DataLoss);
        QVERIFY(!QFile::exists(fixture.part()));
    }

    void refusesAnotherRange()
    {
        Fixture fixture;
        QFile part(fixture.part());
        QVERIFY(part.open(QIODevice::WriteOnly));
        part.write(fixture.content.first(10));
        part.close();
        fixture.master.on("GET", u"/api/v1/artifacts/a1"_s, [&](const FakeRequest &) {
            return FakeReply{
                .status = 206, .body = fixture.content, .headers = {{"Content-Range", "bytes 0-9/600000"}}};
        });
        const auto result = fixture.run();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Protocol);
    }

    void keepsAnExistingFile()
    {
        Fixture fixture;
        QFile existing(fixture.target);
        QVERIFY(existing.open(QIODevice::WriteOnly));
        existing.write("mine");
        existing.close();
        const auto result = fixture.run();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::AlreadyExists);
        QCOMPARE(fixture.saved(), "mine"_ba);
        QVERIFY(fixture.master.requests().isEmpty());
    }

    void givesUpAfterSomeAttempts()
    {
        Fixture fixture;
        fixture.master.refuseAll(503);
        const auto result = fixture.run();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Unavailable);
        QCOMPARE(fixture.master.requests().size(), 4);
    }

    void waitsAsLongAsItIsAskedTo_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : {429, 503})
            QTest::addRow("%d", status) << status;
    }
    void waitsAsLongAsItIsAskedTo()
    {
        QFETCH(int, status);
        Fixture fixture;
        fixture.backoffCap = 300ms; // less than the second that is asked for
        QElapsedTimer time;
        QList<qint64> asked;
        fixture.master.on("GET", u"/api/v1/artifacts/a1"_s, [&](const FakeRequest &) {
            asked.append(time.elapsed());
            if (asked.size() == 1)
                return FakeReply{.status = status, .headers = {{"Retry-After", "1"}}};
            return FakeReply{.body = fixture.content};
        });
        time.start();
        QVERIFY(fixture.run());
        QCOMPARE(asked.size(), 2);
        QVERIFY2(asked[1] - asked[0] >= 299, qPrintable(QString::number(asked[1] - asked[0])));
        QCOMPARE(fixture.saved(), fixture.content);
    }

    void doesNotRepeatWhatIsForbidden()
    {
        Fixture fixture;
        fixture.master.refuseAll(404);
        const auto result = fixture.run();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::NotFound);
        QCOMPARE(fixture.master.requests().size(), 1);
    }

    void namesADirectoryThatIsNotThere()
    {
        Fixture fixture;
        fixture.target = fixture.directory.filePath(u"no/such/x"_s);
        const auto result = fixture.run();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Io);
        QVERIFY(result.error().message.contains(fixture.target));
    }
};

QTEST_GUILESS_MAIN(TestDownload)
#include "tst_download.moc"
