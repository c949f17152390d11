// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/clienthello.h"
#include "tests/unit/server/guard/hellobytes.h"

#include <QTest>

using namespace danube::guard;
using namespace danube::guard::tests;
using State = ClientHelloReader::State;

class TestClientHello : public QObject
{
    Q_OBJECT

    static ClientHelloReader readerOf(std::string_view bytes, size_t piece = 4096)
    {
        ClientHelloReader reader;
        for (size_t at = 0; at < bytes.size(); at += piece)
            reader.feed(bytes.substr(at, piece));
        return reader;
    }

private slots:
    void readsTheServerName()
    {
        const auto reader = readerOf(hello("Files.Example.ORG"));
        QCOMPARE(reader.state(), State::Complete);
        QCOMPARE(reader.hello().serverName, std::string("files.example.org"));
        QVERIFY(!reader.hello().hasEncryptedHello);
    }
    void readsHellosCutAnywhere_data()
    {
        QTest::addColumn<int>("record");
        QTest::addColumn<int>("segment");
        for (const int record : {1, 2, 5, 50, 16'384}) {
            for (const int segment : {1, 3, 1000})
                QTest::addRow("records of %d, segments of %d", record, segment) << record << segment;
        }
    }
    void readsHellosCutAnywhere()
    {
        QFETCH(int, record);
        QFETCH(int, segment);
        const std::string bytes =
            records(helloMessage({extension(0x1a1a, ""), serverName("a.example.org")}), static_cast<size_t>(record));
        QCOMPARE(readerOf(bytes.substr(0, bytes.size() - 1), static_cast<size_t>(segment)).state(), State::More);
        const auto reader = readerOf(bytes, static_cast<size_t>(segment));
        QCOMPARE(reader.state(), State::Complete);
        QCOMPARE(reader.hello().serverName, std::string("a.example.org"));
    }
    void tellsHellosWithoutAName()
    {
        QCOMPARE(readerOf(records(helloMessage({}))).hello().serverName, std::string());
        std::string old = helloMessage({});
        old = '\x01' + vector(std::string_view(old).substr(4, old.size() - 6), 3); // no extensions at all
        QCOMPARE(readerOf(records(old)).state(), State::Complete);
    }
    void tellsEncryptedHellos()
    {
        for (const uint16_t type : {0xfe0d, 0xffce}) {
            const auto reader = readerOf(records(helloMessage({serverName("a.org"), extension(type, "xyz")})));
            QCOMPARE(reader.state(), State::Complete);
            QVERIFY(reader.hello().hasEncryptedHello);
        }
    }
    void refuses_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("defect");
        const auto row = [](const char *name, const std::string &bytes, const char *defect) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(defect);
        };
        const std::string good = serverName("a.org");
        row("HTTP", "GET / HTTP/1.1\r\n", "no TLS handshake");
        row("SSL 2", std::string("\x80\x2e\x01\x03\x01", 5), "no TLS handshake");
        row("alert first", std::string("\x15\x03\x03\x00\x02\x01\x00", 7), "no TLS handshake");
        row("alert inside", records(helloMessage({good})).substr(0, 60) + std::string("\x15\x03", 2), "");
        row("server's hello", records('\x02' + vector("x", 3)), "the first message is no ClientHello");
        row("empty record", std::string("\x16\x03\x01\x00\x00", 5), "a record of a length that TLS does not have");
        row("huge record", std::string("\x16\x03\x01\x40\x01", 5), "a record of a length that TLS does not have");
        row("too long", records(std::string("\x01\x00\x80\x01", 4)), "a ClientHello that is too long");
        row("something behind", records(helloMessage({good}) + "\x01"), "bytes after the ClientHello in its record");
        row("two names",
            records(helloMessage({extension(
                0, vector(vector("a.org", 2).insert(0, 1, '\0') + vector("b.org", 2).insert(0, 1, '\0'), 2))})),
            "more than one server name");
        row("name of a kind", records(helloMessage({serverName("a.org", 1)})), "more than one server name");
        row("extension twice", records(helloMessage({good, good})), "an extension twice");
        row("address", records(helloMessage({serverName("192.0.2.1")})), "a server name that is no host name");
        row("two dots", records(helloMessage({serverName("a.org..")})), "a server name that is no host name");
        row("empty name", records(helloMessage({serverName("")})), "a server name that is no host name");
        row("NUL", records(helloMessage({serverName(std::string("a.org\0.b", 8))})),
            "a server name that is no host name");
        row("wildcard", records(helloMessage({serverName("*.a.org")})), "a server name that is no host name");
        row("list shorter than it says", records(helloMessage({extension(0, std::string("\x00\x09\x00", 3))})),
            "a malformed server name");
        row("extension cut", records(helloMessage({std::string("\x00\x00\x00\x20", 4)})), "malformed extensions");
        row("version", records('\x01' + vector(std::string(40, '\x02'), 3)), "a malformed ClientHello");
        row("cut in the middle", records('\x01' + vector(std::string("\x03\x03", 2) + std::string(40, '\x21'), 3)),
            "a malformed ClientHello");
    }
    void refuses()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, defect);
        for (const size_t piece : {size_t(1), size_t(100'000)}) {
            const auto reader = readerOf(bytes.toStdString(), piece);
            QVERIFY(reader.state() != State::Complete);
            if (!defect.isEmpty())
                QCOMPARE(reader.state(), State::Broken);
            QCOMPARE(QByteArray(reader.defect().data(), qsizetype(reader.defect().size())), defect);
        }
    }
    void boundsGarbage()
    {
        // Records that never make a whole message: bounded by the length that the message says, and by their number.
        ClientHelloReader reader;
        reader.feed(records(std::string("\x01\x00\x80\x00", 4)));
        size_t fed = 0;
        while (reader.feed(std::string("\x16\x03\x01\x00\x01g", 6)) == State::More)
            ++fed;
        QVERIFY(fed <= ClientHelloReader::maxRecords);
    }
};

QTEST_APPLESS_MAIN(TestClientHello)
#include "tst_clienthello.moc"
