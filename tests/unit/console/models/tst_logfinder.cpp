// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/logfinder.h"
#include "console/models/loglevel.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;
using Direction = LogFinder::Direction;

class TestLogFinder : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    int m_count = 0;

    std::unique_ptr<LogDocument> documentOf(const QByteArray &bytes)
    {
        auto document =
            std::make_unique<LogDocument>(LogStore::openCache(m_folder.filePath(u"%1.log"_s.arg(++m_count))).value());
        if (!bytes.isEmpty())
            document->append(bytes, {});
        document->finish();
        return document;
    }
    static std::optional<LogPattern> pattern(const QString &text)
    {
        return LogPattern::compile({.text = text}).value();
    }

private slots:
    void wrapsAroundTheEnds()
    {
        const auto document = documentOf("x\nneedle\nx\nneedle\nx\n");
        LogFinder finder(LogFinder::Ends::Wrap);
        QSignalSpy found(&finder, &LogFinder::found);
        QSignalSpy wrapped(&finder, &LogFinder::wrapped);
        finder.setDocument(document.get());
        finder.setPattern(pattern(u"needle"_s));
        finder.step(Direction::Forward, 0);
        QTRY_COMPARE(found.size(), 1);
        QCOMPARE(finder.current()->begin, 2);
        QTRY_VERIFY(!finder.isSearching());
        finder.step(Direction::Forward, 3);
        QCOMPARE(finder.ordinal(), 2);
        QCOMPARE(wrapped.size(), 0);
        finder.step(Direction::Forward, finder.current()->begin + 1);
        QCOMPARE(wrapped.size(), 1);
        QCOMPARE(finder.ordinal(), 1);
        finder.step(Direction::Backward, finder.current()->begin);
        QCOMPARE(wrapped.size(), 2);
        QCOMPARE(finder.ordinal(), 2);
    }
    void stopsAtTheEndsWhenToldSo()
    {
        const auto document = documentOf("fine\nerror: one\nfine\n");
        LogFinder finder(LogFinder::Ends::Stop);
        QSignalSpy found(&finder, &LogFinder::found);
        QSignalSpy nothing(&finder, &LogFinder::nothingFound);
        finder.setDocument(document.get());
        finder.setPattern(errorPattern());
        finder.step(Direction::Forward, 0);
        QTRY_COMPARE(found.size(), 1);
        QTRY_VERIFY(!finder.isSearching());
        finder.step(Direction::Forward, finder.current()->begin + 1);
        QCOMPARE(nothing.size(), 1);
        finder.step(Direction::Backward, finder.current()->begin);
        QCOMPARE(nothing.size(), 2);
        QCOMPARE(found.size(), 1);
    }
    void saysWhenThereIsNothing()
    {
        const auto document = documentOf("nothing here\n");
        LogFinder finder(LogFinder::Ends::Wrap);
        QSignalSpy nothing(&finder, &LogFinder::nothingFound);
        finder.setDocument(document.get());
        finder.setPattern(pattern(u"needle"_s));
        finder.step(Direction::Forward, 0);
        QTRY_COMPARE(nothing.size(), 1);
    }
    void aStepWaitsForThePartNotSearchedYet()
    {
        const auto document = documentOf(QByteArray("some line\n").repeated(3'000'000) + "needle\n");
        LogFinder finder(LogFinder::Ends::Wrap);
        QSignalSpy found(&finder, &LogFinder::found);
        finder.setDocument(document.get());
        QTRY_VERIFY(!document->isIndexing());
        finder.setPattern(pattern(u"needle"_s));
        finder.step(Direction::Forward, 0);
        QCOMPARE(found.size(), 0);
        QTRY_COMPARE(found.size(), 1);
        QCOMPARE(finder.current()->begin, 30'000'000);
    }
    void aForgottenStepMovesNothingLater()
    {
        const auto document = documentOf(QByteArray("some line\n").repeated(3'000'000) + "needle\n");
        LogFinder finder(LogFinder::Ends::Wrap);
        QSignalSpy found(&finder, &LogFinder::found);
        finder.setDocument(document.get());
        QTRY_VERIFY(!document->isIndexing());
        finder.setPattern(pattern(u"needle"_s));
        finder.step(Direction::Forward, 0);
        finder.forgetStep();
        QTRY_COMPARE(finder.count(), 1);
        QCOMPARE(found.size(), 0);
    }
    void countsGrowWithTheLog()
    {
        LogDocument document(LogStore::openCache(m_folder.filePath(u"grows.log"_s)).value());
        LogFinder finder(LogFinder::Ends::Wrap);
        finder.setDocument(&document);
        finder.setPattern(pattern(u"needle"_s));
        for (int i = 1; i <= 3; ++i) {
            document.append("needle\n", {});
            QTRY_COMPARE(finder.count(), i);
        }
        document.restart(2);
        QCOMPARE(finder.count(), 0);
        document.append("a needle\n", {});
        QTRY_COMPARE(finder.count(), 1);
    }
    void tellsLevels_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("level");
        const auto row = [](const char *line, LogLevel level) {
            QTest::newRow(line) << QByteArray(line) << int(level);
        };
        row("main.c:3: error: expected ;", LogLevel::Error);
        row("ERROR something", LogLevel::Error);
        row("2 errors generated", LogLevel::Error);
        row("Traceback (most recent call last):", LogLevel::Error);
        row("test_x FAILED", LogLevel::Error);
        row("0 errors, 0 warnings", LogLevel::None);
        row("no errors", LogLevel::None);
        row("errors: 0", LogLevel::None);
        row("compiling error.cpp", LogLevel::None);
        row("terror", LogLevel::None);
        row("-Werror", LogLevel::None);
        row("x.c:1: warning: unused", LogLevel::Warning);
        row("WARN low disk", LogLevel::Warning);
        row("all is well", LogLevel::None);
    }
    void tellsLevels()
    {
        QFETCH(QByteArray, line);
        QFETCH(int, level);
        QCOMPARE(int(levelOf(line)), level);
    }
};

QTEST_GUILESS_MAIN(TestLogFinder)
#include "tst_logfinder.moc"
