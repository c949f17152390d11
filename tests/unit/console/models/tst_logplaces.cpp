// SPDX-License-Identifier: GPL-3.0-or-later
// Times of lines, places to go to, marks.
#include "console/models/logdestination.h"
#include "console/models/logmarks.h"
#include "console/models/logtime.h"

#include <QDateTime>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;
using Kind = LogDestination::Kind;

Q_DECLARE_METATYPE(std::optional<danube::console::LogDestination>)

namespace {

WallTime at(const QString &local)
{
    return WallTime(milliseconds(QDateTime::fromString(local, Qt::ISODateWithMs).toMSecsSinceEpoch()));
}

} // namespace

class TestLogPlaces : public QObject
{
    Q_OBJECT
private slots:
    void destinations_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<std::optional<LogDestination>>("destination");
        const auto line = [](int64_t number) { return std::optional(LogDestination{Kind::Line, number, {}}); };
        const auto clock = [](int64_t s) { return std::optional(LogDestination{Kind::TimeOfDay, 0, seconds(s)}); };
        const auto span = [](int64_t s) { return std::optional(LogDestination{Kind::SinceStart, 0, seconds(s)}); };
        QTest::newRow("line") << u"1"_s << line(0);
        QTest::newRow("grouped") << u" 11 600 000 "_s << line(11'599'999);
        QTest::newRow("commas") << u"1,234"_s << line(1233);
        QTest::newRow("zero") << u"0"_s << std::optional<LogDestination>();
        QTest::newRow("huge") << u"99999999999999999999"_s << std::optional<LogDestination>();
        QTest::newRow("clock") << u"14:02"_s << clock(14 * 3600 + 120);
        QTest::newRow("clock with seconds") << u"4:02:11"_s << clock(4 * 3600 + 131);
        QTest::newRow("no clock") << u"25:00"_s << std::optional<LogDestination>();
        QTest::newRow("seconds") << u"+90s"_s << span(90);
        QTest::newRow("bare seconds") << u"+90"_s << span(90);
        QTest::newRow("mixed") << u"+1h 2m 3s"_s << span(3723);
        QTest::newRow("colons") << u"+1:30"_s << span(90);
        QTest::newRow("three colons") << u"+1:02:03"_s << span(3723);
        QTest::newRow("plus alone") << u"+"_s << std::optional<LogDestination>();
        QTest::newRow("words") << u"error"_s << std::optional<LogDestination>();
        QTest::newRow("empty") << QString() << std::optional<LogDestination>();
    }
    void destinations()
    {
        QFETCH(const QString, text);
        QFETCH(const std::optional<LogDestination>, destination);
        QCOMPARE(LogDestination::parse(text), destination);
    }
    void timesLeadToLines()
    {
        LogRuns runs;
        const auto offset = [&](const QString &text, WallTime start = {}) {
            return offsetOf(LogDestination::parse(text).value(), runs, start).value_or(-1);
        };
        QCOMPARE(offset(u"14:02"_s), -1);
        runs.append({0, at(u"2026-01-31T23:59:50.500"_s), {1}});
        runs.append({100, at(u"2026-01-31T23:59:58"_s), {1}});
        runs.append({200, at(u"2026-02-01T00:00:05"_s), {1}});
        QCOMPARE(offset(u"23:59:50"_s), 0); // the second that was named, not its next day
        QCOMPARE(offset(u"23:59:51"_s), 100);
        QCOMPARE(offset(u"0:00"_s), 200); // after midnight
        QCOMPARE(offset(u"0:01"_s), -1);
        QCOMPARE(offset(u"+5s"_s), 100);
        QCOMPARE(offset(u"+5s"_s, at(u"2026-02-01T00:00:00"_s)), 200);
        QCOMPARE(offset(u"+1h"_s), -1);
    }
    void timeColumns_data()
    {
        QTest::addColumn<int>("times");
        QTest::addColumn<int>("sincePrevious");
        QTest::addColumn<QString>("text");
        QTest::newRow("off") << int(LogTimes::Off) << 0 << QString();
        QTest::newRow("absolute") << int(LogTimes::Absolute) << 0 << u"14:02:11.3"_s;
        QTest::newRow("relative") << int(LogTimes::Relative) << 0 << u"+62:11.3"_s;
        QTest::newRow("delta") << int(LogTimes::Delta) << 12'345 << u"+12.3"_s;
        QTest::newRow("no delta") << int(LogTimes::Delta) << 99 << QString();
    }
    void timeColumns()
    {
        QFETCH(const int, times);
        QFETCH(const int, sincePrevious);
        QFETCH(const QString, text);
        const WallTime time = at(u"2026-01-31T14:02:11.345"_s);
        const WallTime start = at(u"2026-01-31T13:00:00"_s);
        QCOMPARE(logTimeText(LogTimes(times), time, time - milliseconds(sincePrevious), start), text);
        QCOMPARE(logTimeText(LogTimes(times), {}, time, start), QString());
        QVERIFY(text.size() <= widthOf(LogTimes(times)));
    }
    void marksAreKeptAndWalked()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"deep/er/x.marks"_s);
        {
            LogMarks marks(path);
            QSignalSpy changed(&marks, &LogMarks::changed);
            for (const int64_t offset : {500, 100, 900, 100})
                marks.toggle(offset);
            QCOMPARE(changed.size(), 4);
        }
        LogMarks marks(path);
        QCOMPARE(marks.offsets(), (std::vector<int64_t>{500, 900}));
        QCOMPARE(marks.next(0), 500);
        QCOMPARE(marks.next(500), 900);
        QCOMPARE(marks.next(900), 500);
        QCOMPARE(marks.previous(900), 500);
        QCOMPARE(marks.previous(500), 900);
        QVERIFY(marks.containsBetween(500, 501) && !marks.containsBetween(501, 900));
        marks.setMarks({});
        QVERIFY(!QFile::exists(path));
        QCOMPARE(marks.next(0), std::nullopt);
    }
    void aBrokenMarksFileIsNone_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<size_t>("marks");
        QTest::newRow("empty") << QByteArray() << size_t(0);
        QTest::newRow("no JSON") << QByteArray("{\"marks\":[1,") << size_t(0);
        QTest::newRow("other types") << QByteArray("{\"marks\":[\"x\",-3,null,7,7,{}]}") << size_t(1);
    }
    void aBrokenMarksFileIsNone()
    {
        QFETCH(const QByteArray, content);
        QFETCH(const size_t, marks);
        QTemporaryDir folder;
        QFile file(folder.filePath(u"x.marks"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        QCOMPARE(LogMarks(file.fileName()).offsets().size(), marks);
    }
    void aMarkThatCannotBeWrittenIsSaid()
    {
        LogMarks marks(u"/proc/nowhere/x.marks"_s);
        QSignalSpy failed(&marks, &LogMarks::failed);
        marks.toggle(5);
        QCOMPARE(failed.size(), 1);
        QVERIFY(marks.contains(5));
    }
};

QTEST_MAIN(TestLogPlaces)
#include "tst_logplaces.moc"
