// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/rpcclient.h"

#include "fakerpcserver.h"

#include <QTest>

#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

using namespace danube;
using namespace danube::coordinator;
using namespace Qt::StringLiterals;
using tests::FakeRpcServer;
using Reply = FakeRpcServer::Reply;

namespace {

/// The guard's end: connects to a port when it is asked, or refuses.
class FakeHelper : public QObject
{
public:
    FakeHelper()
    {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
            qFatal("no pair of sockets");
        m_socket = FileDescriptor(ends[0]);
        client = ends[1];
        m_notifier = std::make_unique<QSocketNotifier>(ends[0], QSocketNotifier::Read);
        connect(m_notifier.get(), &QSocketNotifier::activated, this, &FakeHelper::answer);
    }
    void close()
    {
        m_notifier.reset();
        m_socket = FileDescriptor();
    }

    int client = -1;
    quint16 port = 0; ///< 0 = refuses
    int dials = 0;

private:
    void answer()
    {
        char text[16]{};
        const auto size = ::recv(m_socket.get(), text, sizeof text, 0);
        if (size <= 0)
            return m_notifier->setEnabled(false);
        if (QByteArrayView(text, size) != "dial\n")
            qFatal("not what docs/formats/guard.md says");
        ++dials;
        const FileDescriptor connection(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const bool isConnected =
            port != 0 && ::connect(connection.get(), reinterpret_cast<sockaddr *>(&address), sizeof address) == 0;
        send(isConnected ? "ok\n" : "error refused\n", isConnected ? connection.get() : -1);
    }
    void send(const char *text, int descriptor)
    {
        iovec piece{.iov_base = const_cast<char *>(text), .iov_len = std::strlen(text)};
        alignas(cmsghdr) char ancillary[CMSG_SPACE(sizeof(int))]{};
        msghdr header{};
        header.msg_iov = &piece;
        header.msg_iovlen = 1;
        if (descriptor >= 0) {
            header.msg_control = ancillary;
            header.msg_controllen = sizeof ancillary;
            cmsghdr *part = CMSG_FIRSTHDR(&header);
            part->cmsg_level = SOL_SOCKET;
            part->cmsg_type = SCM_RIGHTS;
            part->cmsg_len = CMSG_LEN(sizeof(int));
            std::memcpy(CMSG_DATA(part), &descriptor, sizeof descriptor);
        }
        ::sendmsg(m_socket.get(), &header, MSG_NOSIGNAL);
    }
    FileDescriptor m_socket;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

RpcSettings settingsBy(RpcDialer &dialer)
{
    RpcSettings settings;
    settings.endpoint = {u"192.0.2.1"_s, 9000}; // leads nowhere: only the dialer can be the way
    settings.token = Secret("tok");
    settings.retryBase = milliseconds(10);
    settings.retryCap = milliseconds(50);
    settings.dialer = &dialer;
    return settings;
}

} // namespace

class TestRpcDialer : public QObject
{
    Q_OBJECT
private slots:
    void callsByAPassedConnection()
    {
        FakeRpcServer server;
        server.handler = [](const auto &) { return Reply{200, R"({"value":"v"})"}; };
        FakeHelper helper;
        helper.port = server.port();
        RpcDialer dialer(helper.client);
        RpcClient client(settingsBy(dialer));
        QList<Result<QJsonObject>> answers;
        for (int call = 0; call < 3; ++call)
            client.post("/rpc/get-secret", {}, this, [&](Result<QJsonObject> got) { answers.append(std::move(got)); });
        QTRY_COMPARE(answers.size(), 3);
        QCOMPARE(answers[0].value().value("value"_L1), u"v"_s);
        QCOMPARE(helper.dials, 1);
        QCOMPARE(server.requests.first().authorization, "Bearer tok");
    }
    void asksAgainUntilTheMasterIsBack()
    {
        FakeRpcServer server;
        server.handler = [](const auto &) { return Reply{200, "{}"}; };
        FakeHelper helper;
        RpcDialer dialer(helper.client);
        RpcClient client(settingsBy(dialer));
        int answers = 0;
        client.post("/rpc/report-status", {}, this, [&](const Result<QJsonObject> &got) { answers += got ? 1 : 100; });
        QTRY_VERIFY(helper.dials >= 3);
        QCOMPARE(answers, 0);
        helper.port = server.port();
        QTRY_COMPARE(answers, 1);
    }
    void tellsEveryoneWhenTheHelperIsGone()
    {
        FakeHelper helper;
        RpcDialer dialer(helper.client);
        QList<Result<int>> answers;
        helper.close();
        dialer.dial(this, [&](Result<int> got) { answers.append(std::move(got)); });
        QTRY_COMPARE(answers.size(), 1);
        dialer.dial(this, [&](Result<int> got) { answers.append(std::move(got)); });
        QTRY_COMPARE(answers.size(), 2);
        for (const auto &answer : answers)
            QCOMPARE(answer.error().code, ErrorCode::Unavailable);
    }
    void closesWhatNobodyWaitsForAnyMore()
    {
        FakeRpcServer server;
        FakeHelper helper;
        helper.port = server.port();
        RpcDialer dialer(helper.client);
        auto gone = std::make_unique<QObject>();
        dialer.dial(gone.get(), [](const Result<int> &) { QFAIL("called for a context that is gone"); });
        gone.reset();
        int descriptor = -1;
        dialer.dial(this, [&](const Result<int> &got) { descriptor = got.value_or(-2); });
        QTRY_VERIFY(descriptor >= 0);
        QCOMPARE(::fcntl(descriptor, F_GETFD), FD_CLOEXEC);
        ::close(descriptor);
    }
    void hidesTheSocketFromChildren()
    {
        FakeHelper helper;
        ::fcntl(helper.client, F_SETFD, 0);
        const RpcDialer dialer(helper.client);
        QCOMPARE(::fcntl(helper.client, F_GETFD), FD_CLOEXEC);
    }
};

QTEST_GUILESS_MAIN(TestRpcDialer)
#include "tst_rpcdialer.moc"
