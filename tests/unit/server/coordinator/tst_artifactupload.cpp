// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/artifactupload.h"

#include "fakerpcserver.h"

#include <QCryptographicHash>
#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace danube;
using namespace danube::coordinator;
using namespace Qt::StringLiterals;
using tests::FakeRpcServer;
using Act = FakeRpcServer::Act;
using Reply = FakeRpcServer::Reply;

class TestArtifactUpload : public QObject
{
    Q_OBJECT
private:
    struct Workspace
    {
        QTemporaryDir dir;
        QString path = dir.filePath(u"workspace"_s);
        Workspace()
        {
            QDir().mkpath(path + u"/dist"_s);
            write(u"dist/app"_s, "binary");
            QFile::link(u"app"_s, path + u"/dist/link"_s);
            QFile::link(u"dist"_s, path + u"/linked"_s);
            QFile::link(u"/etc"_s, path + u"/etc"_s);
            ::mkfifo(QFile::encodeName(path + u"/pipe"_s).constData(), 0600);
        }
        void write(const QString &name, const QByteArray &text) const
        {
            QFile file(path + u'/' + name);
            if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
                qFatal("cannot write %s", qPrintable(name));
        }
    };
    static RpcSettings settingsFor(const FakeRpcServer &server)
    {
        RpcSettings settings;
        settings.endpoint = {u"127.0.0.1"_s, server.port()};
        settings.token = Secret("tok");
        settings.retryBase = milliseconds(10);
        settings.retryCap = milliseconds(50);
        return settings;
    }
    /// A master's side of uploads: keeps what came, also of broken ones.
    struct Store
    {
        QByteArray kept;
        qsizetype breakAt = -1; ///< the first connection ends when so much came
        QList<qint64> offsets;

        void serve(FakeRpcServer &server)
        {
            server.handler = [this](const FakeRpcServer::Request &request) {
                if (request.method == "GET")
                    return Reply{200, "{\"size_bytes\":" + QByteArray::number(kept.size()) + '}'};
                offsets.append(request.parameter("offset").toLongLong());
                kept = kept.left(offsets.last()) + request.body;
                const bool isWhole = QCryptographicHash::hash(kept, QCryptographicHash::Sha256).toHex() ==
                                     request.parameter("sha256").toLatin1();
                return Reply{isWhole ? 200 : 400, QJsonDocument(QJsonObject{{u"artifact_id"_s, u"a1"_s},
                                                                            {u"name"_s, request.parameter("name")},
                                                                            {u"size_bytes"_s, kept.size()}})
                                                      .toJson()};
            };
            server.receiving = [this](const FakeRpcServer::Request &request) {
                if (breakAt < 0 || request.body.size() < breakAt)
                    return true;
                kept = kept.left(request.parameter("offset").toLongLong()) + request.body;
                breakAt = -1;
                return false;
            };
        }
    };
    Result<QJsonObject> upload(FakeRpcServer &server, const Workspace &workspace, const QString &path,
                               const QString &name = {})
    {
        RpcClient client(settingsFor(server));
        auto file = openArtifact(workspace.path, path, name);
        if (!file)
            return std::unexpected(file.error());
        std::optional<Result<QJsonObject>> result;
        auto *upload = new ArtifactUpload(client, JobId(u"job1"_s), std::move(*file), this);
        QEventLoop loop; // QTRY_ macros sleep between turns, which is slow for megabytes
        upload->start([&](Result<QJsonObject> answer) {
            result = std::move(answer);
            loop.quit();
        });
        QTimer::singleShot(20'000, &loop, &QEventLoop::quit);
        loop.exec();
        return result.value_or(fail(ErrorCode::Internal, u"no answer"_s));
    }

private slots:
    void opensRegularFilesOnly_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("complaint"); // empty = taken
        QTest::newRow("relative") << u"dist/app"_s << QString();
        QTest::newRow("dots inside") << u"dist/../dist/./app"_s << QString();
        QTest::newRow("absolute") << u"WORKSPACE/dist/app"_s << QString();
        QTest::newRow("directory") << u"dist"_s << u"is a directory; pack it"_s;
        QTest::newRow("workspace itself") << u"."_s << u"is a directory"_s;
        QTest::newRow("link") << u"dist/link"_s << u"symbolic link"_s;
        QTest::newRow("through a link") << u"linked/app"_s << u"symbolic link"_s;
        QTest::newRow("link outside") << u"etc/passwd"_s << u"symbolic link"_s;
        QTest::newRow("pipe") << u"pipe"_s << u"not a regular file"_s;
        QTest::newRow("missing") << u"dist/none"_s << u"No such file"_s;
        QTest::newRow("above") << u"../x"_s << u"outside the workspace"_s;
        QTest::newRow("above by detour") << u"dist/../../x"_s << u"outside the workspace"_s;
        QTest::newRow("elsewhere") << u"/etc/passwd"_s << u"outside the workspace"_s;
        QTest::newRow("workspace's neighbour") << u"WORKSPACE2/x"_s << u"outside the workspace"_s;
        QTest::newRow("empty") << QString() << u"expected the path"_s;
        QTest::newRow("NUL") << u"dist/app"_s + QChar(0) << u"expected the path"_s;
    }
    void opensRegularFilesOnly()
    {
        QFETCH(QString, path);
        QFETCH(QString, complaint);
        const Workspace workspace;
        path.replace(u"WORKSPACE"_s, workspace.path);
        const auto file = openArtifact(workspace.path, path, {});
        if (complaint.isEmpty()) {
            QVERIFY2(file, qPrintable(file ? QString() : file.error().message));
            QCOMPARE(file->name, u"app"_s);
            QCOMPARE(file->size, 6);
            return;
        }
        QVERIFY(!file);
        QVERIFY2(file.error().message.contains(complaint), qPrintable(file.error().message));
    }
    void sendsTheFileWithItsDigest()
    {
        FakeRpcServer server;
        Store store;
        store.serve(server);
        const Workspace workspace;
        const auto answer = upload(server, workspace, u"dist/app"_s, u"app für 1.tar"_s);
        QVERIFY2(answer, qPrintable(answer ? QString() : answer.error().message));
        QCOMPARE(answer->value("artifact_id"_L1), u"a1"_s);
        QCOMPARE(answer->value("name"_L1), u"app für 1.tar"_s);
        QCOMPARE(store.kept, "binary");
        QCOMPARE(server.requests.last().parameter("job_id"), u"job1"_s);
    }
    void sendsEmptyFiles()
    {
        FakeRpcServer server;
        Store store;
        store.serve(server);
        const Workspace workspace;
        workspace.write(u"empty"_s, "");
        QVERIFY(upload(server, workspace, u"empty"_s));
        QCOMPARE(store.offsets, QList<qint64>{0});
    }
    void resumesAfterABreak()
    {
        FakeRpcServer server;
        Store store;
        store.breakAt = 3'000'000;
        store.serve(server);
        const Workspace workspace;
        QByteArray bytes(9'000'000, Qt::Uninitialized);
        for (qsizetype i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<char>(i * 7 % 251);
        workspace.write(u"big"_s, bytes);
        const auto answer = upload(server, workspace, u"big"_s);
        QVERIFY2(answer, qPrintable(answer ? QString() : answer.error().message));
        QVERIFY(store.kept == bytes);
        QCOMPARE(store.offsets.size(), 1);
        QVERIFY(store.offsets.first() >= 3'000'000); // not from the start again
    }
    void asksAgainWhenTheOffsetIsAnother()
    {
        FakeRpcServer server;
        Store store;
        store.serve(server);
        const auto serve = server.handler;
        int refusals = 2;
        server.handler = [&](const FakeRpcServer::Request &request) {
            if (request.method == "POST" && refusals-- > 0)
                return Reply{409, R"({"detail":"other offset","size_bytes":3})"};
            return serve(request);
        };
        const Workspace workspace;
        QVERIFY(upload(server, workspace, u"dist/app"_s));
        QCOMPARE(store.kept, "binary");
    }
    void makesRefusalsErrors()
    {
        FakeRpcServer server;
        server.handler = [](const auto &request) {
            return request.method == "GET" ? Reply{200, R"({"size_bytes":0})"}
                                           : Reply{507, R"({"detail":"quota of the job"})"};
        };
        const Workspace workspace;
        const auto answer = upload(server, workspace, u"dist/app"_s);
        QVERIFY(!answer);
        QCOMPARE(answer.error().message, u"quota of the job"_s);
    }
    // Reading a terabyte of nothing for its digest would take longer than most jobs live.
    void asksForRoomBeforeItReadsTheFile()
    {
        FakeRpcServer server;
        server.handler = [](const auto &) { return Reply{413, R"({"detail":"more than 10 GiB"})"}; };
        const Workspace workspace;
        workspace.write(u"huge"_s, "");
        QVERIFY(QFile::resize(workspace.path + u"/huge"_s, qint64(1) << 40));
        const auto answer = upload(server, workspace, u"huge"_s);
        QVERIFY(!answer);
        QCOMPARE(answer.error().message, u"more than 10 GiB"_s);
        QCOMPARE(server.requests.size(), 1);
        QCOMPARE(server.requests.first().parameter("total_bytes"), u"1099511627776"_s);
    }
    void noticesThatTheFileGotShorter()
    {
        FakeRpcServer server;
        const Workspace workspace;
        workspace.write(u"big"_s, QByteArray(4'000'000, 'x'));
        server.handler = [&workspace](const auto &request) {
            if (request.method == "GET")
                ::truncate(QFile::encodeName(workspace.path + u"/big"_s).constData(), 1000);
            return Reply{200, R"({"size_bytes":0})"};
        };
        const auto answer = upload(server, workspace, u"big"_s);
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::Conflict);
    }
};

QTEST_GUILESS_MAIN(TestArtifactUpload)
#include "tst_artifactupload.moc"
