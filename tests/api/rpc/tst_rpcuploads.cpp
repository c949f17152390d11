// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/rpcfixture.h"
#include "tests/support/sanitizer.h"

#include <QCryptographicHash>
#include <QFile>
#include <QTest>

using namespace danube;
using namespace danube::tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QByteArray sha256(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QJsonObject json(const H2Answer &answer)
{
    return QJsonDocument::fromJson(answer.body).object();
}

QByteArray target(const QByteArray &name, const QByteArray &digest, qint64 offset = 0)
{
    QByteArray text = "/rpc/upload-artifact?job_id=running-job&name=" + name + "&sha256=" + digest;
    return offset > 0 ? text + "&offset=" + QByteArray::number(offset) : text;
}

qint64 residentBytes()
{
    QFile status(u"/proc/self/statm"_s);
    if (!status.open(QIODevice::ReadOnly))
        return -1;
    return status.readAll().split(' ').value(1).toLongLong() * 4096;
}

/// Deterministic bytes that no layer can shorten.
struct Stream
{
    qint64 left;
    quint64 state = 1;
    QByteArray operator()(qsizetype most)
    {
        QByteArray bytes(std::min<qint64>(most, left), Qt::Uninitialized);
        for (char &byte : bytes) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            byte = static_cast<char>(state >> 56);
        }
        left -= bytes.size();
        return bytes;
    }
};

QByteArray digestOf(Stream stream)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    while (stream.left > 0)
        hash.addData(stream(1 << 16));
    return hash.result().toHex();
}

} // namespace

class TestRpcUploads : public QObject
{
    Q_OBJECT
private slots:
    void storesAnArtifact()
    {
        RpcFixture master;
        H2Client client(master.port);
        const auto answer = client.call(master.post(target("dist%2fa.txt", sha256("hello")), "hello"));
        QCOMPARE(answer.status, 200);
        const QJsonObject body = json(answer);
        QCOMPARE(body["name"_L1].toString(), u"dist/a.txt"_s);
        QCOMPARE(body["size_bytes"_L1].toInteger(), 5);
        QCOMPARE(body["sha256"_L1].toString().toLatin1(), sha256("hello"));
        const auto stored = master.artifacts->open(ArtifactId(body["artifact_id"_L1].toString()));
        QVERIFY(stored);
        QFile file(stored->path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), "hello");
    }

    void answersTheSameUploadWithTheSameArtifact()
    {
        RpcFixture master;
        H2Client client(master.port);
        const auto first = client.call(master.post(target("a", sha256("hello")), "hello"));
        const auto second = client.call(master.post(target("a", sha256("hello")), "hello"));
        QCOMPARE(second.status, 200);
        QCOMPARE(json(second), json(first));
        const auto other = client.call(master.post(target("a", sha256("world")), "world"));
        QCOMPARE(other.status, 409);
    }

    void refusesAnotherDigestAndNamesBoth()
    {
        RpcFixture master;
        H2Client client(master.port);
        const auto answer = client.call(master.post(target("a", sha256("hello")), "jello"));
        QCOMPARE(answer.status, 400);
        QVERIFY(answer.body.contains(sha256("hello")));
        QVERIFY(answer.body.contains(sha256("jello")));
    }

    void goesOnAfterACut()
    {
        RpcFixture master;
        const Stream content{3 << 20};
        const QByteArray digest = digestOf(content);
        const H2Request query{.method = "GET", .target = target("a", digest), .token = master.token()};
        Stream sent = content;
        {
            H2Client client(master.port);
            const auto stream = client.send(
                {.target = target("a", digest), .token = master.token(), .body = sent(2 << 20), .endsBody = false});
            H2Client other(master.port);
            QTRY_COMPARE_WITH_TIMEOUT(json(other.call(query))["size_bytes"_L1].toInteger(), 2 << 20, 10s);
            QVERIFY(!client.session.answer(stream).isClosed);
            client.cut();
        }
        H2Client client(master.port);
        const auto wrong = client.call({.target = target("a", digest, 1000), .token = master.token(), .body = "x"});
        QCOMPARE(wrong.status, 409);
        QCOMPARE(json(wrong)["size_bytes"_L1].toInteger(), 2 << 20);
        const auto right =
            client.call({.target = target("a", digest, 2 << 20), .token = master.token(), .body = sent(1 << 20)});
        QCOMPARE(right.status, 200);
        QCOMPARE(json(right)["size_bytes"_L1].toInteger(), 3 << 20);
        QCOMPARE(json(client.call(query))["size_bytes"_L1].toInteger(), 3 << 20);
    }

    void streams200MegabytesInBoundedMemory()
    {
        RpcFixture master;
        const Stream content{200'000'000};
        const QByteArray digest = digestOf(content);
        H2Client client(master.port);
        const qint64 before = residentBytes();
        const auto stream = client.send({.target = target("big", digest), .token = master.token(), .more = content});
        qint64 most = 0;
        while (!client.waitFor(stream, 20ms) && most < (1LL << 30))
            most = std::max(most, residentBytes() - before);
        QCOMPARE(client.session.answer(stream).status, 200);
        QCOMPARE(json(client.session.answer(stream))["size_bytes"_L1].toInteger(), 200'000'000);
        // Server's window and buffers, the client's own backlog, and some for the allocator.
        QVERIFY2(keepsFreedMemory || most < 40'000'000, qPrintable(u"grew by %1 bytes"_s.arg(most)));
    }

    void refusesWhatIsAboveTheLimits()
    {
        RpcFixture master({.uploadLimit = 1000}, {.bytesPerJob = ByteCount(100)});
        H2Client client(master.port);
        const auto declared = client.call({.target = target("a", sha256("x")),
                                           .token = master.token(),
                                           .headers = {{"content-length", "1001"}},
                                           .endsBody = false});
        QCOMPARE(declared.status, 413);
        const QByteArray tooMuch(200, 'x');
        const auto arrived = client.call(master.post(target("a", sha256(tooMuch)), tooMuch));
        QCOMPARE(arrived.status, 413);
        QVERIFY(client.call(master.post(target("b", sha256("fits")), "fits")).status == 200);
    }

    void fiftyConnectionsAtOnce()
    {
        RpcFixture master;
        master.backend.stepsEndAtOnce = false;
        std::vector<std::unique_ptr<H2Client>> clients;
        std::vector<std::pair<int32_t, int32_t>> streams;
        for (int i = 0; i < 50; ++i) {
            auto &client = *clients.emplace_back(std::make_unique<H2Client>(master.port));
            const QByteArray content = QByteArray::number(i).repeated(20'000);
            const auto upload =
                client.send(master.post(target("file" + QByteArray::number(i), sha256(content)), content));
            streams.emplace_back(client.send(master.runStep()), upload);
        }
        QTRY_COMPARE_WITH_TIMEOUT(master.backend.waiting.size(), 50, 20s);
        master.backend.endSteps(0);
        for (size_t i = 0; i < clients.size(); ++i) {
            QVERIFY(clients[i]->waitFor(streams[i].first) && clients[i]->waitFor(streams[i].second));
            QCOMPARE(clients[i]->session.answer(streams[i].first).status, 200);
            QCOMPARE(clients[i]->session.answer(streams[i].second).status, 200);
        }
        QCOMPARE(master.table.artifacts(master.backend.running)->size(), 50);
        QCOMPARE(master.server->counts().connections.load(), 50);
    }

    void boundsTheBytesInFlightOfAllUploads()
    {
        RpcFixture master;
        const JobId modest(u"modest-job"_s);
        master.backend.alsoRunning.insert(modest);
        std::vector<std::unique_ptr<H2Client>> clients;
        std::vector<int32_t> streams;
        qint64 inFlight = 0;
        const auto begin = [&](H2Client &client, const QByteArray &name) {
            return client.send(
                {.target = target(name, QByteArray(64, 'a')), .token = master.token(), .endsBody = false});
        };
        const auto windowOf = [&](size_t i) {
            return nghttp2_session_get_stream_remote_window_size(clients[i / 64]->session.handle(), streams[i]);
        };
        for (size_t i = 0; i < 128; ++i) {
            if (i % 64 == 0) {
                clients.push_back(std::make_unique<H2Client>(master.port));
                QCOMPARE(clients.back()->call(master.runStep()).status, 200); // from here on both know all settings
            }
            streams.push_back(begin(*clients.back(), "u" + QByteArray::number(i)));
            if (i < 6) // what is left is halved each time
                QTRY_VERIFY(windowOf(i) > 256 * 1024);
        }
        QTRY_COMPARE(master.server->counts().requests.load(), 130);
        QTest::qWait(50);
        for (size_t i = 0; i < streams.size(); ++i) {
            QVERIFY(!clients[i / 64]->session.answer(streams[i]).isClosed);
            inFlight += windowOf(i);
        }
        QCOMPARE(windowOf(0), 8 << 20);
        QVERIFY2(inFlight <= 48 << 20, qPrintable(QString::number(inFlight)));
        // One more of the same job is one too many; one of another takes the last one's place.
        const auto late = begin(*clients.back(), "late");
        QVERIFY(clients.back()->waitFor(late));
        QCOMPARE(clients.back()->session.answer(late).status, 503);
        H2Client other(master.port);
        const QByteArray own = "/rpc/upload-artifact?job_id=modest-job&name=a&sha256=" + sha256("hello");
        QCOMPARE(other.call({.target = own, .token = master.token(modest), .body = "hello"}).status, 200);
        QVERIFY(clients.back()->waitFor(streams.back()));
        QCOMPARE(clients.back()->session.answer(streams.back()).status, 503);
        // What ends gives its window back.
        clients.clear();
        H2Client fresh(master.port);
        QCOMPARE(fresh.call(master.runStep()).status, 200);
        const auto again = begin(fresh, "again");
        QTRY_COMPARE(nghttp2_session_get_stream_remote_window_size(fresh.session.handle(), again), 8 << 20);
    }

    void aLostUploadHarmsNoOther()
    {
        // Unfinished bodies that go away hold no window of the connection.
        RpcFixture master({.http2 = {.connectionWindow = 1 << 20}});
        H2Client client(master.port);
        const QByteArray part(900'000, 'p');
        for (int i = 0; i < 10; ++i) {
            const auto stream = client.send({.target = target("lost" + QByteArray::number(i), QByteArray(64, 'a')),
                                             .token = master.token(),
                                             .body = part,
                                             .endsBody = false});
            client.session.reset(stream);
            client.pump();
            QVERIFY(client.waitFor(stream));
        }
        QCOMPARE(client.call(master.post(target("a", sha256(part)), part)).status, 200);
    }
};

QTEST_GUILESS_MAIN(TestRpcUploads)
#include "tst_rpcuploads.moc"
