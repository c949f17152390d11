// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/branchpattern.h"
#include "shared/blueprint/cron.h"
#include "shared/blueprint/imagename.h"
#include "shared/blueprint/nearest.h"

#include <QElapsedTimer>
#include <QTest>

using namespace danube;
using namespace danube::blueprint;
using namespace Qt::StringLiterals;

class TestRules : public QObject
{
    Q_OBJECT
private slots:
    void cronFindsTheNextTime_data()
    {
        QTest::addColumn<QString>("schedule");
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("next");
        const auto row = [](const char *schedule, const char *from, const char *next) {
            QTest::newRow(schedule) << QString::fromLatin1(schedule) << QString::fromLatin1(from)
                                    << QString::fromLatin1(next);
        };
        row("* * * * *", "2026-01-31T12:00:00Z", "2026-01-31T12:01:00.000Z");
        row("30 4 * * *", "2026-01-31T04:30:00Z", "2026-02-01T04:30:00.000Z");
        row("30 4 * * 1-5", "2026-01-30T04:30:00Z", "2026-02-02T04:30:00.000Z"); // Friday → Monday
        row("*/15 * * * *", "2026-01-31T12:01:00Z", "2026-01-31T12:15:00.000Z");
        row("5/20 * * * *", "2026-01-31T12:06:00Z", "2026-01-31T12:25:00.000Z");
        row("0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00.000Z");
        row("0 0 13 * fri", "2026-01-31T00:00:00Z", "2026-02-06T00:00:00.000Z"); // either of them
        row("0 12 1 jan,JUL *", "2026-02-01T00:00:00Z", "2026-07-01T12:00:00.000Z");
        row("0 0 * * 7", "2026-01-31T00:00:00Z", "2026-02-01T00:00:00.000Z");
        row("@monthly", "2026-01-31T00:00:00Z", "2026-02-01T00:00:00.000Z");
        row("  0  0 * * SUN ", "2026-01-31T00:00:00Z", "2026-02-01T00:00:00.000Z");
    }
    void cronFindsTheNextTime()
    {
        QFETCH(QString, schedule);
        QFETCH(QString, from);
        const auto cron = CronSchedule::parse(schedule);
        QVERIFY2(cron, qPrintable(cron ? QString() : cron.error().message));
        const auto next = cron->next(fromRfc3339(from));
        QVERIFY(next);
        QTEST(toRfc3339(*next), "next");
    }
    void cronRefuses_data()
    {
        QTest::addColumn<QString>("schedule");
        for (const char *text : {"",
                                 "* * * *",
                                 "* * * * * *",
                                 "60 * * * *",
                                 "* 24 * * *",
                                 "* * 0 * *",
                                 "* * 32 * *",
                                 "* * * 13 *",
                                 "* * * * 8",
                                 "5-1 * * * *",
                                 "*/0 * * * *",
                                 "1,,2 * * * *",
                                 "a * * * *",
                                 "* * * * mo",
                                 "-1 * * * *",
                                 "1-2-3 * * * *",
                                 "*/5/5 * * * *",
                                 "@reboot",
                                 "? * * * *",
                                 "99999999999 * * * *"})
            QTest::newRow(*text ? text : "empty") << QString::fromLatin1(text);
        QTest::newRow("long") << QString(10'000, u'*');
    }
    void cronRefuses()
    {
        QFETCH(QString, schedule);
        QVERIFY(!CronSchedule::parse(schedule));
    }
    void cronKnowsWhatNeverComes()
    {
        QVERIFY(!CronSchedule::parse(u"0 0 30 2 *"_s)->next(fromRfc3339(u"2026-01-01T00:00:00Z"_s)));
    }

    void branchesMatch_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("branch");
        QTest::addColumn<bool>("matches");
        const auto row = [](const char *pattern, const char *branch, bool matches) {
            QTest::addRow("'%s' '%s'", pattern, branch)
                << QString::fromLatin1(pattern) << QString::fromLatin1(branch) << matches;
        };
        row("", "anything/at/all", true);
        row("main", "main", true);
        row("main", "mainline", false);
        row("main", "Main", false);
        row("release/*", "release/1.0", true);
        row("release/*", "release/1/2", false);
        row("release/**", "release/1/2", true);
        row("*", "main", true);
        row("*", "a/b", false);
        row("**", "a/b", true);
        row("v?.*", "v1.2", true);
        row("v?.*", "v12.3", false);
        row("a?b", "a/b", false);
        row("*-fix", "a-fix", true);
        row("*-fix", "-fix", true);
        row("**/x", "a/b/x", true);
        row("a.c", "abc", false);
    }
    void branchesMatch()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, branch);
        QTEST(matchesBranch(pattern, branch), "matches");
    }
    void hostileBranchesCostLittle()
    {
        QElapsedTimer timer;
        timer.start();
        QString pattern;
        for (int i = 0; i < 100; ++i)
            pattern += u"*a"_s;
        QVERIFY(!matchesBranch(pattern, QString(250, u'a') + u'b'));
        QVERIFY(timer.elapsed() < 1000);
    }
    void branchPatternsAreChecked_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<bool>("valid");
        const auto row = [](const char *pattern, bool valid) {
            QTest::addRow("'%s'", pattern) << QString::fromLatin1(pattern) << valid;
        };
        for (const char *good : {"main", "release/*", "**", "feature/**/x", "v?.?"})
            row(good, true);
        for (const char *bad : {"", "a b", "a..b", "-x", "/a", "a/", "a//b", "a~1", "a:b", "[ab]", "a\\b", "x.lock",
                                "refs/heads/main", ".a", "a/.b", "a."})
            row(bad, false);
    }
    void branchPatternsAreChecked()
    {
        QFETCH(QString, pattern);
        QTEST(checkBranchPattern(pattern).has_value(), "valid");
    }

    void imagesAreTakenApart_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("parts");
        const auto row = [](const char *text, const QStringList &parts) {
            QTest::newRow(text) << QString::fromLatin1(text) << parts;
        };
        row("gcc", {u""_s, u"gcc"_s, u""_s, u""_s});
        row("gcc:14", {u""_s, u"gcc"_s, u"14"_s, u""_s});
        row("library/gcc:14-Slim", {u""_s, u"library/gcc"_s, u"14-Slim"_s, u""_s});
        row("registry.danube-system:5000/tools/gcc", {u"registry.danube-system:5000"_s, u"tools/gcc"_s, u""_s, u""_s});
        row("localhost/x:1", {u"localhost"_s, u"x"_s, u"1"_s, u""_s});
        row("example.org/a__b/c.d-e:v1", {u"example.org"_s, u"a__b/c.d-e"_s, u"v1"_s, u""_s});
    }
    void imagesAreTakenApart()
    {
        QFETCH(QString, text);
        const auto name = parseImageName(text);
        QVERIFY2(name, qPrintable(name ? QString() : name.error().message));
        QTEST((QStringList{name->host, name->path, name->tag, name->digest}), "parts");
    }
    void imagesWithDigest()
    {
        const auto digest = u"sha256:"_s + QString(64, u'a');
        QCOMPARE(parseImageName(u"gcc:14@"_s + digest)->digest, digest);
        QVERIFY(!parseImageName(u"gcc@sha256:abc"_s));
    }
    void imagesAreRefused_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text :
             {"", "GCC", "gcc:", "gcc:a b", "https://example.org/gcc", "gcc@", "/gcc", "gcc/", "a//b", "-a", "a b",
              "example.org:port/x", "${IMAGE}", "a:b:c", "..", "exa_mple.org/x"})
            QTest::newRow(*text ? text : "empty") << QString::fromLatin1(text);
        QTest::newRow("long") << QString(10'000, u'a');
    }
    void imagesAreRefused()
    {
        QFETCH(QString, text);
        QVERIFY(!parseImageName(text));
    }

    void nearestWords()
    {
        const QStringList known{u"egress_allowlist"_s, u"retention"_s, u"spec"_s};
        QCOMPARE(nearest(u"egres_allowlist"_s, known), u"egress_allowlist"_s);
        QCOMPARE(nearest(u"retnetion"_s, known), u"retention"_s);
        QCOMPARE(nearest(u"unrelated"_s, known), QString());
        QCOMPARE(nearest(QString(1'000'000, u'x'), known), QString());
        QCOMPARE(nearest(u"x"_s, known), QString());
    }
};

QTEST_GUILESS_MAIN(TestRules)
#include "tst_rules.moc"
