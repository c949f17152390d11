// SPDX-License-Identifier: GPL-3.0-or-later
// Links to jobs, and who may hold a stream open.
#include "console/controllers/streamslots.h"
#include "console/models/joblink.h"

#include <QSignalSpy>
#include <QTest>
#include <QUrl>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestJobActions : public QObject
{
    Q_OBJECT
private slots:
    void aLinkComesBack_data()
    {
        QTest::addColumn<QString>("master");
        QTest::addColumn<qint64>("line");
        QTest::newRow("plain") << u"http://127.0.0.1:8080"_s << qint64(-1);
        QTest::newRow("with line") << u"https://ci.example.org/danube"_s << qint64(11'600'000);
        QTest::newRow("strange characters") << u"https://ci.example.org/a&line=7#x y"_s << qint64(0);
    }
    void aLinkComesBack()
    {
        QFETCH(const QString, master);
        QFETCH(const qint64, line);
        const JobLink link{QUrl(master).toString(QUrl::FullyEncoded), JobId(u"job000001"_s), line};
        const auto parsed = JobLink::parse(link.toText());
        QVERIFY2(parsed, parsed ? "" : qPrintable(parsed.error().message));
        QCOMPARE(parsed->job, link.job);
        QCOMPARE(parsed->line, link.line);
        QCOMPARE(QUrl(parsed->master), QUrl(link.master));
    }
    void otherTextsAreRefused_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text :
             {"", "danube:", "danube://job", "danube://job/", "danube://job/a/b?master=http://h", "danube://host/job1",
              "danube://job/job1?master=ftp://h", "danube://job/job1?master=http://", "danube://job/job1?line=3",
              "danube://job/job1?master=http://h&line=0", "danube://job/job1?master=http://h&line=-4", "not a link"})
            QTest::addRow("%s", text) << QString::fromLatin1(text);
    }
    void otherTextsAreRefused()
    {
        QFETCH(const QString, text);
        const auto parsed = JobLink::parse(text);
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, ErrorCode::InvalidArgument);
    }
    void theLastOnesLookedAtHaveTheirTurn()
    {
        StreamSlots turns(2);
        auto a = std::make_unique<QObject>();
        auto b = std::make_unique<QObject>();
        auto c = std::make_unique<QObject>();
        QSignalSpy changed(&turns, &StreamSlots::turnsChanged);
        turns.enter(a.get());
        turns.enter(b.get());
        turns.enter(c.get());
        QVERIFY(!turns.hasTurn(a.get()) && turns.hasTurn(b.get()) && turns.hasTurn(c.get()));
        QCOMPARE(turns.waiting(), 1);
        turns.enter(a.get());
        QVERIFY(turns.hasTurn(a.get()) && !turns.hasTurn(b.get()));
        turns.enter(a.get()); // nothing changes
        QCOMPARE(changed.size(), 4);
        turns.leave(c.get());
        QVERIFY(turns.hasTurn(b.get()));
        a.reset();
        QCOMPARE(turns.waiting(), 0);
        turns.leave(b.get());
        turns.leave(b.get());
        QCOMPARE(changed.size(), 7);
    }
};

QTEST_MAIN(TestJobActions)
#include "tst_jobactions.moc"
