// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/extentscan.h"
#include "console/models/logsearch.h"
#include "console/models/plaintext.h"

#include <QFile>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

using Syntax = LogQuery::Syntax;
using Case = LogQuery::Case;
using Words = LogQuery::Words;

// Line by line with Qt's engine on the text without escapes, hits as offsets in the raw log.
std::vector<LogHit> oracle(const QByteArray &log, const LogQuery &query)
{
    QString pattern = query.syntax == Syntax::Literal ? QRegularExpression::escape(query.text) : query.text;
    if (query.words == Words::Whole)
        pattern = u"(?<!\\w)(?:"_s + pattern + u")(?!\\w)"_s;
    QRegularExpression::PatternOptions options = QRegularExpression::UseUnicodePropertiesOption;
    if (query.letters == Case::Ignore)
        options |= QRegularExpression::CaseInsensitiveOption;
    const QRegularExpression expression(pattern, options);
    std::vector<LogHit> hits;
    for (qsizetype begin = 0; begin < log.size();) {
        const qsizetype newline = log.indexOf('\n', begin);
        const qsizetype end = newline < 0 ? log.size() : newline;
        const PlainText plain(QByteArrayView(log).sliced(begin, end - begin));
        const QString line = QString::fromUtf8(plain.text());
        for (const QRegularExpressionMatch &match : expression.globalMatch(line)) {
            if (match.capturedLength() == 0)
                continue;
            const qsizetype from = line.first(match.capturedStart()).toUtf8().size();
            const qsizetype to = line.first(match.capturedEnd()).toUtf8().size();
            hits.push_back({begin + plain.rawOffset(from), begin + plain.rawOffset(to - 1) + 1});
        }
        begin = end + 1;
    }
    return hits;
}

QByteArray sampleLog(int lines)
{
    static const QByteArrayList words{"error",        "Error:",      "\x1b[31merror\x1b[0m",
                                      "warning",      "foo",         "foobar",
                                      "ERR\x1b[1mOR", "caf\xc3\xa9", "CAF\xc3\x89",
                                      "a.b",          "(x)",         "12345",
                                      "  ",           "\r50%",       "x",
                                      "\xe2\x82\xac", "end"};
    QRandomGenerator random(5);
    QByteArray log;
    for (int i = 0; i < lines; ++i) {
        for (int n = random.bounded(12); n > 0; --n)
            log += words[random.bounded(words.size())] + (random.bounded(3) ? " " : "");
        log += '\n';
    }
    return log + "last error without an end";
}

} // namespace

class TestLogSearch : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    std::unique_ptr<LogStore> m_store;

    LogSnapshot snapshotOf(const QByteArray &log)
    {
        QFile file(m_folder.filePath(u"log"_s));
        if (!file.open(QIODevice::WriteOnly) || file.write(log) != log.size())
            return {};
        file.close();
        m_store = LogStore::openFile(file.fileName()).value();
        return m_store->snapshot().value();
    }
    static void complete(LogSearch &search)
    {
        QTRY_VERIFY(search.state() == LogSearch::State::Complete || search.state() == LogSearch::State::Failed);
    }

private slots:
    void equalsTheOracle_data()
    {
        QTest::addColumn<LogQuery>("query");
        const auto row = [](const char *name, const QString &text, Syntax syntax, Case letters, Words words) {
            QTest::newRow(name) << LogQuery{text, syntax, letters, words};
        };
        row("literal", u"error"_s, Syntax::Literal, Case::Respect, Words::Any);
        row("literal, any case, coloured inside", u"error"_s, Syntax::Literal, Case::Ignore, Words::Any);
        row("literal with dot", u"a.b"_s, Syntax::Literal, Case::Ignore, Words::Any);
        row("literal with brackets", u"(x)"_s, Syntax::Literal, Case::Ignore, Words::Any);
        row("literal, not ascii, any case", u"café"_s, Syntax::Literal, Case::Ignore, Words::Any);
        row("whole word", u"foo"_s, Syntax::Literal, Case::Ignore, Words::Whole);
        row("whole word beginning with no letter", u"(x)"_s, Syntax::Literal, Case::Ignore, Words::Whole);
        row("one letter", u"r"_s, Syntax::Literal, Case::Ignore, Words::Any);
        row("a digit that is also in escapes", u"1"_s, Syntax::Literal, Case::Ignore, Words::Any);
        row("rare", u"last error"_s, Syntax::Literal, Case::Respect, Words::Any);
        row("rare, any case, whole words", u"Without AN"_s, Syntax::Literal, Case::Ignore, Words::Whole);
        row("rare regex", u"last\\s+er+or.*end$"_s, Syntax::Regex, Case::Respect, Words::Any);
        row("a text with what escapes have", u"[1m"_s, Syntax::Literal, Case::Respect, Words::Any);
        row("regex, any case, letters that Unicode knows thrice", u"a[sk]k s?"_s, Syntax::Regex, Case::Ignore,
            Words::Any);
        row("regex", u"err(or|no):?"_s, Syntax::Regex, Case::Ignore, Words::Any);
        row("line start", u"^error"_s, Syntax::Regex, Case::Respect, Words::Any);
        row("line end", u"end$"_s, Syntax::Regex, Case::Respect, Words::Any);
        row("dot is a character", u"caf."_s, Syntax::Regex, Case::Respect, Words::Any);
        row("would span lines", u"[^x]+"_s, Syntax::Regex, Case::Respect, Words::Any);
        row("white space", u"\\s+"_s, Syntax::Regex, Case::Respect, Words::Any);
        row("can be empty", u"x*"_s, Syntax::Regex, Case::Respect, Words::Any);
        row("nothing", u"nowhere to be found"_s, Syntax::Literal, Case::Respect, Words::Any);
    }
    void equalsTheOracle()
    {
        QFETCH(LogQuery, query);
        const QByteArray log = sampleLog(6000);
        const auto expected = oracle(log, query);
        LogSearch search;
        search.start(LogPattern::compile(query).value(), snapshotOf(log), LogSearch::Tail::Final);
        complete(search);
        QCOMPARE(search.count(), int64_t(expected.size()));
        QCOMPARE(search.searchedBytes(), int64_t(log.size()));
        for (size_t i = 0; i < expected.size(); i += 1 + expected.size() / 25) {
            QCOMPARE(search.firstFrom(expected[i].begin), expected[i]);
            QCOMPARE(search.ordinal(expected[i]), int64_t(i) + 1);
            const auto before = search.lastBefore(expected[i].begin);
            QCOMPARE(before, i == 0 ? std::nullopt : std::optional(expected[i - 1]));
        }
        QVERIFY(!search.firstFrom(log.size()));
    }
    // Escapes anywhere, inside of characters too; the needle rare, frequent, and frequent here but not there.
    void findsTheSameWithoutANeedle()
    {
        QRandomGenerator random(17);
        static const QByteArrayList escapes{"\x1b[1m",
                                            "\x1b[0m\x1b[32m",
                                            "\x1b",
                                            "\x1b]8;;needle\x1b\\",
                                            "\x1b[",
                                            "\x1b]need\n",
                                            "\x1b]0;" + QByteArray(5000, 'n') + "needle\n"};
        static const LogQuery queries[]{{u"needle"_s, Syntax::Literal, Case::Respect},
                                        {u"needle"_s, Syntax::Literal, Case::Ignore},
                                        {u"needle"_s, Syntax::Literal, Case::Ignore, Words::Whole},
                                        {u"café"_s, Syntax::Literal, Case::Respect},
                                        {u"ed+le( |\\S)*$"_s, Syntax::Regex, Case::Respect},
                                        {u"\\s*caf.\\s*"_s, Syntax::Regex, Case::Ignore}};
        int64_t hits = 0;
        for (int round = 0; round < 300; ++round) {
            QByteArray log;
            const int rarity = 1 << random.bounded(12);
            for (int i = random.bounded(4000); i > 0; --i) {
                QByteArray word = random.bounded(rarity) ? "needless"_ba.first(random.bounded(6)) + '.'
                                  : random.bounded(2)    ? "Needle"_ba
                                                         : "needle caf\xc3\xa9"_ba;
                if (random.bounded(4) == 0)
                    word.insert(random.bounded(word.size() + 1), escapes[random.bounded(random.bounded(20) ? 5 : 7)]);
                log += word + (random.bounded(5) ? ' ' : '\n');
            }
            const LogQuery &query = queries[round % std::size(queries)];
            const auto never = [] { return false; };
            ExtentScan with(LogPattern::compile(query).value(), log, never);
            ExtentScan without(LogPattern::compile(query, LogPattern::Needle::Ignore).value(), log, never);
            for (qsizetype begin = 0; begin < log.size();) {
                const qsizetype newline = log.indexOf('\n', std::min(log.size(), begin + random.bounded(4000)));
                const qsizetype end = newline < 0 ? log.size() : newline + 1;
                const auto found = with.scan(begin, end);
                const auto expected = without.scan(begin, end);
                QVERIFY(found && expected);
                QCOMPARE(found->count, expected->count);
                QCOMPARE(found->lines, expected->lines);
                QCOMPARE(found->mask != 0, found->count != 0);
                hits += found->count;
                begin = end;
            }
        }
        QVERIFY2(hits > 10'000, qPrintable(QString::number(hits)));
    }
    void walksAllHits()
    {
        QByteArray log;
        for (int i = 0; i < 200'000; ++i)
            log += i % 104 == 0 ? "line with needle here\n" : "just some line of a log\n";
        LogSearch search;
        search.start(LogPattern::compile({.text = u"need[l]e"_s, .syntax = Syntax::Regex}).value(), snapshotOf(log),
                     LogSearch::Tail::Final);
        complete(search);
        QCOMPARE(search.count(), 1924);
        int64_t walked = 0;
        for (auto hit = search.firstFrom(0); hit && walked < 3000; hit = search.firstFrom(hit->begin + 1))
            ++walked;
        QCOMPARE(walked, 1924);
    }
    void goesOnWhenTheLogGrows()
    {
        auto store = LogStore::openCache(m_folder.filePath(u"grow.log"_s)).value();
        const LogRun start[] = {{}};
        LogSearch search;
        QVERIFY(store->append("needle\nnee", start));
        search.start(LogPattern::compile({.text = u"needle"_s}).value(), store->snapshot().value(),
                     LogSearch::Tail::Open);
        complete(search);
        QCOMPARE(search.count(), 1);
        QVERIFY(store->append("dle needle\nneedle", start));
        search.extend(store->snapshot().value(), LogSearch::Tail::Open);
        complete(search);
        QCOMPARE(search.count(), 3);
        search.extend(store->snapshot().value(), LogSearch::Tail::Final);
        complete(search);
        QCOMPARE(search.count(), 4);
    }
    void aBrokenExpressionSaysWhy()
    {
        const auto pattern = LogPattern::compile({.text = u"a(b"_s, .syntax = Syntax::Regex});
        QVERIFY(!pattern);
        QCOMPARE(pattern.error().code, ErrorCode::InvalidArgument);
        QVERIFY2(pattern.error().message.contains(u"parenthesis"_s), qPrintable(pattern.error().message));
        QVERIFY2(pattern.error().message.contains(u"character 4"_s), qPrintable(pattern.error().message));
        const auto whole = LogPattern::compile({.text = u"a["_s, .syntax = Syntax::Regex, .words = Words::Whole});
        QVERIFY(!whole);
    }
    void aHostileExpressionEnds()
    {
        LogSearch search;
        QSignalSpy changed(&search, &LogSearch::changed);
        search.start(LogPattern::compile({.text = u"(a+)+$"_s, .syntax = Syntax::Regex}).value(),
                     snapshotOf(QByteArray(5000, 'a') + "!\n"), LogSearch::Tail::Final);
        QTRY_COMPARE_WITH_TIMEOUT(search.state(), LogSearch::State::Failed, 20'000);
        QVERIFY(search.error().contains("too complex"_L1));
        QVERIFY(!changed.isEmpty());
    }
    void cancelForgetsAndReturnsAtOnce()
    {
        const LogSnapshot log = snapshotOf(QByteArray("some line with words\n").repeated(2'000'000));
        LogSearch search;
        search.start(LogPattern::compile({.text = u"(w|l)[a-z]+d?s"_s, .syntax = Syntax::Regex}).value(), log,
                     LogSearch::Tail::Final);
        QCOMPARE(search.state(), LogSearch::State::Searching);
        QElapsedTimer timer;
        timer.start();
        search.cancel();
        QVERIFY(timer.elapsed() < 200);
        QCOMPARE(search.state(), LogSearch::State::Idle);
        QCOMPARE(search.count(), 0);
        search.start(LogPattern::compile({.text = u"words"_s}).value(), log, LogSearch::Tail::Final);
        complete(search);
        QCOMPARE(search.count(), 2'000'000); // nothing of the cancelled pass got in
    }
    void aLogThatBecameAnotherAnswersSomewhere()
    {
        const LogSnapshot log = snapshotOf(QByteArray("words\n").repeated(1000));
        LogSearch search;
        search.start(LogPattern::compile({.text = u"words"_s}).value(), log, LogSearch::Tail::Final);
        complete(search);
        QCOMPARE(search.matchedLines(), 1000);
        QFile file(m_folder.filePath(u"log"_s));
        QVERIFY(file.open(QIODevice::ReadWrite) && file.write(QByteArray("other\n").repeated(1000)) == log.size);
        file.close();
        QVERIFY(search.matchedLine(500) < log.size);
    }
};

QTEST_GUILESS_MAIN(TestLogSearch)
#include "tst_logsearch.moc"
