// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/scriptcodec.h"

#include <QTest>

using namespace danube;
using namespace danube::coordinator;
using namespace Qt::StringLiterals;

class TestScriptCodec : public QObject
{
    Q_OBJECT
private slots:
    void cutsCallsHoweverTheyArrive_data()
    {
        QTest::addColumn<int>("piece");
        for (const int piece : {1, 2, 7, 1000})
            QTest::addRow("%d bytes", piece) << piece;
    }
    void cutsCallsHoweverTheyArrive()
    {
        QFETCH(int, piece);
        const QByteArray stream = "{\"id\":1,\"call\":\"get_secret\",\"args\":{\"key\":\"A\\n\"}}\n"
                                  "{\"id\":2,\"call\":\"run_step\"}\n{\"id\":3";
        ScriptCodec codec;
        std::vector<ScriptCall> calls;
        for (qsizetype at = 0; at < stream.size(); at += piece) {
            const auto more =
                codec.feed(QByteArrayView(stream).sliced(at, std::min<qsizetype>(piece, stream.size() - at)));
            QVERIFY(more);
            calls.insert(calls.end(), more->begin(), more->end());
        }
        QCOMPARE(calls.size(), size_t(2));
        QCOMPARE(calls[0], (ScriptCall{1, u"get_secret"_s, {{u"key"_s, u"A\n"_s}}}));
        QCOMPARE(calls[1], (ScriptCall{2, u"run_step"_s, {}}));
    }
    void refusesOtherLines_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char *line :
             {"", "x", "[]", "{}", R"({"id":0,"call":"a"})", R"({"id":"1","call":"a"})", R"({"id":1})",
              R"({"id":1,"call":""})", R"({"id":1,"call":"a","args":[]})", R"({"id":1,"call":"a","more":1})"})
            QTest::newRow(*line ? line : "empty") << QByteArray(line);
    }
    void refusesOtherLines()
    {
        QFETCH(QByteArray, line);
        ScriptCodec codec;
        QVERIFY(!codec.feed(line + '\n'));
    }
    void boundsALine()
    {
        ScriptCodec codec;
        const QByteArray piece(1 << 20, 'x');
        for (int i = 0; i < 16; ++i)
            QVERIFY(codec.feed(piece));
        QCOMPARE(codec.feed(piece).error().code, ErrorCode::ResourceExhausted);
    }
    void writesAnswers()
    {
        QCOMPARE(answerFrame(7, QJsonObject{{u"key"_s, u"a\nb"_s}}), "{\"id\":7,\"result\":{\"key\":\"a\\nb\"}}\n");
        QCOMPARE(answerFrame(8, fail(ErrorCode::NotFound, u"no"_s)),
                 "{\"error\":{\"code\":\"not-found\",\"message\":\"no\"},\"id\":8}\n");
    }
};

QTEST_APPLESS_MAIN(TestScriptCodec)
#include "tst_scriptcodec.moc"
