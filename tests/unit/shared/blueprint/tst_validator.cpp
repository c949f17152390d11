// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/changes.h"
#include "shared/blueprint/schema.h"
#include "shared/blueprint/validator.h"

#include <QElapsedTimer>
#include <QTest>

#include <ctime>

using namespace danube;
using namespace danube::blueprint;
using namespace Qt::StringLiterals;

namespace {

QByteArray document(const char *kind, const char *name, const QByteArray &spec)
{
    return QByteArray("{\"apiVersion\": \"danube.dev/v1\", \"kind\": \"") + kind + "\",\n \"metadata\": {\"name\": \"" +
           name + "\"},\n \"spec\": " + spec + "}\n";
}

/// JSON with single quotes (raw strings with "//" in them confuse moc).
QByteArray quoted(QByteArray text)
{
    return text.replace('\'', '"');
}

Files goodFiles()
{
    return {
        {u"config.json"_s,
         document("Config", "global",
                  quoted("{'egress_allowlist': ['packages.example.org'],\n"
                         "'retention': {'logs_days': 30}, 'kubernetes': {'coordinator_image': "
                         "'registry.danube-system:5000/coordinator:1'},\n"
                         "'git_authentication': [{'host': 'github.com', 'type': 'https_token', 'secret': 'forge'}]}"))},
        {u"users.json"_s, "[" + document("User", "ada", "{\"email\": \"ada@example.org\"}") + ",\n" +
                              document("User", "Bob.2", "{\"email\": \"bob@example.org\"}") + "]"},
        {u"teams.json"_s, "[" + document("Team", "core", "{\"members\": [\"ada\", \"Bob.2\"]}") + "]"},
        {u"pipelines/web.json"_s,
         document(
             "Pipeline", "web",
             quoted(
                 "{\n"
                 "'repository': 'https://example.org/web.git', 'branch_filter': 'release/**',\n"
                 "'triggers': [{'on': 'push', 'branches': ['main']}, {'on': 'cron', 'schedule': '30 4 * * 1-5'}],\n"
                 "'worker': {'image': 'gcc:14', 'resources': {'cpu': 2, 'memory': '512Mi'}}, 'egress_mode': 'audit',\n"
                 "'permissions': [{'team': 'core', 'level': 'write'}]}"))},
        {u"README.md"_s, "not JSON at all"}};
}

/// Teams of 16 000 members with long names, and as many users as are looked at for what was meant.
Files strangers()
{
    const auto name = [](const char *prefix, int number) {
        return (prefix + QByteArray::number(number)).leftJustified(63, 'x');
    };
    QByteArray users;
    for (int i = 0; i < 1000; ++i)
        users +=
            document("User", name("u", i).constData(), "{\"email\": \"u" + QByteArray::number(i) + "@example.org\"}") +
            ',';
    Files files{{u"config.json"_s, goodFiles()[u"config.json"_s]}, {u"users.json"_s, '[' + users.chopped(1) + ']'}};
    QByteArray teams;
    for (int team = 0; team < 2; ++team) {
        QByteArray members;
        for (int i = 0; i < 7000; ++i)
            members += '"' + name("m", team * 7000 + i) + "\",";
        teams += document("Team", team == 0 ? "a" : "b", "{\"members\": [" + members.chopped(1) + "]}") + ',';
    }
    files.insert(u"teams.json"_s, '[' + teams.chopped(1) + ']');
    return files;
}

QString render(const QList<Finding> &findings)
{
    QStringList lines;
    for (const Finding &finding : findings)
        lines.append(describe(finding));
    return lines.join(u'\n');
}

} // namespace

class TestValidator : public QObject
{
    Q_OBJECT
private slots:
    void acceptsAWholeBlueprint()
    {
        const auto validation = validate(goodFiles());
        QVERIFY2(validation.isAccepted(), qPrintable(render(validation.findings)));
        QCOMPARE(render(validation.findings), QString());
        const Snapshot &snapshot = *validation.snapshot;
        QCOMPARE(snapshot.config.egressAllowlist, QStringList{u"packages.example.org"_s});
        QCOMPARE(snapshot.config.retention.logs, std::chrono::days(30));
        QVERIFY(!snapshot.config.retention.artifacts);
        QCOMPARE(snapshot.config.gitAuthentication.first().secret, u"forge"_s);
        QCOMPARE(snapshot.teams[u"core"_s].members, QStringList({u"ada"_s, u"Bob.2"_s}));
        const PipelineDocument web = snapshot.pipelines[u"web"_s];
        QCOMPARE(web.pipeline.image, u"gcc:14"_s);
        QCOMPARE(web.triggers.size(), 2);
        QCOMPARE(web.triggers[1].schedule, u"30 4 * * 1-5"_s);
        QVERIFY(web.egressMode == EgressMode::Audit);
        QVERIFY(!web.onViolation);
        QVERIFY(web.permissions.first().level == PermissionLevel::Write);
    }
    void findsWhatIsWrong_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QString>("finding"); // its beginning
        const auto row = [](const char *name, const char *file, const char *before, const char *after,
                            const char *finding) {
            QTest::newRow(name) << QString::fromLatin1(file) << QByteArray(before) << QByteArray(after)
                                << QString::fromUtf8(finding);
        };
        const auto web = "pipelines/web.json";
        row("syntax", web, "\"branch_filter\": \"release/**\",", "\"branch_filter\": \"release/**\"",
            "pipelines/web.json:5:1: error: expected ',' or '}', got '\"'");
        row("duplicate key", web, "\"branch_filter\": \"release/**\"", "\"repository\": \"https://example.org/x\"",
            "pipelines/web.json:4:46: error: spec.repository is there twice, first in line 4");
        row("missing field", web, "\"repository\"", "\"x-repository\"",
            "pipelines/web.json:3:10: error: spec.repository is missing (add \"repository\": the URL of a git");
        row("wrong type", web, "\"gcc:14\"", "14",
            "pipelines/web.json:6:21: error: spec.worker.image: expected an image such as");
        row("wrong word", web, "\"audit\"", "\"audti\"",
            "pipelines/web.json:6:91: error: spec.egress_mode: expected one of enforce or audit, got \"audti\"");
        row("amount", web, "512Mi", "512MB",
            "pipelines/web.json:6:65: error: spec.worker.resources.memory: expected an amount such as");
        row("unknown field", web, "\"egress_mode\"", "\"egres_mode\"",
            "pipelines/web.json:6:90: warning: spec.egres_mode: unknown field, it has no effect (\"egress_mode\" may "
            "be");
        row("envelope", web, "danube.dev/v1", "danube.dev/v2",
            "pipelines/web.json:1:16: error: apiVersion: expected \"danube.dev/v1\", got \"danube.dev/v2\"");
        row("kind", web, "Pipeline", "Config", "pipelines/web.json:1:41: error: kind: expected \"Pipeline\"");
        row("name", web, "\"web\"", "\"We b\"", "pipelines/web.json:2:23: error: metadata.name: expected 1 to 64");
        row("newline in name", web, "\"web\"", "\"web\\n\"", "pipelines/web.json:2:23: error: metadata.name: expected");
        row("file name", web, "\"web\"", "\"shop\"",
            "pipelines/web.json:2:23: error: metadata.name: \"shop\" is not the name of its file");
        row("schedule", web, "30 4 * * 1-5", "30 24 * * *",
            "pipelines/web.json:5:79: error: spec.triggers[1].schedule: hour: expected");
        row("never", web, "30 4 * * 1-5", "0 0 31 2 *",
            "pipelines/web.json:5:79: error: spec.triggers[1].schedule: \"0 0 31 2 *\" never comes");
        row("unknown catch_up", web, "\"30 4 * * 1-5\"", "\"30 4 * * 1-5\", \"catch_up\": \"some\"",
            "pipelines/web.json:5:107: error: spec.triggers[1].catch_up: expected one of none, last or all");
        row("catch_up of a push", web, "\"on\": \"push\"", "\"on\": \"push\", \"catch_up\": \"last\"",
            "pipelines/web.json:5:41: error: spec.triggers[0]: only a cron trigger catches up");
        row("pattern for cron", web, "\"30 4 * * 1-5\"", "\"30 4 * * 1-5\", \"branches\": [\"release/*\"]",
            "pipelines/web.json:5:108: error: spec.triggers[1].branches[0]: a cron trigger needs the names of "
            "branches");
        row("cron without schedule", web, ", \"schedule\": \"30 4 * * 1-5\"", "",
            "pipelines/web.json:5:52: error: spec.triggers[1]: a cron trigger needs a schedule");
        row("branch pattern", web, "[\"main\"]", "[\"ma in\"]",
            "pipelines/web.json:5:42: error: spec.triggers[0].branches[0]: branch pattern");
        row("branch filter", web, "release/**", "release//x", "pipelines/web.json:4:63: error: spec.branch_filter: ");
        row("image", web, "gcc:14", "GCC:14", "pipelines/web.json:6:21: error: spec.worker.image: image \"GCC:14\"");
        row("no tag", web, "gcc:14", "gcc",
            "pipelines/web.json:6:21: warning: spec.worker.image: \"gcc\" names no tag");
        row("unknown team", web, "\"core\"", "\"cor\"",
            "pipelines/web.json:7:26: error: spec.permissions[0].team: there is no team \"cor\" (\"core\" may be "
            "meant)");
        row("script outside", web, "\"branch_filter\": \"release/**\"", "\"script\": \"../x.py\"",
            "pipelines/web.json:3:10: error: spec.script: expected a path inside the repository");
        row("unknown member", "teams.json", "\"ada\"", "\"adda\"",
            "teams.json:3:23: error: spec.members[0]: there is no user");
        row("same e-mail", "users.json", "bob@", "ADA@",
            "users.json:7:20: error: spec.email: ADA@example.org is ada's");
        row("same user", "users.json", "Bob.2", "ada", "users.json:6:23: error: metadata.name: the user \"ada\" is");
        row("no e-mail", "users.json", "bob@example.org", "bob",
            "users.json:7:20: error: spec.email: expected an e-mail");
        row("clear password", "users.json", "\"bob@example.org\"", "\"b@c\", \"password_hash\": \"hunter2\"",
            "users.json:7:44: error: spec.password_hash: expected a bcrypt hash");
        row("negative days", "config.json", "30", "-1",
            "config.json:4:28: error: spec.retention.logs_days: expected a whole number of days");
        row("no list", "config.json", "[\"packages.example.org\"]", "\"packages.example.org\"",
            "config.json:3:31: error: spec.egress_allowlist: expected a list of at most 1000, got \"packages");
        row("ssh without hosts", "config.json", "https_token", "ssh_key",
            "config.json:5:24: error: spec.git_authentication[0]: an ssh key is only used with hosts");
        row("app without numbers", "config.json", "https_token", "github_app",
            "config.json:5:24: error: spec.git_authentication[0]: a GitHub App signs in with app_id");
        row("numbers without app", "config.json", "\"https_token\"", "\"https_token\", \"app_id\": 1",
            "config.json:5:24: error: spec.git_authentication[0]: only a GitHub App has app_id");
        row("app by name", "config.json", "\"https_token\"",
            "\"github_app\", \"app_id\": \"mine\", \"installation_id\": 1",
            "config.json:5:79: error: spec.git_authentication[0].app_id: expected the number GitHub gave the app, got "
            "\"mine\"");
    }
    void findsWhatIsWrong()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QFETCH(QString, finding);
        Files files = goodFiles();
        QVERIFY2(files[file].contains(before), "the row changes nothing");
        files[file].replace(files[file].indexOf(before), before.size(), after);
        const auto validation = validate(files);
        const auto found = render(validation.findings);
        if (!found.startsWith(finding) && !found.contains(u'\n' + finding))
            QCOMPARE(found, finding);
        QCOMPARE(validation.isAccepted(), !finding.contains("error"_L1));
    }
    void takesUsersInThreeForms_data()
    {
        const QByteArray user = document("User", "ada", "{\"email\": \"ada@example.org\"}");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("one") << user;
        QTest::newRow("array") << "[" + user + "]";
        QTest::newRow("items") << "{\"apiVersion\": \"danube.dev/v1\", \"kind\": \"UserList\", \"items\": [" + user +
                                      "]}";
    }
    void takesUsersInThreeForms()
    {
        QFETCH(QByteArray, text);
        const auto validation =
            validate({{u"config.json"_s, document("Config", "global", "{}")}, {u"users.json"_s, text}});
        QVERIFY2(validation.isAccepted(), qPrintable(render(validation.findings)));
        QCOMPARE(validation.snapshot->users.keys(), QStringList{u"ada"_s});
    }
    void refusesAnEmptyTree()
    {
        const auto validation = validate({{u"README.md"_s, "hello"}});
        QVERIFY(!validation.isAccepted());
        QCOMPARE(render(validation.findings),
                 u"error: there is no config.json and no pipelines/*.json here (is this the "
                 "right branch and config_repo.path?)"_s);
    }
    void pipelinesAloneAreEnough()
    {
        Files files = goodFiles();
        const auto text = files[u"pipelines/web.json"_s].replace("{\"team\": \"core\", \"level\": \"write\"}", "");
        const auto validation = validate({{u"pipelines/web.json"_s, text}});
        QVERIFY2(validation.isAccepted(), qPrintable(render(validation.findings)));
        QVERIFY(validation.snapshot->config == ConfigDocument());
        QCOMPARE(render(validation.findings), u"config.json:1:1: warning: the file is missing: defaults apply"_s);
    }
    void lintsAllowlists()
    {
        Files files{{u"config.json"_s, goodFiles()[u"config.json"_s]}};
        files[u"config.json"_s].replace("packages.example.org", "https://example.org");
        files[u"pipelines/p.json"_s] = document(
            "Pipeline", "p", quoted("{'repository': 'https://example.org/p', 'egress_allowlist': ['*foo.org']}"));
        const auto validation = validate(files);
        QVERIFY(!validation.isAccepted());
        const auto found = render(validation.findings);
        QVERIFY2(found.contains(u"config.json:3:32: error: spec.egress_allowlist[0]: "_s), qPrintable(found));
        QVERIFY2(found.contains(u"pipelines/p.json:3:71: warning: spec.egress_allowlist[0]: "_s), qPrintable(found));
    }
    void aPipelinesListAddsToTheGlobalOne()
    {
        Files files{{u"config.json"_s, goodFiles()[u"config.json"_s]}};
        files[u"pipelines/p.json"_s] =
            document("Pipeline", "p",
                     quoted("{'repository': 'https://example.org/p', 'egress_allowlist': ['packages.example.org']}"));
        const auto validation = validate(files);
        QVERIFY(validation.isAccepted());
        QVERIFY2(render(validation.findings).contains(u"spec.egress_allowlist[0]"_s),
                 qPrintable(render(validation.findings)));
    }
    void findingsAreBounded()
    {
        QByteArray text = "[";
        for (int i = 0; i < 30'000; ++i)
            text += "1,\n";
        QElapsedTimer timer;
        timer.start();
        const auto validation = validate({{u"users.json"_s, text + "1]"}}, {.maxFindings = 10});
        QCOMPARE(validation.findings.size(), 10);
        QVERIFY(timer.elapsed() < 20'000);
    }
    void workIsBounded_data()
    {
        QTest::addColumn<Files>("files");
        QTest::addColumn<QString>("said");
        constexpr int bytes = 1'040'000; // a file may have 1 MiB
        const auto many = [](const QByteArray &one, int size) {
            return '[' + one.repeated(size / static_cast<int>(one.size())).chopped(1) + ']';
        };
        QTest::newRow("numbers in one line") << Files{{u"users.json"_s, many("1,", bytes)}} << u"expected an object"_s;
        QTest::newRow("empty documents") << Files{{u"users.json"_s, many("{},", bytes)}} << u"is missing"_s;
        QTest::newRow("a long key above many objects")
            << Files{{u"pipelines/a.json"_s,
                      "{\"" + QByteArray(bytes / 2, 'k') + "\": " + many("{},", bytes / 2) + '}'}}
            << u"is missing"_s;
        QTest::newRow("duplicates below a long key")
            << Files{{u"pipelines/a.json"_s, "{\"" + QByteArray(bytes / 2, 'k') + "\": {" +
                                                 QByteArray("\"a\":1,").repeated(50'000).chopped(1) + "}}"}}
            << u"is there twice"_s;
        QTest::newRow("members that are nobody") << strangers() << u"there is no user"_s;
    }
    void workIsBounded()
    {
        QFETCH(Files, files);
        QFETCH(QString, said);
        const std::clock_t before = std::clock();
        const auto validation = validate(files);
        const double seconds = double(std::clock() - before) / CLOCKS_PER_SEC;
        QVERIFY(!validation.isAccepted());
        QVERIFY(validation.findings.size() <= 500);
        QVERIFY(std::ranges::any_of(validation.findings,
                                    [&said](const Finding &finding) { return finding.message.contains(said); }));
        for (const Finding &finding : validation.findings)
            QVERIFY(finding.message.size() <= 2000 && finding.pointer.size() <= 2000);
        QVERIFY2(seconds < 20, qPrintable(u"%1 s of CPU"_s.arg(seconds))); // each took minutes, or gigabytes
    }
    void warningsHideNoError()
    {
        QByteArray odd;
        for (int i = 0; i < 100; ++i)
            odd += ", \"odd" + QByteArray::number(i) + "\": 1";
        Files files = goodFiles();
        for (int i = 0; i < 250; ++i) { // more than a report keeps
            const auto name = "p" + QByteArray::number(i);
            files.insert(
                u"pipelines/%1.json"_s.arg(QString::fromLatin1(name)),
                document("Pipeline", name.constData(), "{\"repository\": \"https://example.org/a\"" + odd + '}'));
        }
        QVERIFY(validate(files).isAccepted());
        files[u"users.json"_s].replace("ada@example.org", "nobody"); // users come last
        const auto validation = validate(files);
        QVERIFY(!validation.isAccepted());
        QVERIFY(hasErrors(validation.findings));
    }
    void comparesOnlySoManyAllowlistEntries()
    {
        const auto list = [](const QString &prefix, const QByteArray &more) {
            QByteArray entries = more;
            for (int i = 0; i < 1000 - more.count(','); ++i)
                entries += "'" + prefix.toLatin1() + QByteArray::number(i) + ".example.org',";
            return quoted("'egress_allowlist': [" + entries.chopped(1) + "]");
        };
        Files files{{u"config.json"_s, document("Config", "global", '{' + list(u"base"_s, {}) + '}')}};
        const auto add = [&](const char *name, const QByteArray &more) {
            files.insert(
                u"pipelines/%1.json"_s.arg(QLatin1StringView(name)),
                document("Pipeline", name,
                         "{\"repository\": \"https://example.org/a\", " + list(QLatin1StringView(name), more) + '}'));
        };
        add("a", "'base1.example.org',");
        for (char c = 'b'; c < 'y'; ++c)
            add(QByteArray(1, c).constData(), {});
        add("y", "'base1.example.org',");
        const auto found = render(validate(files).findings);
        QVERIFY2(found.contains("pipelines/a.json:3"_L1), qPrintable(found.left(1000)));
        QVERIFY(found.contains("hint: there are so many egress_allowlist entries"_L1));
        QVERIFY(!found.contains("pipelines/y.json"_L1)); // the same duplicate, not looked for any more
        add("z", "'not a name',");
        const auto validation = validate(files);
        QVERIFY(!validation.isAccepted()); // what is wrong is found all the same
        QVERIFY2(render(validation.findings).contains("pipelines/z.json:3"_L1),
                 qPrintable(render(validation.findings).left(1000)));
    }
    void findingsTravelAsJson()
    {
        const Finding finding{u"config.json"_s, u"/spec"_s, {3, 4}, Severity::Warning, u"odd"_s, u"mend it"_s};
        QCOMPARE(findingFromJson(toJson(finding)), finding);
    }
    void schemasAreShipped()
    {
        for (const auto kind : {DocumentKind::Config, DocumentKind::User, DocumentKind::Team, DocumentKind::Pipeline}) {
            const auto schema = QJsonDocument::fromJson(Schema::text(kind)).object();
            QCOMPARE(schema.value("$schema"_L1).toString(), u"http://json-schema.org/draft-07/schema#"_s);
            QVERIFY(!Schema::of(kind).partAt(u"/metadata/name"_s).isEmpty());
            QVERIFY(!Schema::of(kind).check({}).isEmpty());
        }
    }
    void aLongTextDoesNotEndTheProgram()
    {
        const QByteArray name(900'000, 'a');
        const auto validation = validate({{u"config.json"_s, document("Config", name.constData(), "{}")}});
        QVERIFY(!validation.isAccepted());
        QVERIFY(render(validation.findings).size() < 1000);
    }

    void changesInWords()
    {
        const auto before = *validate(goodFiles()).snapshot;
        Files files = goodFiles();
        const auto edit = [&files](const char *file, const char *from, const char *to) {
            files[QString::fromLatin1(file)].replace(from, to);
        };
        edit("config.json", "\"packages.example.org\"", "\"*.cdn.example.com\"");
        edit("teams.json", "\"ada\", ", "");
        edit("users.json", "\"email\": \"ada@example.org\"",
             "\"email\": \"ada@example.org\", \"password_hash\": \"$2y$x\"");
        edit("pipelines/web.json", "gcc:14", "gcc:15");
        files.insert(u"pipelines/new.json"_s,
                     document("Pipeline", "new", "{\"repository\": \"https://example.org/n\"}"));
        const auto validation = validate(files);
        QVERIFY2(validation.isAccepted(), qPrintable(render(validation.findings)));
        QStringList texts;
        for (const Change &change : changesBetween(before, *validation.snapshot)) {
            texts.append(describe(change));
            QCOMPARE(changeFromJson(toJson(change)), change);
        }
        QCOMPARE(texts, QStringList({u"config: egress_allowlist entry \"packages.example.org\" removed"_s,
                                     u"config: egress_allowlist entry \"*.cdn.example.com\" added"_s,
                                     u"user \"ada\": password_hash changed"_s,
                                     u"team \"core\": members entry \"ada\" removed"_s,
                                     u"pipeline \"web\": worker.image changed from \"gcc:14\" to \"gcc:15\""_s,
                                     u"pipeline \"new\" added"_s}));
    }
    void tellsHowTheMasterSignsIn()
    {
        const auto withEntry = [](const QByteArray &entry) {
            Files files = goodFiles();
            files[u"config.json"_s] =
                document("Config", "global", quoted("{'git_authentication': [{'host': 'h', " + entry + "}]}"));
            const auto validation = validate(files);
            return validation.snapshot.value_or(Snapshot());
        };
        const auto app = withEntry("'type': 'github_app', 'secret': 's', 'app_id': 1, 'installation_id': 2");
        const auto added = changesBetween({}, app);
        const auto entry = std::ranges::find(added, u"git_authentication"_s, &Change::field);
        QVERIFY(entry != added.end());
        QCOMPARE(entry->after, u"h by GitHub App in secret s"_s);
        for (const char *other : {"'type': 'github_app', 'secret': 's', 'app_id': 3, 'installation_id': 2",
                                  "'type': 'github_app', 'secret': 's', 'app_id': 1, 'installation_id': 3"}) {
            const auto changed = changesBetween(app, withEntry(other));
            QCOMPARE(changed.size(), 1);
            QCOMPARE(describe(changed.first()), u"config: git_authentication changed"_s);
        }
    }
    void layoutIsNoChange()
    {
        Files files = goodFiles();
        files[u"config.json"_s].replace("\n", "\n\n  ");
        QVERIFY(changesBetween(*validate(goodFiles()).snapshot, *validate(files).snapshot).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestValidator)
#include "tst_validator.moc"
