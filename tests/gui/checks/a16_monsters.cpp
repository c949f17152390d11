// SPDX-License-Identifier: GPL-3.0-or-later
// A16: a line of 5 MB, NUL bytes, invalid UTF-8, CRLF: nothing freezes, nothing is lost, and what is saved is what
// came.
#include "console/app/logsaver.h"
#include "tests/gui/checks/logcheck.h"

#include <QFile>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr double freeze = 100; // milliseconds of work without a look at the events

QByteArray monsters()
{
    QByteArray bytes = "first\n";
    bytes += QByteArray(5'000'000, 'x') + " end of the long one\n";
    bytes += "\x1b[31m";
    for (int i = 0; i < 100'000; ++i)
        bytes += "\xe6\x97\xa5 progress " + QByteArray::number(i) + '\r';
    bytes += "\x1b[0m\n";
    bytes += QByteArray("a\0b\0\0c\n", 7);
    bytes += "bad \xff\xfe\xc3 utf\xed\xa0\x80 8\n";
    bytes += "carriage\r\nreturn\r\n\r\n";
    for (int i = 0; i < 2000; ++i)
        bytes += QByteArray(1, char(i % 256)) + "\x1b[" + QByteArray::number(i) + "m\tx\n";
    return bytes + "no newline at the end";
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("?");
}

} // namespace

class CheckA16 : public QObject
{
    Q_OBJECT
    LogFixture m_fixture;
    QByteArray m_bytes = monsters();

private slots:
    void initTestCase()
    {
        QFile file(m_fixture.path(u"monsters.log"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(m_bytes);
        file.close();
        m_fixture.openFile(file.fileName());
        QTRY_COMPARE(m_fixture.document().bytes(), int64_t(m_bytes.size()));
        QCOMPARE(m_fixture.document().lineCount(), int64_t(m_bytes.count('\n') + 1));
    }
    void nothingFreezes_data()
    {
        QTest::addColumn<bool>("wraps");
        QTest::newRow("not wrapped") << false;
        QTest::newRow("wrapped") << true;
    }
    void nothingFreezes()
    {
        QFETCH(const bool, wraps);
        LogView &view = m_fixture.view();
        view.setWrapping(wraps);
        double worst = 0;
        const auto look = [&](const char *what, auto &&work) {
            const double cost = workOf([&] {
                work();
                view.viewport()->grab();
            });
            if (cost > freeze)
                qWarning("%s: %.0f ms", what, cost);
            worst = std::max(worst, cost);
        };
        look("home", [&] { m_fixture.press(Qt::Key_Home); });
        for (int i = 0; i < 40; ++i)
            look("down", [&] { m_fixture.press(Qt::Key_PageDown); });
        look("end", [&] { m_fixture.press(Qt::Key_End); });
        for (int i = 0; i < 40; ++i)
            look("up", [&] { m_fixture.press(Qt::Key_PageUp); });
        look("to the right", [&] {
            view.showLine(1);
            view.horizontalScrollBar()->setValue(view.horizontalScrollBar()->maximum());
        });
        look("click", [&] { QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, {500, 5}); });
        look("resize", [&] { m_fixture.pane().resize(m_fixture.pane().width() == 1000 ? 700 : 1000, 600); });
        QVERIFY2(worst < freeze, qPrintable(u"%1 ms"_s.arg(worst)));
        qInfo("longest: %.1f ms", worst);
    }
    void searchingFreezesNothing()
    {
        LoopWatch watch;
        QVERIFY(m_fixture.find({.text = u"end of the (?:long|short) one"_s, .syntax = LogQuery::Syntax::Regex}));
        m_fixture.pane().findBar()->setQuery({.text = u"x+e"_s, .syntax = LogQuery::Syntax::Regex}); // endless for most
        QTRY_VERIFY_WITH_TIMEOUT(
            m_fixture.countText().contains(u"too complex"_s) || m_fixture.countText() == u"No match"_s, 60'000);
        QVERIFY2(watch.longest() < freeze, qPrintable(u"%1 ms"_s.arg(watch.longest())));
    }
    void badBytesAreReplacedAndSaidSo()
    {
        const QChar replacement(QChar::ReplacementCharacter);
        const LogView &view = m_fixture.view();
        QCOMPARE(view.textOf(3), u"a%1b%1%1c"_s.arg(replacement));
        QVERIFY(view.textOf(4).startsWith(u"bad %1%1"_s.arg(replacement)));
        QVERIFY(view.textOf(4).endsWith(u" 8"_s));
        QCOMPARE(view.textOf(5), u"carriage"_s);
        QCOMPARE(view.textOf(6), u"return"_s);
        QCOMPARE(view.textOf(7), QString());
        QVERIFY(view.textOf(2).endsWith(u"progress 99999"_s));
        QCOMPARE(view.textOf(1).size(), 64 * 1024); // the row is capped, and says so
        m_fixture.view().setWrapping(false);
        m_fixture.view().showLine(1);
    }
    void whatIsSavedIsWhatCame()
    {
        QSignalSpy told(&m_fixture.pane(), &LogPane::told);
        const QString path = m_fixture.path(u"saved.log"_s);
        m_fixture.pane().saver()->saveRange(m_fixture.document().snapshot(), path, 0, m_bytes.size());
        QTRY_VERIFY(!m_fixture.pane().saver()->isBusy());
        QVERIFY(told.constLast().constFirst().toString().contains(path));
        QCOMPARE(contentOf(path), m_bytes);
    }
    void onlyMatchingLinesAreSaved()
    {
        const auto pattern =
            LogPattern::compile({.text = u"\\b(carriage|return)\\b"_s, .syntax = LogQuery::Syntax::Regex});
        const QString path = m_fixture.path(u"matches.log"_s);
        m_fixture.pane().saver()->saveMatches(m_fixture.document().snapshot(), path, *pattern);
        QTRY_VERIFY(!m_fixture.pane().saver()->isBusy());
        QCOMPARE(contentOf(path), QByteArray("carriage\r\nreturn\r\n"));
    }
    void aDiskThatIsFullIsSaid()
    {
        QSignalSpy told(&m_fixture.pane(), &LogPane::told);
        m_fixture.pane().saver()->saveRange(m_fixture.document().snapshot(), m_fixture.path(u"no/such/folder.log"_s), 0,
                                            5);
        QTRY_COMPARE(told.size(), 1);
        QVERIFY(told.constLast().constFirst().toString().contains(u"folder.log"_s));
        QVERIFY(!m_fixture.pane().saver()->isBusy());
    }
};

QTEST_MAIN(CheckA16)
#include "a16_monsters.moc"
