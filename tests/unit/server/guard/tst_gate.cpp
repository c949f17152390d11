// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/gate.h"
#include "tests/unit/server/guard/hellobytes.h"

#include <QTest>

using namespace danube::guard;
using namespace danube::guard::tests;
using State = Gate::State;

class TestGate : public QObject
{
    Q_OBJECT

    static Gate gate(uint16_t port, EncryptedHello encrypted = EncryptedHello::Refuse)
    {
        return {"a.org", port, speechOf(port), encrypted};
    }
    static inline const std::string request = "GET / HTTP/1.1\r\nHost: a.org\r\n\r\n";

private slots:
    void judgesByPortAndFirstBytes_data()
    {
        QTest::addColumn<int>("port");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<State>("state");
        const auto row = [](const char *name, int port, const std::string &bytes, State state) {
            QTest::newRow(name) << port << QByteArray::fromStdString(bytes) << state;
        };
        row("TLS on 443", 443, hello("a.org"), State::Open);
        row("another name on 443", 443, hello("b.org"), State::Shut);
        row("no name on 443", 443, records(helloMessage({})), State::Shut);
        row("HTTP on 443", 443, request, State::Shut);
        row("SSH on 443", 443, "SSH-2.0-x\r\n", State::Shut);
        row("half a hello", 443, hello("a.org").substr(0, 50), State::More);
        row("HTTP on 80", 80, request, State::Open);
        row("TLS on 80", 80, hello("a.org"), State::Shut);
        row("another Host on 80", 80, "GET / HTTP/1.1\r\nHost: b.org\r\n\r\n", State::Shut);
        row("half a head", 80, request.substr(0, 20), State::More);
        row("TLS on 8443", 8443, hello("a.org"), State::Open);
        row("another name on 8443", 8443, hello("b.org"), State::Shut);
        row("HTTP on 8080", 8080, "GET / HTTP/1.1\r\nHost: a.org:8080\r\n\r\n", State::Open);
        row("another Host on 8080", 8080, "DELETE / HTTP/1.1\r\nHost: b.org\r\n\r\n", State::Shut);
        row("HTTP/2 on 8080", 8080, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", State::Shut);
        row("SSH on 22", 22, "SSH-2.0-x\r\n", State::Open);
        row("a zero on 5432", 5432, std::string(4, '\0'), State::Open);
        row("a beginning of GET", 22, "GE", State::More);
        row("no GET after all", 22, "GEE", State::Open);
    }
    void judgesByPortAndFirstBytes()
    {
        QFETCH(int, port);
        QFETCH(QByteArray, bytes);
        QFETCH(State, state);
        for (const qsizetype piece : {qsizetype(1), qsizetype(100'000)}) {
            Gate judged = gate(static_cast<uint16_t>(port));
            for (qsizetype at = 0; at < bytes.size(); at += piece)
                judged.feed(bytes.mid(at, piece).toStdString());
            QCOMPARE(judged.state(), state);
            QVERIFY(judged.reason().empty() == (state != State::Shut));
            if (state == State::Open && piece > 1) // what comes after the judgement is not the gate's
                QCOMPARE(judged.takePassed(), bytes.toStdString());
        }
    }
    void saysWhatTheClientNamed()
    {
        Gate other = gate(443);
        other.feed(hello("b.org"));
        QCOMPARE(other.namedHost(), std::string("b.org"));
        QCOMPARE(other.refusal().substr(0, 3), std::string("\x15\x03\x03"));
        Gate web = gate(80);
        web.feed("GET / HTTP/1.1\r\nHost: b.org\r\n\r\n");
        QCOMPARE(web.namedHost(), std::string("b.org"));
        QVERIFY(web.refusal().starts_with("HTTP/1.1 403 "));
        Gate silent = gate(22);
        QVERIFY(silent.refusal().empty());
    }
    void refusesEncryptedHellosUnlessTold()
    {
        const std::string encrypted = records(helloMessage({serverName("a.org"), extension(0xfe0d, "x")}));
        QCOMPARE(gate(443).feed(encrypted), State::Shut);
        QCOMPARE(gate(443, EncryptedHello::Outer).feed(encrypted), State::Open);
        const std::string other = records(helloMessage({serverName("b.org"), extension(0xfe0d, "x")}));
        QCOMPARE(gate(443, EncryptedHello::Outer).feed(other), State::Shut);
    }
    void opensForServersThatSpeakFirstOnlyWhereTheyMay()
    {
        Gate ssh = gate(22);
        ssh.serverSpoke();
        QCOMPARE(ssh.state(), State::Open);
        Gate begun = gate(8443); // half a hello, and then it waits for the server
        begun.feed("\x16");
        begun.serverSpoke();
        QCOMPARE(begun.state(), State::More);
        for (const uint16_t port : {80, 443}) {
            Gate strict = gate(port);
            strict.serverSpoke();
            QCOMPARE(strict.state(), State::More);
        }
    }
    void keepsAllForAuditMode()
    {
        Gate judged = gate(80);
        const std::string bytes = request + "GET / HTTP/1.1\r\nHost: b.org\r\n\r\nrest";
        QCOMPARE(judged.feed(bytes), State::Shut);
        QCOMPARE(judged.takeRaw(), bytes);
    }
    void boundsHellos()
    {
        Gate judged = gate(443);
        judged.feed(records(std::string("\x01\x00\x7f\xff", 4)));
        size_t fed = 0;
        while (judged.feed(records("g", 1)) == State::More)
            ++fed;
        QVERIFY(fed < 3000);
        QCOMPARE(judged.state(), State::Shut);
    }
};

QTEST_APPLESS_MAIN(TestGate)
#include "tst_gate.moc"
