// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/logcompressor.h"
#include "server/logs/searchlog.h"
#include "tests/unit/server/logs/logfixture.h"

#include <ctime>

using namespace danube;
using namespace danube::logs;
using namespace danube::tests;
using namespace Qt::StringLiterals;
using Syntax = search::LogQuery::Syntax;
using Case = search::LogQuery::Case;

namespace {

const std::atomic<bool> goOn = false;

SearchRequest literal(const QString &text)
{
    SearchRequest request;
    request.query = {text, Syntax::Literal, Case::Respect};
    return request;
}
SearchRequest regex(const QString &text)
{
    SearchRequest request;
    request.query = {text, Syntax::Regex, Case::Respect};
    return request;
}

constexpr milliseconds mostCpu{500}; // of a refused pattern, which takes less than one

milliseconds cpuOfThisThread()
{
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return milliseconds(used.tv_sec * 1'000 + used.tv_nsec / 1'000'000);
}

/// Goes on by a second each time it is looked at.
class HurriedClock final : public Clock
{
public:
    WallTime wall() const override { return {}; }
    SteadyTime steady() const override { return SteadyTime(seconds(++m_looks)); }

private:
    mutable int m_looks = 0;
};

} // namespace

/// Searching on the server: exact counts, pages, bounded time.
class TestSearchLog : public QObject
{
    Q_OBJECT
    std::unique_ptr<LogFixture> m_log;
    std::map<std::pair<StepNumber, LogStream>, uint64_t> m_sent;

    void print(const QByteArray &bytes, int step = 1, LogStream stream = LogStream::Stdout)
    {
        uint64_t &offset = m_sent[{StepNumber(step), stream}];
        QVERIFY(m_log->writer->append(StepNumber(step), stream, offset, bytes, m_log->clock.wall()));
        offset += static_cast<uint64_t>(bytes.size());
    }
    Result<SearchResult> find(const SearchRequest &request) const
    {
        return searchLog(*m_log->reader(), request, m_log->clock, goOn);
    }

private slots:
    void init()
    {
        m_sent.clear();
        m_log = std::make_unique<LogFixture>();
        QVERIFY(m_log->openWriter());
    }

    void findsLinesWithTheirPlaces()
    {
        print("one\ntwo errors: error, error\n");
        print("an error on stderr\n", 2, LogStream::Stderr);
        const auto found = find(literal(u"error"_s));
        QVERIFY(found);
        QCOMPARE(found->count, 4);
        QCOMPARE(found->lineCount, 2);
        QVERIFY(found->isComplete && !found->next);
        QCOMPARE(found->lines.size(), 2);
        QCOMPARE(found->lines[0].offset, 4);
        QCOMPARE(found->lines[0].bytes, "two errors: error, error");
        QCOMPARE(found->lines[0].matches, (QList<std::pair<qsizetype, qsizetype>>{{4, 9}, {12, 17}, {19, 24}}));
        QCOMPARE(found->lines[1].step, StepNumber(2));
        QCOMPARE(found->lines[1].stream, LogStream::Stderr);
        QCOMPARE(found->lines[1].matches, (QList<std::pair<qsizetype, qsizetype>>{{3, 8}}));
    }
    void countsExactlyInEitherForm_data()
    {
        QTest::addColumn<bool>("isCompressed");
        QTest::newRow("plain") << false;
        QTest::newRow("compressed") << true;
    }
    void countsExactlyInEitherForm()
    {
        QFETCH(const bool, isCompressed);
        Dice dice(6);
        qint64 matches = 0;
        qint64 lines = 0;
        qint64 ofStepTwo = 0;
        for (int i = 0; i < 20'000; ++i) {
            const int times = dice.below(50) == 0 ? 1 + dice.below(3) : 0;
            const int step = 1 + dice.below(2);
            print(dice.bytes(dice.below(90), "abc (.*)") + QByteArray("needle.").repeated(times) + '\n', step);
            matches += times;
            lines += times > 0 ? 1 : 0;
            ofStepTwo += step == 2 ? times : 0;
        }
        QVERIFY(m_log->writer->seal());
        if (isCompressed)
            QCOMPARE(compressLog(m_log->directory.path(), testJob, goOn).value(), Compressed::Done);
        for (const SearchRequest &request : {literal(u"needle."_s), regex(u"ne+dle\\."_s)}) {
            const auto found = find(request);
            QVERIFY(found);
            QCOMPARE(found->count, matches);
            QCOMPARE(found->lineCount, lines);
            QCOMPARE(found->searchedTo, m_log->reader()->size());
        }
        SearchRequest second = literal(u"needle."_s);
        second.selection.step = StepNumber(2);
        QCOMPARE(find(second)->count, ofStepTwo);
    }
    void pagesShowEveryLineOnce()
    {
        for (int i = 0; i < 1'000; ++i)
            print("line " + QByteArray::number(i) + (i % 3 == 0 ? " hit\n" : "\n"));
        QStringList shown;
        SearchRequest request = literal(u"hit"_s);
        request.limit = 7;
        for (std::optional<qint64> from = 0; from;) {
            request.from = *from;
            const auto found = find(request);
            QVERIFY(found && found->lines.size() <= 7);
            QCOMPARE(found->count, 334 - shown.size());
            for (const FoundLine &line : found->lines)
                shown.append(QString::fromUtf8(line.bytes));
            from = found->next;
        }
        QCOMPARE(shown.size(), 334);
        QCOMPARE(shown.last(), u"line 999 hit"_s);
        shown.removeDuplicates();
        QCOMPARE(shown.size(), 334);
    }
    void aLineShowsAHundredOfItsMatches_data()
    {
        QTest::addColumn<int>("matches");
        QTest::addColumn<int>("shown");
        QTest::newRow("one fewer") << 99 << 99;
        QTest::newRow("as many") << 100 << 100;
        QTest::newRow("one more") << 101 << 100;
    }
    void aLineShowsAHundredOfItsMatches()
    {
        QFETCH(const int, matches);
        QFETCH(const int, shown);
        print(QByteArray("hit ").repeated(matches) + "\nanother hit\n");
        const auto found = find(literal(u"hit"_s));
        QVERIFY(found);
        QCOMPARE(found->count, matches + 1);
        QCOMPARE(found->lines.size(), 2);
        QCOMPARE(found->lines[0].matches.size(), shown);
        QCOMPARE(found->lines[0].matches.last().first, 4 * (shown - 1));
        QCOMPARE(found->lines[1].matches.size(), 1);
    }
    void caseIsIgnoredWhenAsked()
    {
        print("Error\nERROR\nerror\n");
        SearchRequest request = literal(u"error"_s);
        QCOMPARE(find(request)->count, 1);
        request.query.letters = Case::Ignore;
        QCOMPARE(find(request)->count, 3);
    }
    void aMatchStaysWithinItsLine()
    {
        print("a\nb\n");
        QCOMPARE(find(regex(u"a\\s*b"_s))->count, 0);
        QCOMPARE(find(regex(u"^b$"_s))->count, 1);
    }
    void outOfTimeSaysHowFarItGot()
    {
        const QByteArray line("some words and a needle\n");
        print(line.repeated(20'000));
        SearchRequest request = literal(u"needle"_s);
        request.patience = seconds(5);
        const HurriedClock clock;
        qint64 count = 0;
        int rounds = 0;
        for (bool isComplete = false; !isComplete; ++rounds) {
            const auto found = searchLog(*m_log->reader(), request, clock, goOn);
            QVERIFY(found);
            QVERIFY(found->searchedTo > request.from);
            QCOMPARE(found->searchedTo % line.size(), 0);
            count += found->count;
            isComplete = found->isComplete;
            request.from = found->searchedTo;
        }
        QVERIFY(rounds > 2);
        QCOMPARE(count, 20'000);
    }
    void runsThatAreNotWantedTakeTimeToo()
    {
        for (int i = 0; i < 20; ++i)
            print(QByteArray("none of it\n").repeated(50'000));
        print("wanted\n", 2);
        SearchRequest request = literal(u"wanted"_s);
        request.selection.step = StepNumber(2);
        request.patience = seconds(5);
        const HurriedClock clock;
        const auto found = searchLog(*m_log->reader(), request, clock, goOn);
        QVERIFY(found);
        QVERIFY(!found->isComplete);
        QCOMPARE_GT(found->searchedTo, 0);
        QCOMPARE(find(request)->count, 1);
        QCOMPARE(searchLog(*m_log->reader(), request, m_log->clock, std::atomic<bool>(true)).error().code,
                 ErrorCode::Cancelled);
    }
    void refusesBrokenAndEndlessPatterns()
    {
        print(QByteArray(40, 'a') + "!\n");
        QCOMPARE(find(regex(u"(a"_s)).error().code, ErrorCode::InvalidArgument);
        const milliseconds before = cpuOfThisThread();
        const auto endless = find(regex(u"(a+)+$"_s));
        const milliseconds used = cpuOfThisThread() - before;
        QVERIFY(!endless);
        QCOMPARE(endless.error().code, ErrorCode::InvalidArgument);
        QVERIFY2(endless.error().message.startsWith(u"q: the expression is too complex for this log: "_s),
                 qPrintable(endless.error().message));
        QVERIFY2(used < mostCpu, qPrintable(u"%1 ms"_s.arg(used.count())));
    }
    void stopsWhenAsked()
    {
        print("x\n");
        QCOMPARE(searchLog(*m_log->reader(), literal(u"x"_s), m_log->clock, std::atomic<bool>(true)).error().code,
                 ErrorCode::Cancelled);
    }
    void fragmentsTellThatTheyAre()
    {
        print("needle without end");
        QVERIFY(m_log->writer->endStep(StepNumber(1)));
        const auto found = find(literal(u"needle"_s));
        QCOMPARE(found->lines.size(), 1);
        QVERIFY(!found->lines[0].eol);
    }
};

QTEST_GUILESS_MAIN(TestSearchLog)
#include "tst_searchlog.moc"
