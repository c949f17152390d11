// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/search/logpattern.h"

#include <QRandomGenerator>
#include <QTest>

using namespace danube::search;
using namespace Qt::StringLiterals;
using Syntax = LogQuery::Syntax;
using Case = LogQuery::Case;
using Words = LogQuery::Words;

namespace {

using Hits = QList<std::pair<qsizetype, qsizetype>>;

Hits scan(const LogPattern &pattern, QByteArrayView text, qsizetype offset = 0)
{
    Hits hits;
    const auto scanned = pattern.scan(text, [&](qsizetype begin, qsizetype end) {
        hits.append({offset + begin, offset + end});
        return true;
    });
    return scanned ? hits : Hits{{-1, -1}};
}

// As who trusts the needle searches: only lines that may have it, each by itself.
Hits scanLines(const LogPattern &pattern, const LogNeedle &needle, const QByteArray &text)
{
    Hits hits;
    for (qsizetype at = needle.find(text, 0); at >= 0;) {
        const qsizetype from = at == 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
        const qsizetype newline = text.indexOf('\n', at);
        const qsizetype to = newline < 0 ? text.size() : newline + 1;
        hits += scan(pattern, QByteArrayView(text).sliced(from, to - from), from);
        at = needle.find(text, to);
    }
    return hits;
}

QByteArray randomText(QRandomGenerator &random)
{
    static const QByteArrayList parts{"a",        "b",  "ab", "AB", "s", "k",    "\xc5\xbf", "\xe2\x84\xaa", "\xc3\xa9",
                                      "\xc3\x89", "\n", "\n", " ",  ".", "\xff", "1",        "x1",           "\r"};
    QByteArray text;
    for (int i = random.bounded(60); i > 0; --i)
        text += parts[random.bounded(parts.size())];
    return text;
}

QString randomRegex(QRandomGenerator &random)
{
    static const QStringList atoms{u"a"_s,     u"b"_s,      u"ab"_s, u"s"_s,   u"k"_s,   u"é"_s,
                                   u"1"_s,     u"\\."_s,    u"."_s,  u"\\s"_s, u"\\w"_s, u"[^a]"_s,
                                   u"[]a]"_s,  u"(a|b)"_s,  u"^"_s,  u"$"_s,   u"\\b"_s, u"(?:ab)"_s,
                                   u"(?=b)"_s, u"(?<=a)"_s, u"|"_s,  u"\\S"_s, u"\\n"_s, u"(?>a+)"_s};
    static const QStringList counts{{},     {},       {},         {},      u"*"_s,  u"+"_s,
                                    u"?"_s, u"{2}"_s, u"{0,2}"_s, u"+?"_s, u"++"_s, u"{0}"_s};
    QString regex;
    for (int i = random.bounded(1, 6); i > 0; --i)
        regex += atoms[random.bounded(atoms.size())] + counts[random.bounded(counts.size())];
    return regex;
}

} // namespace

class TestLogNeedle : public QObject
{
    Q_OBJECT
private slots:
    void isTheLongestSureText_data()
    {
        QTest::addColumn<LogQuery>("query");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const LogQuery &query, const char *expected) {
            QTest::newRow(name) << query << QByteArray(expected);
        };
        row("literal", {u"Needle found"_s, Syntax::Literal, Case::Respect}, "Needle found");
        row("literal with signs", {u"a|b(c)*"_s, Syntax::Literal, Case::Respect}, "a|b(c)*");
        row("any case", {u"Task Found 7"_s, Syntax::Literal, Case::Ignore}, "task found 7");
        row("any case, whole words: k and s have other forms",
            {u"Asked for"_s, Syntax::Literal, Case::Ignore, Words::Whole}, "ed for");
        row("beyond ascii", {u"ü café"_s, Syntax::Literal, Case::Respect}, "ü café");
        row("beyond ascii, any case", {u"été fini"_s, Syntax::Literal, Case::Ignore}, " fini");
        row("regex", {u"after \\d{3,4} ms: [h-z]+"_s, Syntax::Regex, Case::Respect}, "after ");
        row("regex, any case", {u"^Tasks? left"_s, Syntax::Regex, Case::Ignore}, " left");
        row("regex of alternatives", {u"one|two"_s, Syntax::Regex, Case::Respect}, "");
        row("one byte", {u"x"_s, Syntax::Literal, Case::Respect}, "");
        row("nothing", {QString(), Syntax::Literal, Case::Respect}, "");
    }
    void isTheLongestSureText()
    {
        QFETCH(LogQuery, query);
        QFETCH(QByteArray, expected);
        const auto needle = LogNeedle::of(query);
        QCOMPARE(needle ? needle->bytes() : QByteArray(), expected);
    }
    void isFoundThroughGaps()
    {
        for (const char *sample : {"", "ne", "ee", "ed", "dl", "le"}) {
            auto needle = LogNeedle::of({u"Needle"_s, Syntax::Literal, Case::Ignore}).value();
            if (*sample) // each pair in turn is the rarest
                needle.tune(QByteArray("needle ").repeated(100).replace(sample, "--"), '\x1b');
            QVERIFY(needle.find("a NEEDLE", 0) >= 2);
            QCOMPARE(needle.find("a beetle", 0, '\x1b'), -1);
            const QByteArray text("a needle");
            for (qsizetype at = 3; at < 8; ++at) {
                const QByteArray split = text.first(at) + "\x1b[1m" + text.sliced(at);
                QVERIFY2(needle.find(split, 0, '\x1b') >= 2, split);
            }
        }
    }
    void tuneTakesTheRarestNeighbours()
    {
        auto needle = LogNeedle::of({u"abcd"_s, Syntax::Literal, Case::Respect}).value();
        needle.tune("ab ab cd cd");
        QCOMPARE(needle.find("..abcd", 0), 3);
        needle.tune("ab bc ab bc");
        QCOMPARE(needle.find("..abcd", 0), 4);
        needle.tune("cd bc cd bc");
        QCOMPARE(needle.find("..abcd", 0), 2);
        needle.tune("c\x1b bc c\x1b bc", '\x1b'); // what may be split there counts as being there
        QCOMPARE(needle.find("..abcd", 0), 2);
    }
    void matchesAreTheSameWithout()
    {
        QRandomGenerator random(3);
        int withNeedle = 0;
        int hits = 0;
        for (int round = 0; round < 30'000; ++round) {
            LogQuery query{randomRegex(random), random.bounded(5) ? Syntax::Regex : Syntax::Literal,
                           random.bounded(2) ? Case::Ignore : Case::Respect,
                           random.bounded(4) ? Words::Any : Words::Whole};
            if (query.syntax == Syntax::Literal)
                query.text = random.bounded(2) ? u"ab"_s : random.bounded(2) ? u"skab"_s : u"1é"_s;
            const auto with = LogPattern::compile(query);
            if (!with)
                continue;
            const auto without = LogPattern::compile(query, LogPattern::Needle::Ignore);
            QVERIFY(!without->needle());
            const QByteArray text = randomText(random);
            const Hits expected = scan(*without, text);
            const auto words = [&] { return query.text.toUtf8() + " in " + text.toPercentEncoding(); };
            QVERIFY2(scan(*with, text) == expected, words());
            if (!with->needle())
                continue;
            ++withNeedle;
            hits += !expected.isEmpty();
            auto needle = *with->needle();
            if (random.bounded(2))
                needle.tune(randomText(random));
            QVERIFY2(scanLines(*without, needle, text) == expected, words());
        }
        QVERIFY2(withNeedle > 1000 && hits > 200, qPrintable(u"%1 needles, %2 hits"_s.arg(withNeedle).arg(hits)));
    }
};

QTEST_APPLESS_MAIN(TestLogNeedle)
#include "tst_logneedle.moc"
