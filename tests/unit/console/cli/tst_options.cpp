// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/context.h"
#include "console/cli/followingcommand.h"
#include "console/cli/jobcommands.h"
#include "console/cli/jobfinder.h"

#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::cli;
using namespace Qt::StringLiterals;

class TestOptions : public QObject
{
    Q_OBJECT
private slots:
    void understandsEveryWayToWriteAnOption_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::newRow("long, separate") << QStringList{u"run"_s, u"web"_s, u"--ref"_s, u"main"_s, u"--follow"_s};
        QTest::newRow("long, joined") << QStringList{u"run"_s, u"--ref=main"_s, u"--follow"_s, u"web"_s};
        QTest::newRow("letter, separate") << QStringList{u"run"_s, u"-f"_s, u"-r"_s, u"main"_s, u"web"_s};
        QTest::newRow("letters, joined") << QStringList{u"run"_s, u"-frmain"_s, u"web"_s};
        QTest::newRow("end of options") << QStringList{u"run"_s, u"-f"_s, u"-r"_s, u"main"_s, u"--"_s, u"web"_s};
    }
    void understandsEveryWayToWriteAnOption()
    {
        QFETCH(QStringList, words);
        const auto options = parseOptions(words);
        QVERIFY(options);
        QCOMPARE(QByteArrayView(options->command->name), QByteArrayView("run"));
        QCOMPARE(options->arguments, QStringList{u"web"_s});
        QCOMPARE(options->value(u"ref"_s), u"main"_s);
        QVERIFY(options->has(u"follow"_s));
        QVERIFY(!options->has(u"json"_s));
    }

    void takesGlobalOptionsAnywhere()
    {
        const auto options = parseOptions({u"--url"_s, u"h:1"_s, u"jobs"_s, u"--json"_s, u"--url=h:2"_s});
        QVERIFY(options);
        QCOMPARE(options->value(u"url"_s), u"h:2"_s);
        QVERIFY(options->has(u"json"_s));
    }

    void keepsRepeatedValuesAndDashes()
    {
        const auto options = parseOptions({u"run"_s, u"-p"_s, u"a=1"_s, u"--param=b=--x"_s, u"--"_s, u"-web"_s});
        QVERIFY(options);
        QCOMPARE(options->values.value(u"param"_s), (QStringList{u"a=1"_s, u"b=--x"_s}));
        QCOMPARE(options->arguments, QStringList{u"-web"_s});
    }

    void refusesWithOneSentence_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("nothing") << QStringList{} << u"no command given (see danubectl --help)"_s;
        QTest::newRow("unknown command") << QStringList{u"fly"_s} << u"unknown command 'fly' (see danubectl --help)"_s;
        QTest::newRow("unknown option") << QStringList{u"jobs"_s, u"--ref"_s, u"x"_s}
                                        << u"unknown option --ref (see danubectl jobs --help)"_s;
        QTest::newRow("command's option first")
            << QStringList{u"--ref=x"_s, u"run"_s} << u"unknown option --ref (see danubectl --help)"_s;
        QTest::newRow("unknown letter") << QStringList{u"run"_s, u"-fx"_s, u"web"_s}
                                        << u"unknown option -x (see danubectl run --help)"_s;
        QTest::newRow("no value") << QStringList{u"run"_s, u"web"_s, u"--ref"_s}
                                  << u"option --ref needs a value: REF"_s;
        QTest::newRow("a value too many")
            << QStringList{u"run"_s, u"web"_s, u"--follow=yes"_s} << u"option --follow takes no value"_s;
        QTest::newRow("too few arguments") << QStringList{u"run"_s} << u"usage: danubectl run PIPELINE"_s;
        QTest::newRow("too many arguments") << QStringList{u"health"_s, u"x"_s} << u"usage: danubectl health"_s;
    }
    void refusesWithOneSentence()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, sentence);
        const auto options = parseOptions(words);
        QVERIFY(!options);
        QCOMPARE(options.error(), (Error{ErrorCode::InvalidArgument, sentence}));
    }

    void helpNeedsNoArguments()
    {
        const auto options = parseOptions({u"run"_s, u"-h"_s});
        QVERIFY(options && options->command);
        QVERIFY(helpText(options->command).contains(u"--param KEY=VALUE"));
        QVERIFY(helpText(options->command).contains(u"Ctrl-C"));
        QVERIFY(parseOptions({u"--version"_s}).has_value());
        for (const CommandSpec &spec : commandSpecs())
            QVERIFY(helpText(nullptr).contains(QLatin1StringView(spec.name)));
    }

    void everyCommandCanBeMade()
    {
        struct Silent final : Output
        {
            using Output::Output;
            void writeOut(const QByteArray &) override {}
            void writeErr(const QByteArray &) override {}
        };
        Silent output{Terminal(), Terminal()};
        api::Session session(api::endpointFromText(u"127.0.0.1:1"_s).value());
        const SystemClock clock;
        for (const CommandSpec &spec : commandSpecs()) {
            const Options options{&spec, {}, {}};
            QVERIFY(makeCommand({options, output, session, clock}) != nullptr);
        }
    }

    void readsParams()
    {
        QCOMPARE(paramsOf({u"a=1"_s, u"b=x=y"_s, u"c="_s}).value(),
                 (QMap<QString, QString>{{u"a"_s, u"1"_s}, {u"b"_s, u"x=y"_s}, {u"c"_s, QString()}}));
        for (const auto &wrong : {QStringList{u"a"_s}, QStringList{u"=1"_s}, QStringList{u"a=1"_s, u"a=2"_s}})
            QCOMPARE(paramsOf(wrong).error().code, ErrorCode::InvalidArgument);
    }

    void readsSince_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("milliseconds"); // -1 = refused
        QTest::newRow("seconds") << u"45s"_s << qint64(1'000'000'000 - 45'000);
        QTest::newRow("minutes") << u"30m"_s << qint64(1'000'000'000 - 30 * 60'000);
        QTest::newRow("hours") << u"2h"_s << qint64(1'000'000'000 - 2 * 3'600'000);
        QTest::newRow("days") << u"7d"_s << qint64(1'000'000'000 - 7 * 86'400'000LL);
        QTest::newRow("time") << u"1970-01-02T00:00:00Z"_s << qint64(86'400'000);
        QTest::newRow("empty") << QString() << qint64(-1);
        QTest::newRow("negative") << u"-2h"_s << qint64(-1);
        QTest::newRow("other unit") << u"2y"_s << qint64(-1);
        QTest::newRow("word") << u"yesterday"_s << qint64(-1);
    }
    void readsSince()
    {
        QFETCH(QString, text);
        QFETCH(qint64, milliseconds);
        const auto since = sinceOf(text, WallTime(danube::milliseconds(1'000'000'000)));
        QCOMPARE(since ? since->time_since_epoch().count() : -1, milliseconds);
    }

    void turnsOptionsIntoAJobQuery()
    {
        const WallTime now(milliseconds(1'000'000'000));
        const auto options = parseOptions({u"jobs"_s, u"--pipeline=web"_s, u"--status=failure,timeout"_s,
                                           u"--branch=main"_s, u"--since=1m"_s, u"-n5"_s});
        const protocol::JobQuery query = jobQueryOf(*options, now).value();
        QCOMPARE(query, (protocol::JobQuery{
                            u"web"_s, {JobState::Failure, JobState::Timeout}, u"main"_s, now - seconds(60), 5, {}}));
        QCOMPARE(jobQueryOf(*parseOptions({u"jobs"_s}), now)->limit, 20);
        QCOMPARE(jobQueryOf(*parseOptions({u"jobs"_s, u"-a"_s}), now)->limit, protocol::maxPageLimit);
        for (const char *wrong : {"--status=broken", "--limit=0", "--limit=1001", "--limit=x", "--since=x"})
            QVERIFY(!jobQueryOf(*parseOptions({u"jobs"_s, QString::fromLatin1(wrong)}), now));
    }

    void tellsJobNumbersFromIds()
    {
        QCOMPARE(jobNumberOf(u"17"_s), std::optional<int64_t>(17));
        QCOMPARE(jobNumberOf(u"#17"_s), std::optional<int64_t>(17));
        for (const char *other : {"", "#", "0", "01h4t9m2k8cq7xw3", "17a", "-1", "1234567890123"})
            QCOMPARE(jobNumberOf(QString::fromLatin1(other)), std::nullopt);
    }

    void findsUrlAndToken_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("environment"); // NAME=value, one a line
        QTest::addColumn<QString>("url");
        QTest::addColumn<QByteArray>("token");
        const QStringList plain{u"jobs"_s};
        QTest::newRow("default") << plain << QString() << u"http://127.0.0.1:8080"_s << QByteArray();
        QTest::newRow("environment") << plain << u"DANUBE_URL=h:1\nDANUBE_TOKEN=env"_s << u"http://h:1"_s << "env"_ba;
        QTest::newRow("option wins") << QStringList{u"jobs"_s, u"--url=h:2"_s, u"--token-file=FILE"_s}
                                     << u"DANUBE_URL=h:1\nDANUBE_TOKEN=env"_s << u"http://h:2"_s << "from-file"_ba;
        QTest::newRow("token file of the environment")
            << plain << u"DANUBE_TOKEN_FILE=FILE"_s << u"http://127.0.0.1:8080"_s << "from-file"_ba;
        QTest::newRow("token before token file")
            << plain << u"DANUBE_TOKEN=env\nDANUBE_TOKEN_FILE=FILE"_s << u"http://127.0.0.1:8080"_s << "env"_ba;
    }
    void findsUrlAndToken()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, environment);
        QFETCH(QString, url);
        QFETCH(QByteArray, token);
        QTemporaryDir directory;
        QFile file(directory.filePath(u"token"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("from-file\n");
        file.close();
        words.replaceInStrings(u"FILE"_s, file.fileName());
        const auto get = [text = environment.replace(u"FILE\n"_s, file.fileName() + u'\n') + u'\n',
                          &file](const char *name) {
            const QString key = QLatin1StringView(name) + u"="_s;
            for (const QString &line : text.split(u'\n')) {
                if (line.startsWith(key))
                    return line.sliced(key.size()).replace(u"FILE"_s, file.fileName()).toUtf8();
            }
            return QByteArray();
        };
        const auto endpoint = endpointOf(*parseOptions(words), get);
        QVERIFY(endpoint);
        QCOMPARE(endpoint->baseUrl.toString(), url);
        QCOMPARE(endpoint->token ? endpoint->token->reveal() : QByteArray(), token);
    }

    void refusesTokenFilesWithoutAToken_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("blank") << " \n\n"_ba;
        QTest::newRow("two lines") << "a\nb\n"_ba;
        QTest::newRow("too long") << QByteArray(20'000, 'x');
    }
    void refusesTokenFilesWithoutAToken()
    {
        QFETCH(QByteArray, content);
        QTemporaryDir directory;
        QFile file(directory.filePath(u"token"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        const auto nothing = [](const char *) { return QByteArray(); };
        const auto endpoint = endpointOf(*parseOptions({u"jobs"_s, u"--token-file"_s, file.fileName()}), nothing);
        QVERIFY(!endpoint);
        QVERIFY(endpoint.error().message.contains(file.fileName()));
        QVERIFY(!endpointOf(*parseOptions({u"jobs"_s, u"--token-file=/no/such/file"_s}), nothing));
    }
};

QTEST_GUILESS_MAIN(TestOptions)
#include "tst_options.moc"
