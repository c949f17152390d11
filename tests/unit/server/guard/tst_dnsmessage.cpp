// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/dnsframing.h"
#include "server/guard/dnsmessage.h"

#include <QTest>

using namespace danube::guard;
using namespace danube::guard::dns;

namespace {

std::string two(int value)
{
    return {static_cast<char>(value >> 8), static_cast<char>(value)};
}
std::string head(int flags, int questions = 1, int answers = 0, int additional = 0)
{
    return two(7) + two(flags) + two(questions) + two(answers) + two(0) + two(additional);
}
const std::string question = std::string("\x01"
                                         "A\x03org\x00",
                                         7) +
                             two(1) + two(1);
const std::string opt = std::string("\0", 1) + two(41) + two(1232) + two(0) + two(0) + two(0);

} // namespace

class TestDnsMessage : public QObject
{
    Q_OBJECT
private slots:
    void readsQueries()
    {
        const auto query = readQuery(head(0x100) + question);
        QVERIFY(query.has_value());
        QCOMPARE(query->id, uint16_t(7));
        QCOMPARE(query->name, std::string("a.org"));
        QCOMPARE(query->type, type::a);
        QVERIFY(query->wantsRecursion && !query->hasEdns);
        QCOMPARE(query->question, question); // case as it came
        const auto edns = readQuery(head(0x100, 1, 0, 1) + question + opt);
        QVERIFY(edns && edns->hasEdns && !edns->hasBadEdns);
        QVERIFY(readQuery(writeQuery(9, "a.b.example.org", type::aaaa))->name == "a.b.example.org");
    }
    void keepsDotsWithinLabelsApart()
    {
        const auto query = readQuery(head(0) +
                                     std::string("\x05"
                                                 "a.org\x00",
                                                 7) +
                                     two(1) + two(1));
        QCOMPARE(query->name, std::string("a\\046org"));
    }
    void refusesWhatIsNoQuery_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("code"); // -1 = no answer
        const auto row = [](const char *name, const std::string &bytes, int code) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << code;
        };
        row("empty", "", -1);
        row("short", head(0).substr(0, 11), -1);
        row("an answer", head(0x8000) + question, -1);
        row("another opcode", head(0x2800) + question, 4);
        row("no question", head(0, 0), 1);
        row("two questions", head(0, 2) + question + question, 1);
        row("with an answer", head(0, 1, 1) + question, 1);
        row("truncated", head(0x200) + question, 1);
        row("cut", head(0) + question.substr(0, 5), 1);
        row("bytes behind", head(0) + question + "x", 1);
        row("pointer in the question", head(0) + std::string("\xc0\x0c", 2) + two(1) + two(1), 1);
        row("label too long", head(0) + std::string(1, '\x40') + std::string(64, 'a') + '\0' + two(1) + two(1), 1);
        row("two OPT", head(0, 1, 0, 2) + question + opt + opt, 1);
        std::string longName;
        for (int i = 0; i < 128; ++i)
            longName += std::string("\x01x");
        row("name too long", head(0) + longName + '\0' + two(1) + two(1), 1);
        row("too large", head(0, 1, 0, 1) + question + std::string(5000, '\0'), 1);
    }
    void refusesWhatIsNoQuery()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, code);
        const auto query = readQuery(bytes.toStdString());
        QVERIFY(!query.has_value());
        QCOMPARE(query.error().code ? int(*query.error().code) : -1, code);
        if (query.error().code)
            QCOMPARE(writeAnswer(query.error()).size(), size_t(12));
    }
    void writesAnswersThatItReads()
    {
        for (const char *text : {"198.18.0.1", "100::1"}) {
            const IpAddress address = *IpAddress::parse(text);
            const auto kind = address.isV6 ? type::aaaa : type::a;
            const auto query = readQuery(writeQuery(3, "a.org", kind));
            const auto reply = readReply(writeAnswer(*query, {Code::NoError, {address}, std::chrono::seconds(60)}));
            QVERIFY(reply.has_value());
            QCOMPARE(reply->id, uint16_t(3));
            QCOMPARE(reply->name, std::string("a.org"));
            QCOMPARE(reply->addresses, std::vector{address});
            QCOMPARE(reply->ttl, std::chrono::seconds(60));
        }
        const auto refused = readReply(writeAnswer(*readQuery(head(0) + question), {Code::Refused}));
        QVERIFY(refused->code == Code::Refused && refused->addresses.empty());
    }
    void answersUnknownVersionsOfEdns()
    {
        std::string version = opt;
        version[6] = 1;
        const auto query = readQuery(head(0, 1, 0, 1) + question + version);
        QVERIFY(query && query->hasBadEdns);
        const std::string answer = writeAnswer(*query, {Code::NoError, {*IpAddress::parse("198.18.0.1")}});
        QCOMPARE(answer[3] & 0xf, 0);
        QCOMPARE(answer[answer.size() - 6], '\x01'); // BADVERS = 16: upper bits in OPT
        QCOMPARE(answer[7], '\0');                   // no record
    }
    void followsCnames()
    {
        const std::string pointer = two(0xc00c);
        const std::string cname =
            pointer + two(5) + two(1) + two(0) + two(30) + two(4) + std::string("\x01z") + pointer;
        const std::string target = std::string("\x01z") + pointer;
        const std::string address =
            target + two(1) + two(1) + two(0) + two(90) + two(4) + std::string("\xc0\0\x02\x01", 4);
        const std::string other = std::string("\x01q") + pointer + two(1) + two(1) + two(0) + two(9) + two(4) + "abcd";
        const auto reply = readReply(head(0x8000, 1, 3) + question + cname + other + address);
        QVERIFY(reply.has_value());
        QCOMPARE(reply->addresses, std::vector{*IpAddress::parse("192.0.2.1")});
        QCOMPARE(reply->ttl, std::chrono::seconds(30));
    }
    void refusesPointersThatDoNotGoBack()
    {
        const std::string own = two(0xc000 | int(12 + question.size())); // to itself
        QVERIFY(!readReply(head(0x8000, 1, 1) + question + own + two(1) + two(1) + two(0) + two(1) + two(0)));
        std::string loop = head(0x8000, 1, 2) + question;
        for (int i = 0; i < 2; ++i) // two names that point at each other
            loop += two(0xc000 | int(12 + question.size() + (i == 0 ? 12 : 0))) + two(1) + two(1) + two(0) + two(1) +
                    two(0);
        QVERIFY(!readReply(loop));
        std::string chain = head(0x8000, 1, 2000) + question; // each to the one before: costs no more than its length
        for (int i = 0; i < 2000; ++i)
            chain += two(0xc00c) + two(1) + two(1) + two(0) + two(1) + two(4) + "abcd";
        QVERIFY(readReply(chain)->addresses.size() <= 256);
    }
    void cutsStreamsIntoMessages()
    {
        const std::string stream = framed("one") + framed("second") + framed(std::string(maxQuery, 'x'));
        for (const size_t piece : {size_t(1), size_t(2), size_t(10'000)}) {
            StreamReader reader;
            std::vector<std::string> messages;
            for (size_t at = 0; at < stream.size(); at += piece)
                std::ranges::move(reader.feed(std::string_view(stream).substr(at, piece)),
                                  std::back_inserter(messages));
            QCOMPARE(messages.size(), size_t(3));
            QCOMPARE(messages[1], std::string("second"));
            QVERIFY(!reader.isBroken());
        }
        StreamReader empty;
        empty.feed(std::string(2, '\0'));
        QVERIFY(empty.isBroken());
        StreamReader large;
        QVERIFY(large.feed(framed(std::string(maxQuery + 1, 'x'))).empty() && large.isBroken());
    }
};

QTEST_APPLESS_MAIN(TestDnsMessage)
#include "tst_dnsmessage.moc"
