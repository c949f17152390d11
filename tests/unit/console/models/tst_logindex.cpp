// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logindex.h"

#include <QRandomGenerator>
#include <QTest>

using namespace danube;
using namespace danube::console;

namespace {

struct Oracle
{
    std::vector<LogLineRange> lines;
    std::vector<AnsiStyle> styles;
    int64_t longest = 0;

    Oracle(const QByteArray &text, const LogRuns &runs)
    {
        std::map<LogSource, AnsiStyle> open;
        for (int64_t begin = 0; begin < text.size();) {
            const qsizetype newline = text.indexOf('\n', begin);
            const int64_t end = newline < 0 ? text.size() : newline;
            AnsiStyle &style = open[runs.at(begin).source];
            lines.push_back({begin, end});
            styles.push_back(style);
            longest = std::max(longest, end - begin);
            for (qsizetype i = begin; i < end;) {
                if (text[i] != ansiEscape) {
                    ++i;
                    continue;
                }
                const AnsiSequence sequence = readAnsiSequence(QByteArrayView(text).sliced(i, end - i));
                if (sequence.kind == AnsiSequence::Kind::Sgr)
                    applySgr(sequence.parameters, style);
                i += sequence.length;
            }
            begin = end + 1;
        }
    }
};

struct Sample
{
    QByteArray text;
    LogRuns runs;
};

Sample randomLog(quint32 seed, int lines)
{
    QRandomGenerator random(seed);
    static const QByteArrayList codes{"\x1b[31m", "\x1b[0m",  "\x1b[1m", "\x1b[48;5;33m",
                                      "\x1b[m",   "\x1b[39m", "\x1b[?1h"};
    Sample sample;
    for (int i = 0; i < lines; ++i) {
        if (random.bounded(20) == 0)
            sample.runs.append(
                {sample.text.size(),
                 WallTime(milliseconds(i * 1000)),
                 {uint32_t(random.bounded(3)), random.bounded(2) ? LogStream::Stdout : LogStream::Stderr}});
        const int kind = random.bounded(100);
        const int length = kind == 0 ? random.bounded(200'000) : kind < 20 ? 0 : random.bounded(300);
        sample.text += QByteArray(length, char('a' + i % 26));
        if (random.bounded(4) == 0)
            sample.text += codes[random.bounded(codes.size())] + "x";
        if (i + 1 < lines || random.bounded(2))
            sample.text += '\n';
    }
    return sample;
}

LogIndex indexed(const Sample &sample, int64_t step)
{
    LogIndex index;
    for (int64_t end = std::min<int64_t>(step, sample.text.size());;
         end = std::min<int64_t>(end + step, sample.text.size())) {
        index.append(LogIndex::scan(sample.text, end, index.position(), sample.runs));
        if (end == sample.text.size())
            return index;
    }
}

} // namespace

class TestLogIndex : public QObject
{
    Q_OBJECT
private slots:
    void equalsBruteForce_data()
    {
        QTest::addColumn<quint32>("seed");
        QTest::addColumn<int>("lines");
        QTest::addColumn<qint64>("step");
        QTest::newRow("nothing") << 1u << 0 << qint64(100);
        QTest::newRow("one line") << 2u << 1 << qint64(100);
        QTest::newRow("at once") << 3u << 5000 << (qint64(1) << 40);
        QTest::newRow("small chunks") << 4u << 900 << qint64(97);
        QTest::newRow("larger chunks") << 5u << 5000 << qint64(65536);
        QTest::newRow("exactly a block") << 6u << 64 << qint64(1000);
        QTest::newRow("one more than a block") << 7u << 65 << qint64(1000);
    }
    void equalsBruteForce()
    {
        QFETCH(quint32, seed);
        QFETCH(int, lines);
        QFETCH(qint64, step);
        const Sample sample = randomLog(seed, lines);
        const Oracle oracle(sample.text, sample.runs);
        const LogIndex index = indexed(sample, step);
        QCOMPARE(index.lineCount(), int64_t(oracle.lines.size()));
        QCOMPARE(index.longestLine(), oracle.longest);
        QCOMPARE(index.bytes(), int64_t(sample.text.size()));
        for (size_t i = 0; i < oracle.lines.size(); ++i) {
            QCOMPARE(index.line(sample.text, int64_t(i)), oracle.lines[i]);
            QVERIFY(index.styleAt(sample.text, sample.runs, int64_t(i)) == oracle.styles[i]);
            QCOMPARE(index.lineAt(sample.text, oracle.lines[i].begin), int64_t(i));
            if (oracle.lines[i].end < sample.text.size())
                QCOMPARE(index.lineAt(sample.text, oracle.lines[i].end), int64_t(i));
        }
    }
    void countsALineWithoutAnEnd()
    {
        LogIndex index;
        const QByteArray text = "one\ntwo\nthr";
        index.append(LogIndex::scan(text, 3, index.position(), {}));
        QCOMPARE(index.lineCount(), 1);
        index.append(LogIndex::scan(text, 4, index.position(), {}));
        QCOMPARE(index.lineCount(), 1);
        index.append(LogIndex::scan(text, text.size(), index.position(), {}));
        QCOMPARE(index.lineCount(), 3);
        QCOMPARE(index.line(text, 2), (LogLineRange{8, 11}));
    }
    void aStepDoesNotPaintAnothersLines()
    {
        const QByteArray text = "\x1b[31mred\nplain\nstill red\n";
        LogRuns runs;
        const LogSource first{1, LogStream::Stdout};
        const LogSource second{2, LogStream::Stdout};
        runs.append({0, {}, first});
        runs.append({9, {}, second});
        runs.append({15, {}, first});
        LogIndex index;
        index.append(LogIndex::scan(text, text.size(), index.position(), runs));
        QVERIFY(index.styleAt(text, runs, 1).isDefault());
        QCOMPARE(index.styleAt(text, runs, 2).foreground.value, 1u);
    }
    void staysSmall()
    {
        const QByteArray text = QByteArray(99, 'x').append('\n').repeated(100'000);
        LogIndex index;
        index.append(LogIndex::scan(text, text.size(), index.position(), {}));
        QCOMPARE(index.lineCount(), 100'000);
        QVERIFY2(index.memory() < text.size() / 100, qPrintable(QString::number(index.memory())));
    }
    void aVeryLongLineIsNotSearchedAgain()
    {
        const QByteArray text = "a\n" + QByteArray(5'000'000, 'y') + "\nb\n";
        LogIndex index;
        index.append(LogIndex::scan(text, text.size(), index.position(), {}));
        QCOMPARE(index.line(text, 1), (LogLineRange{2, 5'000'002}));
        QCOMPARE(index.line(text, 2), (LogLineRange{5'000'003, 5'000'004}));
    }
    void runsMergeWhatIsNear()
    {
        LogRuns runs;
        const LogSource source{1, LogStream::Stdout};
        QVERIFY(runs.append({0, WallTime(milliseconds(1000)), source}));
        QVERIFY(!runs.append({10, WallTime(milliseconds(1099)), source}));
        QVERIFY(runs.append({20, WallTime(milliseconds(1100)), source}));
        QVERIFY(runs.append({30, WallTime(milliseconds(1100)), {1, LogStream::Stderr}}));
        QCOMPARE(runs.at(15).offset, 0);
        QCOMPARE(runs.at(20).offset, 20);
        QCOMPARE(runs.at(1000).source.stream, LogStream::Stderr);
        runs.truncate(30);
        QCOMPARE(runs.list().size(), 2);
    }
};

QTEST_APPLESS_MAIN(TestLogIndex)
#include "tst_logindex.moc"
