// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/jsonpositions.h"

#include <QElapsedTimer>
#include <QTest>

using namespace danube::blueprint;
using namespace Qt::StringLiterals;

class TestJsonPositions : public QObject
{
    Q_OBJECT
private slots:
    void findsPlaces_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("column");
        const QByteArray text = "{\n  \"a\": [1, {\"b/c\": \"x\"}],\r\n\t\"ü~\": \"öö\", \"d\": null\n}\n";
        const auto row = [&text](const char *pointer, int line, int column) {
            QTest::newRow(*pointer ? pointer : "root") << text << QString::fromUtf8(pointer) << line << column;
        };
        row("", 1, 1);
        row("/a", 2, 8);
        row("/a/0", 2, 9);
        row("/a/1/b~1c", 2, 20);
        row("/ü~0", 3, 8);
        row("/d", 3, 19);
        row("/a/1/absent/deeper", 2, 12);
        row("/a/01", 2, 8); // no index of RFC 6901
        row("/a/7", 2, 8);
        row("no pointer", 1, 1);
    }
    void findsPlaces()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, pointer);
        const auto json = JsonPositions::scan(text);
        QVERIFY(json);
        const auto place = json->locate(pointer);
        QTEST(place.line, "line");
        QTEST(place.column, "column");
    }
    void spansAreTheValues()
    {
        const auto json = JsonPositions::scan("[ -1.5e+3 , \"a\\u0041\\\"\" ,{ \"k\" : [] }]");
        QVERIFY(json);
        const auto part = [&](const QString &pointer) {
            const auto *node = json->find(pointer);
            return node ? json->text().sliced(node->begin, node->end - node->begin) : QByteArray("nothing");
        };
        QCOMPARE(part(u"/0"_s), "-1.5e+3");
        QCOMPARE(part(u"/1"_s), "\"a\\u0041\\\"\"");
        QCOMPARE(part(u"/2"_s), "{ \"k\" : [] }");
        QCOMPARE(part(u"/2/k"_s), "[]");
        QCOMPARE(part(u"/3"_s), "nothing");
    }
    void namesErrorsExactly_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("offset");
        QTest::addColumn<QString>("part");
        const auto row = [](const char *name, const QByteArray &text, int offset, const char *part) {
            QTest::newRow(name) << text << offset << QString::fromUtf8(part);
        };
        row("empty", "", 0, "a value");
        row("blank", " \n", 2, "the text ends");
        row("comma before the end", "[1,\n 2,\n]", 6, "a comma before ']'");
        row("missing comma", "{\"a\": 1 \"b\": 2}", 8, "',' or '}'");
        row("missing colon", "{\"a\" 1}", 5, "':' after the key \"a\"");
        row("key without quotes", "{a: 1}", 1, "a key in double quotes");
        row("single quotes", "{'a': 1}", 1, "single quote");
        row("comment", "{ // x\n}", 2, "JSON has no comments");
        row("open string", "[\"ab", 1, "does not end");
        row("string over lines", "[\"ab\n\"]", 1, "does not end on its line");
        row("control character", QByteArray("[\"a\x01\"]"), 3, "control character");
        row("escape", "[\"\\x41\"]", 2, "unknown escape");
        row("short escape", "[\"\\u12\"]", 2, "four hexadecimal digits");
        row("leading zero", "[01]", 1, "leading zero");
        row("minus", "[-]", 2, "a digit after '-'");
        row("point", "[1.]", 3, "a digit after '.'");
        row("exponent", "[1e+]", 4, "a digit in the exponent");
        row("word", "[yes]", 1, "the word yes");
        row("NaN", "[NaN]", 1, "NaN");
        row("after the end", "{} {}", 3, "after the end");
        row("open array", "[1", 2, "',' or ']', but the text ends");
        row("wrong bracket", "[1}", 2, "got '}'");
        row("no UTF-8", "[\"ab\xff\"]", 4, "no UTF-8");
        row("cut UTF-8", "[\"\xc3", 2, "no UTF-8");
        row("surrogate in UTF-8", "[\"\xed\xa0\x80\"]", 2, "no UTF-8");
        row("byte order mark", "\xef\xbb\xbf{}", 0, "byte order mark");
        row("mark in front of a string", "{\"\xef\xbb\xbfk\": 1}", 2, "U+FEFF");
        row("escaped mark", "[\"\\uFeff\"]", 2, "U+FEFF");
        row("nesting", QByteArray(70, '['), 64, "levels");
    }
    void namesErrorsExactly()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, part);
        const auto json = JsonPositions::scan(text);
        QVERIFY(!json);
        QTEST(static_cast<int>(json.error().offset), "offset");
        QVERIFY2(json.error().message.contains(part), qPrintable(json.error().message));
    }
    void takesWhatIsAllowed_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text :
             {"{}", " [ ] ", "0", "-0.5E-3", "\"\"", "null", "[\"\\ud83d\\ude00\"]", "\t[1,\r\n2]\n"})
            QTest::newRow(text) << QByteArray(text);
        QTest::newRow("deep") << QByteArray(63, '[') + "1" + QByteArray(63, ']');
    }
    void takesWhatIsAllowed()
    {
        QFETCH(QByteArray, text);
        const auto json = JsonPositions::scan(text);
        QVERIFY2(json, qPrintable(json ? QString() : json.error().message));
    }
    void namesDuplicateKeys()
    {
        const auto json = JsonPositions::scan("{\"a\": 1, \"b\": {\"c\": 1, \"\\u0063\": 2}, \"a\": 3}");
        QVERIFY(json);
        const QList<JsonPositions::Duplicate> expected{{u"/b/c"_s, 15, 23}, {u"/a"_s, 1, 37}};
        QCOMPARE(json->duplicates(), expected);
    }
    void keysAreDecodedAsQJsonDoes_data()
    {
        QTest::addColumn<QByteArray>("key");
        for (const char *key : {"a", "\\u00e4\\n", "a\xef\xbb\xbf", "\\ud800", "\xf0\x9f\x98\x80"})
            QTest::newRow(key) << QByteArray(key);
    }
    void keysAreDecodedAsQJsonDoes()
    {
        QFETCH(QByteArray, key);
        const QByteArray text = "{\"" + key + "\": 1}";
        const auto json = JsonPositions::scan(text);
        QVERIFY(json);
        QCOMPARE(json->root().children.front().key, QJsonDocument::fromJson(text).object().keys().first());
    }
    void largeTextsCostLittle()
    {
        QByteArray text = "{";
        for (int i = 0; i < 50'000; ++i)
            text += "\"key" + QByteArray::number(i) + "\": [1, 2],\n";
        text += "\"end\": 0}";
        QElapsedTimer timer;
        timer.start();
        const auto json = JsonPositions::scan(text);
        QVERIFY(json);
        QVERIFY(json->duplicates().isEmpty());
        QCOMPARE(json->locate(u"/end"_s).line, 50'001);
        QVERIFY2(timer.elapsed() < 5'000, "more than linear");
    }
    void pointersEscape()
    {
        QCOMPARE(childPointer(u"/a"_s, u"x/y~z"_s), u"/a/x~1y~0z"_s);
        QCOMPARE(*tokensOf(u"/a/x~1y~0z/"_s), QStringList({u"a"_s, u"x/y~z"_s, u""_s}));
        QVERIFY(!tokensOf(u"a"_s));
        QVERIFY(tokensOf(u""_s)->isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestJsonPositions)
#include "tst_jsonpositions.moc"
