// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/rpcbodies.h"

#include "shared/core/jsonreader.h"

#include <QJsonDocument>
#include <QTest>

using namespace danube;
using namespace danube::protocol;
using namespace Qt::StringLiterals;

class TestRpcBodies : public QObject
{
    Q_OBJECT
private slots:
    void readsAsTheThoroughReadersDo_data()
    {
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char *name, const QByteArray &body) { QTest::newRow(name) << body; };
        // No raw strings with an odd number of quotes, which moc loses its way in.
        const auto with = [](const QByteArray &name, const QByteArray &text) {
            return "{\"job_id\":\"j1\",\"" + name + "\":\"" + text + "\"}";
        };
        row("status", R"({"job_id":"j1","state":"running","message":"50 of 100","progress":0.5})");
        row("status, other order", R"( { "progress" : 1 , "job_id" : "j1" } )");
        row("secret", R"({"job_id":"j1","key":"DEPLOY_TOKEN"})");
        row("escapes", "{\"job_id\":\"j\\u0031\",\"message\":\"a\\n\\\"\\\\\\/\\u00fc\\ud83d\\ude00\"}");
        row("text beyond ASCII", R"({"job_id":"jü","key":"größe"})");
        row("NUL in a message", R"({"job_id":"j1","message":"a\u0000b"})");
        row("NUL in a key", R"({"job_id":"j1","key":"a\u0000b"})");
        row("byte order mark", "{\"job_id\":\"j1\",\"message\":\"\xEF\xBB\xBF"
                               "a\"}");
        row("byte order mark before all", "\xEF\xBB\xBF{\"job_id\":\"j1\"}");
        row("half a surrogate pair", R"({"job_id":"j1","message":"\ud800"})");
        row("no UTF-8", "{\"job_id\":\"j1\",\"message\":\"\xff\"}");
        row("a raw line break", "{\"job_id\":\"j1\",\"message\":\"a\nb\"}");
        row("null", R"({"job_id":"j1","message":null,"progress":null,"state":null})");
        row("null for a key", R"({"job_id":"j1","key":null})");
        row("one member twice", R"({"job_id":"j1","message":"a","message":"b","key":"a","key":"b"})");
        row("two jobs", R"({"job_id":"j1","job_id":"j2","key":"a"})");
        row("two keys", R"({"job_id":"j1","key":"a","key":"b"})");
        row("progress twice", R"({"job_id":"j1","progress":0.1,"progress":0.2})");
        row("progress a fraction", R"({"job_id":"j1","progress":0.30000000000000004})");
        row("progress tiny", R"({"job_id":"j1","progress":1e-400})");
        row("progress less than nothing", R"({"job_id":"j1","progress":-0.5})");
        row("progress minus nothing", R"({"job_id":"j1","progress":-0})");
        row("progress beyond", R"({"job_id":"j1","progress":18446744073709551616})");
        row("progress a text", R"({"job_id":"j1","progress":"0.5"})");
        row("unknown state", R"({"job_id":"j1","state":"flying"})");
        row("long message", with("message", QByteArray(1001, 'x')));
        row("longest message", with("message", QByteArray(1000, 'x')));
        row("longest message beyond ASCII", with("message", QByteArray("ü").repeated(1000)));
        row("long key", with("key", QByteArray(4097, 'x')));
        row("empty key", R"({"job_id":"j1","key":""})");
        row("no job", R"({"key":"k"})");
        row("job a number", R"({"job_id":1,"key":"k"})");
        row("unknown field", R"({"job_id":"j1","key":"k","x":{"y":[1]}})");
        row("more after the end", R"({"job_id":"j1"} x)");
        row("cut short", R"({"job_id":"j1")");
        row("array", "[]");
        row("empty", {});
        row("large", with("message", "a") + QByteArray(20'000, ' '));
    }
    void readsAsTheThoroughReadersDo()
    {
        QFETCH(QByteArray, body);
        QVERIFY(getSecretFromBytes(body) == parseJsonObject(body).and_then(getSecretFromJson));
        QVERIFY(reportStatusFromBytes(body) == parseJsonObject(body).and_then(reportStatusFromJson));
    }

    void writesAnswers()
    {
        QCOMPARE(reportStatusAnswer(u"running"_s), R"({"status":"running"})"_ba);
        QCOMPARE(getSecretAnswer(u"K"_s, "v"), R"({"key":"K","value":"v"})"_ba);
        for (const QByteArray &value : {"a\"b\\c\n\x01\x7f"_ba, "ü\xF0\x9F\x98\x80"_ba, QByteArray()}) {
            const auto answer = parseJsonObject(getSecretAnswer(u"größe \"1\""_s, value));
            QVERIFY(answer);
            QCOMPARE((*answer)["key"_L1].toString(), u"größe \"1\""_s);
            QCOMPARE((*answer)["value"_L1].toString().toUtf8(), value);
        }
        QCOMPARE((*parseJsonObject(getSecretAnswer(u"K"_s, "a\xff")))["value"_L1].toString(), u"a\ufffd"_s);
    }
};

QTEST_APPLESS_MAIN(TestRpcBodies)
#include "tst_rpcbodies.moc"
