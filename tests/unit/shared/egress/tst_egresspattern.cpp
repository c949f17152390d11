// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/pattern.h"
#include "tests/unit/shared/egress/patternpairs.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

#include <ctime>

using namespace danube::egress;
using namespace danube::egress::tests;
using namespace Qt::StringLiterals;

namespace {

Pattern pattern(const QString &text)
{
    auto parsed = Pattern::parse(text);
    if (!parsed)
        qFatal("no pattern: %s", qPrintable(text));
    return *parsed;
}

} // namespace

class TestEgressPattern : public QObject
{
    Q_OBJECT
private slots:
    void followsTheTableOfTheContract_data()
    {
        QTest::addColumn<PatternRow>("row");
        for (const PatternRow &row : patternTable())
            QTest::newRow(row.name) << row;
    }
    void followsTheTableOfTheContract()
    {
        QFETCH(PatternRow, row);
        for (qsizetype i = 0; i < tableNames.size(); ++i)
            QCOMPARE(pattern(row.text).matches(tableNames[i], newer), row.isMatch[i]);
        QCOMPARE(pattern(row.text).matches(tableNames[2], older), row.isDeepMatchOnOlder);
        QCOMPARE(pattern(row.text).matches(tableNames[1], older), row.isMatch[1]);
    }
    void readsNamesInAnyForm()
    {
        QVERIFY(pattern(u"*.example.org"_s).matches(u"WWW.Example.ORG."));
        QVERIFY(pattern(u"**.example.org"_s).matches(u"a.b.c.d.example.org"));
        QVERIFY(pattern(u"api.*-example.org"_s).matches(u"api.test-example.org"));
        QVERIFY(pattern(u"_dmarc.example.org"_s).matches(u"_dmarc.example.org"));
        QVERIFY(!pattern(u"*"_s).matches(u"not a name"));
        QVERIFY(!pattern(u"*"_s).matches(u"a..b"));
        QVERIFY(!pattern(u"*.org"_s).matches(u"a.org.."));
        QCOMPARE(canonicalName(u"a.org.."), QString());
        QVERIFY(!pattern(u"*"_s).matches(u""));
        QVERIFY(!pattern(u"*.example.org"_s).matches(u"*.example.org"));
        QVERIFY(!pattern(u"**.example.org"_s).matches(u"example.org"));
    }
    void writesOneCanonicalForm_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("canonical");
        QTest::newRow("case") << u"GitHub.COM"_s << u"github.com"_s;
        QTest::newRow("dot") << u"github.com."_s << u"github.com"_s;
        QTest::newRow("stars alone") << u"***"_s << u"*"_s;
        QTest::newRow("stars and dot") << u"**."_s << u"*"_s;
        QTest::newRow("four in front") << u"****.a.org"_s << u"**.a.org"_s;
        QTest::newRow("two inside") << u"a.b**c.org"_s << u"a.b*c.org"_s;
        QTest::newRow("two in front without dot") << u"**a.org"_s << u"*a.org"_s;
        QTest::newRow("second label") << u"a.**.org"_s << u"a.*.org"_s;
    }
    void writesOneCanonicalForm()
    {
        QFETCH(QString, text);
        QFETCH(QString, canonical);
        QCOMPARE(pattern(text).text(), canonical);
        QCOMPARE(pattern(canonical), pattern(text));
    }
    void refusesWhatIsNoPattern_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<PatternDefect>("defect");
        QTest::newRow("empty") << QString() << PatternDefect::Empty;
        QTest::newRow("dot") << u"."_s << PatternDefect::EmptyLabel;
        QTest::newRow("two dots") << u"a..b"_s << PatternDefect::EmptyLabel;
        QTest::newRow("dot in front") << u".example.org"_s << PatternDefect::EmptyLabel;
        QTest::newRow("two at the end") << u"example.org.."_s << PatternDefect::EmptyLabel;
        QTest::newRow("blank") << u"a b"_s << PatternDefect::BadCharacter;
        QTest::newRow("slash") << u"a/b"_s << PatternDefect::BadCharacter;
        QTest::newRow("umlaut") << u"bücher.example.org"_s << PatternDefect::BadCharacter;
        QTest::newRow("zero") << u"a"_s + QChar(0) + u"b"_s << PatternDefect::BadCharacter;
        QTest::newRow("long") << QString(256, u'a') << PatternDefect::TooLong;
        QTest::newRow("long label") << QString(64, u'a') + u".org"_s << PatternDefect::LabelTooLong;
        QTest::newRow("long label with a star") << u"*"_s + QString(64, u'a') << PatternDefect::LabelTooLong;
    }
    void refusesWhatIsNoPattern()
    {
        QFETCH(QString, text);
        QFETCH(PatternDefect, defect);
        const auto parsed = Pattern::parse(text);
        QVERIFY(!parsed);
        QCOMPARE(parsed.error(), defect);
    }
    void acceptsWhatTheCrdAccepts()
    {
        // The CRD's own expression; only short texts, because it backtracks.
        const QRegularExpression crd(u"^([-a-zA-Z0-9_*]+[.]?)+$"_s);
        QRandomGenerator random(7);
        for (int i = 0; i < 3000; ++i) {
            QString text;
            for (int n = random.bounded(0, 7); n > 0; --n)
                text.append(u"aZ0-_*../ "_s[random.bounded(10)]);
            QCOMPARE(Pattern::parse(text).has_value(), crd.match(text).hasMatch());
        }
    }
    void agreesWithTheOracle()
    {
        int matches = 0;
        for (const auto &[text, name] : randomPairs()) {
            for (const CiliumVersion version : {older, newer}) {
                const bool expected = oracle(text, name, version);
                QVERIFY2(pattern(text).matches(name, version) == expected, qPrintable(text + u' ' + name));
                matches += expected ? 1 : 0;
            }
        }
        QVERIFY2(matches > 500, qPrintable(QString::number(matches)));
    }
    void coversOnlyWhatItMatches()
    {
        QRandomGenerator random(3);
        int covered = 0;
        for (int i = 0; i < 20'000; ++i) {
            const Pattern wide = pattern((random.bounded(3) == 0 ? u"**."_s : QString()) + randomText(random, u"a*"_s));
            const Pattern narrow =
                pattern((random.bounded(5) == 0 ? u"**."_s : QString()) + randomText(random, u"a*"_s));
            const CiliumVersion version = random.bounded(2) == 0 ? older : newer;
            const QString name = randomText(random, u"a"_s);
            if (!wide.covers(narrow, version))
                continue;
            ++covered;
            QVERIFY2(!narrow.matches(name, version) || wide.matches(name, version),
                     qPrintable(wide.text() + u' ' + narrow.text() + u' ' + name));
        }
        QVERIFY(covered > 200);
        QVERIFY(pattern(u"**.org"_s).covers(pattern(u"**.example.org"_s)));
        QVERIFY(pattern(u"**.org"_s).covers(pattern(u"*.example.org"_s)));
        QVERIFY(!pattern(u"**.org"_s).covers(pattern(u"**.example.org"_s), older));
        QVERIFY(!pattern(u"*.org"_s).covers(pattern(u"**.org"_s)));
        QVERIFY(pattern(u"*.org"_s).covers(pattern(u"**.org"_s), older));
        QVERIFY(pattern(u"*.example.org"_s).covers(pattern(u"a*.example.org"_s)));
        QVERIFY(!pattern(u"*.org"_s).covers(pattern(u"*"_s)));
        QVERIFY(pattern(u"*"_s).covers(pattern(u"*"_s)));
    }
    void costsLittleForHostileText()
    {
        QString glob; // 62 literals between stars, as bad as a label can be
        for (int i = 0; i < 62; ++i)
            glob.append(u"*a"_s);
        const Pattern hostile = pattern(glob + u"*b.org"_s);
        const QString name = QString(63, u'a') + u".org"_s;
        const std::clock_t before = std::clock(); // the program's own time: the machine may be busy
        for (int i = 0; i < 100; ++i) {
            QVERIFY(!hostile.matches(name));
            QVERIFY(!Pattern::parse(QString(255, u'a')).has_value());
            QVERIFY(Pattern::parse(QString(127, u'a').replace(u"a"_s, u"a."_s)).has_value());
        }
        const auto milliseconds = 1000.0 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
        QVERIFY2(milliseconds / 100 < 1, "a hostile name costs 1 ms or more");
    }
    void readsVersions()
    {
        QCOMPARE(parseCiliumVersion(u"1.19"), (CiliumVersion{1, 19}));
        QCOMPARE(parseCiliumVersion(u"v1.18.3"), older);
        QCOMPARE(parseCiliumVersion(u"1.20.0-rc.1").value(), (CiliumVersion{1, 20}));
        QCOMPARE(toText(CiliumVersion{1, 20}), u"1.20"_s);
        for (const QString &text : {QString(), u"1"_s, u"latest"_s, u"1.x"_s, u"0.9"_s})
            QVERIFY(parseCiliumVersion(text).error().message.contains(u'\'' + text + u'\''));
    }
};

QTEST_APPLESS_MAIN(TestEgressPattern)
#include "tst_egresspattern.moc"
