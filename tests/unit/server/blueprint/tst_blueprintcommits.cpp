// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/server/blueprint/blueprintfixture.h"

using namespace danube;
using namespace danube::blueprint;
using namespace danube::tests;
using namespace Qt::StringLiterals;

/// What the service writes to the branch.
class TestBlueprintCommits : public QObject
{
    Q_OBJECT
    std::unique_ptr<Fixture> m_fixture;

private slots:
    void cleanupTestCase() { m_fixture.reset(); }
    void commitsForTheSignedInUser()
    {
        Fixture fixture;
        auto &service = fixture.run();
        const auto text = QByteArray(configText).replace("[\"packages", "[\"a.example.org\", \"packages");
        const auto answer = fixture.commit(fixture.first, {{u"config.json"_s, text}, {u"users.json"_s, "[]"}});
        QVERIFY2(answer, qPrintable(answer ? QString() : answer.error().message));
        QCOMPARE(fixture.origin.git({u"rev-parse"_s, u"main"_s}), answer->commit);
        QCOMPARE(fixture.origin.git({u"rev-parse"_s, u"main^"_s}), fixture.first);
        QCOMPARE(fixture.origin.git({u"log"_s, u"-1"_s, u"--format=%an|%ae|%cn|%s"_s, u"main"_s}),
                 u"Ada L|ada@example.org|Danube|Change the configuration"_s);
        QCOMPARE(fixture.origin.git({u"diff"_s, u"--name-status"_s, u"main^"_s, u"main"_s}),
                 u"M\tconfig.json\nA\tusers.json"_s);
        QCOMPARE(service.status().activeCommit, answer->commit); // in force when the answer comes
        QCOMPARE(service.snapshot().config.egressAllowlist.size(), 2);

        const auto removal = fixture.commit(answer->commit, {{u"users.json"_s, std::nullopt}});
        QVERIFY(removal);
        QCOMPARE(fixture.origin.git({u"diff"_s, u"--name-status"_s, u"main^"_s, u"main"_s}), u"D\tusers.json"_s);
    }
    void oneOfTwoWritersGetsTheNewBase()
    {
        Fixture fixture;
        auto &service = fixture.run();
        std::vector<std::optional<Result<CommitAnswer>>> results(2);
        for (size_t i = 0; i < 2; ++i) {
            const auto name = i == 0 ? "one" : "two";
            service.commit({fixture.first,
                            {{u"pipelines/%1.json"_s.arg(QLatin1StringView(name)), pipeline(name)}},
                            u"x"_s,
                            {u"Ada"_s, u"ada@example.org"_s}},
                           &service, [&results, i](Result<CommitAnswer> answer) { results[i] = std::move(answer); });
        }
        const auto one = waitFor(results[0]);
        const auto two = waitFor(results[1]);
        QVERIFY(one);
        QVERIFY(!two);
        QCOMPARE(two.error().code, ErrorCode::Conflict);
        QVERIFY2(two.error().message.contains(one->commit), qPrintable(two.error().message));
        QCOMPARE(service.status().headCommit, one->commit);
        QCOMPARE(fixture.pipelines(), QStringList({u"one"_s, u"web"_s}));
    }
    void aPushThatCameTooLateIsAConflict()
    {
        Fixture fixture;
        fixture.run();
        fixture.service.reset();
        const auto repository = source::parseRepository(fixture.settings.url, {u"file"_s});
        ConfigRepository mirror({.repository = *repository,
                                 .branch = u"main"_s,
                                 .path = {},
                                 .directory = fixture.dir.filePath(u"late"_s),
                                 .limits = {},
                                 .signing = {},
                                 .access = {}});
        std::optional<Result<QString>> head;
        mirror.fetch([&head](Result<QString> found) { head = std::move(found); });
        QVERIFY(waitFor(head));
        std::optional<Result<QString>> made;
        mirror.write(**head, {{u"config.json"_s, "{}"}}, u"late"_s, {u"a"_s, u"b@c"_s}, 1,
                     [&made](Result<QString> id) { made = std::move(id); });
        QVERIFY(waitFor(made));
        const auto moved = fixture.origin.commit(u"x"_s, "1");
        std::optional<Result<bool>> pushed;
        mirror.push(**made, [&pushed](Result<void> done) {
            pushed = done ? Result<bool>(true) : std::unexpected(done.error());
        });
        const auto outcome = waitFor(pushed);
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::Conflict);
        QCOMPARE(fixture.origin.git({u"rev-parse"_s, u"main"_s}), moved);
    }
    void commitsOnlyWhatIsAccepted()
    {
        Fixture fixture;
        fixture.run();
        const auto answer = fixture.commit(fixture.first, {{u"pipelines/x.json"_s, "{"}});
        QVERIFY(answer);
        QVERIFY(answer->commit.isEmpty());
        QCOMPARE(answer->findings.first().file, u"pipelines/x.json"_s);
        QCOMPARE(fixture.origin.git({u"rev-parse"_s, u"main"_s}), fixture.first);
    }
    void commitsNothingThatNoLookWouldRead_data()
    {
        QTest::addColumn<FileChanges>("files");
        QTest::newRow("files") << FileChanges{{u"pipelines/a.json"_s, pipeline("a")},
                                              {u"pipelines/b.json"_s, pipeline("b")}};
        QTest::newRow("bytes") << FileChanges{{u"pipelines/a.json"_s, pipeline("a") + QByteArray(2000, ' ')}};
    }
    void commitsNothingThatNoLookWouldRead()
    {
        QFETCH(FileChanges, files);
        Fixture fixture;
        fixture.settings.limits.files = 3;
        fixture.settings.limits.totalBytes = 2000;
        fixture.run();
        const auto answer = fixture.commit(fixture.first, files);
        QVERIFY(answer);
        QVERIFY(answer->commit.isEmpty());
        QVERIFY(hasErrors(answer->findings));
        QVERIFY2(answer->findings.first().message.startsWith("more than 3 files"_L1),
                 qPrintable(answer->findings.first().message));
        QCOMPARE(fixture.origin.git({u"rev-parse"_s, u"main"_s}), fixture.first);
        const auto small = fixture.commit(fixture.first, {{u"pipelines/a.json"_s, pipeline("a")}});
        QVERIFY(small && !small->commit.isEmpty());
    }
    void refusesCommits_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("base");
        const QString anyBase(40, u'a');
        QTest::newRow("outside") << u"pipelines/../../x.json"_s << anyBase;
        QTest::newRow("absolute") << u"/etc/passwd"_s << anyBase;
        QTest::newRow("another file") << u"README.md"_s << anyBase;
        QTest::newRow("git's own") << u".git/config"_s << anyBase;
        QTest::newRow("line in a path") << u"pipelines/a\nM 1.json"_s << anyBase;
        QTest::newRow("option as base") << u"config.json"_s << u"--all"_s;
        QTest::newRow("short base") << u"config.json"_s << u"abc"_s;
    }
    void refusesCommits()
    {
        QFETCH(QString, path);
        QFETCH(QString, base);
        if (!m_fixture) { // none of the rows changes anything
            m_fixture = std::make_unique<Fixture>();
            m_fixture->run();
        }
        const auto answer = m_fixture->commit(base, {{path, "{}"}});
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::InvalidArgument);
    }
    void commitsNothingWhenPushIsOff()
    {
        Fixture fixture;
        fixture.settings.mayPush = false;
        fixture.run();
        const auto answer = fixture.commit(fixture.first, {{u"config.json"_s, "{}"}});
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::PermissionDenied);
    }
    void plansWithoutDoing()
    {
        Fixture fixture;
        auto &service = fixture.run();
        const auto plan =
            service.plan({{u"pipelines/web.json"_s, std::nullopt}, {u"pipelines/x.json"_s, pipeline("x")}});
        QVERIFY(plan);
        QCOMPARE(plan->baseCommit, fixture.first);
        QCOMPARE(plan->changes.size(), 2);
        QCOMPARE(describe(plan->changes[0]), u"pipeline \"web\" removed"_s);
        QCOMPARE(fixture.pipelines(), QStringList{u"web"_s});
        QVERIFY(!service.plan({{u"x"_s, "1"}}));
    }
};

QTEST_GUILESS_MAIN(TestBlueprintCommits)
#include "tst_blueprintcommits.moc"
