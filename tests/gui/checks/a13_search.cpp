// SPDX-License-Identifier: GPL-3.0-or-later
// A13: 1 922 hits of a regular expression in a million lines: counted exactly, walked one by one both ways; a broken
// expression is explained; a search ends when it is told to.
#include "console/models/logsearch.h"
#include "tests/gui/checks/logcheck.h"

#include <QThread>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(danube::console::LogQuery)

namespace {

constexpr int lineCount = 1'000'000;
constexpr int hits = 1922;

bool isHit(int line)
{
    return line % 520 == 7 && line / 520 < hits;
}

QByteArray makeLog()
{
    QByteArray bytes;
    bytes.reserve(lineCount * 40);
    for (int line = 0; line < lineCount; ++line) {
        bytes += isHit(line) ? "request took \x1b[33m" : "request needs \x1b[33m";
        bytes += QByteArray::number(line % 900 + 100);
        bytes += "\x1b[0m ms\n";
    }
    return bytes;
}

const LogQuery query{.text = u"took \\d{3,4} ms"_s, .syntax = LogQuery::Syntax::Regex};

} // namespace

class CheckA13 : public QObject
{
    Q_OBJECT
    LogFixture m_fixture;

private slots:
    void initTestCase()
    {
        m_fixture.openCache(makeLog());
        QCOMPARE(m_fixture.document().lineCount(), int64_t(lineCount));
        m_fixture.press(Qt::Key_Home);
    }
    void theCountIsExactAndEveryHitIsWalked()
    {
        QVERIFY(m_fixture.find(query));
        QCOMPARE(m_fixture.countText(), u"1 of %1"_s.arg(QLocale().toString(hits)));
        m_fixture.view().setFocus();
        for (int hit = 0; hit < hits; ++hit) {
            QCOMPARE(m_fixture.hitLine(), int64_t(hit) * 520 + 7);
            QVERIFY(m_fixture.view().isLineVisible(m_fixture.hitLine()));
            m_fixture.press(Qt::Key_N);
        }
        QCOMPARE(m_fixture.hitLine(), int64_t(7)); // around the end
        for (int hit = hits - 1; hit >= 0; --hit) {
            m_fixture.press(Qt::Key_N, Qt::ShiftModifier);
            QCOMPARE(m_fixture.hitLine(), int64_t(hit) * 520 + 7);
        }
        QCOMPARE(m_fixture.countText(), u"1 of %1"_s.arg(QLocale().toString(hits)));
    }
    void caseAndWholeWordsCount_data()
    {
        QTest::addColumn<LogQuery>("query");
        QTest::addColumn<int>("count");
        QTest::newRow("case ignored") << LogQuery{.text = u"TOOK"_s} << hits;
        QTest::newRow("part of a word") << LogQuery{.text = u"too"_s} << hits;
        QTest::newRow("more than one a line")
            << LogQuery{.text = u"o"_s, .letters = LogQuery::Case::Respect} << 2 * hits;
    }
    void caseAndWholeWordsCount()
    {
        QFETCH(const LogQuery, query);
        QFETCH(const int, count);
        QVERIFY(m_fixture.find(query));
        QVERIFY2(m_fixture.countText().endsWith(u" of %1"_s.arg(QLocale().toString(count))),
                 qPrintable(m_fixture.countText()));
    }
    void aWholeWordOrAnotherCaseIsNone()
    {
        for (const LogQuery &none : {LogQuery{.text = u"too"_s, .words = LogQuery::Words::Whole},
                                     LogQuery{.text = u"TOOK"_s, .letters = LogQuery::Case::Respect}}) {
            m_fixture.pane().findBar()->setQuery(none);
            QTRY_COMPARE_WITH_TIMEOUT(m_fixture.countText(), u"No match"_s, 30'000);
        }
    }
    void aBrokenExpressionIsExplained()
    {
        const int64_t top = m_fixture.view().firstLine();
        m_fixture.pane().findBar()->setQuery({.text = u"took (\\d"_s, .syntax = LogQuery::Syntax::Regex});
        QVERIFY2(m_fixture.countText().contains(u"parenthesis"_s), qPrintable(m_fixture.countText()));
        QVERIFY(!m_fixture.view().hit());
        QCOMPARE(m_fixture.view().firstLine(), top);
    }
    // Cancelling costs the GUI nothing, and the worker lets go of the log soon: it would take seconds to the end.
    void aSearchEndsWhenTold()
    {
        const auto slow = LogPattern::compile({.text = u"(?:[a-z]+ ?)+[A-Z]{7}$"_s, .syntax = LogQuery::Syntax::Regex});
        QVERIFY(slow);
        const auto store = LogStore::openFile(m_fixture.document().path());
        const LogSnapshot snapshot = (*store)->snapshot().value();
        LogSearch search;
        search.start(*slow, snapshot, LogSearch::Tail::Final);
        QSignalSpy changed(&search, &LogSearch::changed);
        QVERIFY(changed.wait(30'000) || changed.size() > 0);
        const double cost = workOf([&] { search.cancel(); });
        QVERIFY2(cost < 20, qPrintable(QString::number(cost)));
        QCOMPARE(search.state(), LogSearch::State::Idle);
        QElapsedTimer time;
        time.start();
        QTRY_COMPARE_WITH_TIMEOUT(snapshot.mapping.use_count(), 2L, 30'000); // the store's and this one
        qInfo("the worker let go after %lld ms", time.elapsed());
        changed.clear();
        QTest::qWait(50);
        QCOMPARE(changed.size(), 0);
    }
    // Not how long it takes (CI is loaded) but how much is still done: less than the work of 200 ms on one core.
    void theWorkerStopsWithinAFewExtents()
    {
        const double whole = workOf([&] {
            const auto slow =
                LogPattern::compile({.text = u"(?:[a-z]+ ?)+[A-Z]{7}$"_s, .syntax = LogQuery::Syntax::Regex});
            const QByteArrayView bytes = m_fixture.document().snapshot().bytes().first(64 * 1024);
            QVERIFY(slow->scan(bytes, [](qsizetype, qsizetype) { return true; }));
        });
        QVERIFY2(whole < 200, qPrintable(u"one extent takes %1 ms"_s.arg(whole)));
    }
};

QTEST_MAIN(CheckA13)
#include "a13_search.moc"
