// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/checkout.h"
#include "server/coordinator/environment.h"

#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::coordinator;
using namespace Qt::StringLiterals;

class TestEnvironment : public QObject
{
    Q_OBJECT
private:
    static QProcessEnvironment complete()
    {
        QProcessEnvironment variables;
        variables.insert(u"DANUBE_JOB_ID"_s, u"job1"_s);
        variables.insert(u"DANUBE_RPC_URL"_s, u"http://master:9000"_s);
        variables.insert(u"DANUBE_TOKEN_FILE"_s, u"/run/token"_s);
        variables.insert(u"DANUBE_WORKSPACE"_s, u"/workspace/"_s);
        variables.insert(u"DANUBE_PRIVATE_DIR"_s, u"/private"_s);
        variables.insert(u"DANUBE_SDK_DIR"_s, u"/sdk"_s);
        variables.insert(u"DANUBE_SCRIPT"_s, u"ci/danubefile.py"_s);
        variables.insert(u"DANUBE_REPOSITORY"_s, u"https://example.org/a"_s);
        variables.insert(u"DANUBE_COMMIT_SHA"_s, QString(40, u'a'));
        variables.insert(u"DANUBE_PARAMS"_s, u"{}"_s);
        variables.insert(u"PATH"_s, u"/usr/bin"_s);
        return variables;
    }

private slots:
    void readsAllVariables()
    {
        const auto environment = readEnvironment(complete());
        QVERIFY2(environment, qPrintable(environment ? QString() : environment.error().message));
        QCOMPARE(environment->job.value(), u"job1"_s);
        QCOMPARE(environment->rpc.port, quint16(9000));
        QCOMPARE(environment->workspace, u"/workspace"_s);
        QVERIFY(environment->branch.isEmpty());
    }
    void hidesTokenAndMasterFromTheScript()
    {
        const auto keys = readEnvironment(complete())->forScript.keys();
        for (const auto &hidden : {u"DANUBE_TOKEN_FILE"_s, u"DANUBE_RPC_URL"_s, u"DANUBE_PRIVATE_DIR"_s})
            QVERIFY(!keys.contains(hidden));
        for (const auto &shown : {u"DANUBE_JOB_ID"_s, u"DANUBE_PARAMS"_s, u"PATH"_s, u"CI"_s})
            QVERIFY(keys.contains(shown));
    }
    void takesTheTokenFromTheEnvironmentToo()
    {
        auto variables = complete();
        variables.remove(u"DANUBE_TOKEN_FILE"_s);
        variables.insert(u"DANUBE_TOKEN"_s, u"abc"_s);
        const auto environment = readEnvironment(variables);
        QVERIFY2(environment, qPrintable(environment ? QString() : environment.error().message));
        QCOMPARE(environment->token.reveal(), "abc");
        QVERIFY(!environment->forScript.contains(u"DANUBE_TOKEN"_s));
    }
    void namesTheWrongVariable_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value"); // null = missing
        for (const char *name : {"JOB_ID", "RPC_URL", "TOKEN_FILE", "WORKSPACE", "PRIVATE_DIR", "SDK_DIR", "SCRIPT",
                                 "REPOSITORY", "COMMIT_SHA"})
            QTest::newRow(name) << u"DANUBE_"_s + QLatin1StringView(name) << QString();
        QTest::newRow("relative") << u"DANUBE_WORKSPACE"_s << u"workspace"_s;
        QTest::newRow("https") << u"DANUBE_RPC_URL"_s << u"https://master:9000"_s;
        QTest::newRow("script above") << u"DANUBE_SCRIPT"_s << u"../x.py"_s;
        QTest::newRow("script absolute") << u"DANUBE_SCRIPT"_s << u"/x.py"_s;
        QTest::newRow("short commit") << u"DANUBE_COMMIT_SHA"_s << u"abc123"_s;
        QTest::newRow("option commit") << u"DANUBE_COMMIT_SHA"_s << u"--upload-pack=x"_s;
    }
    void namesTheWrongVariable()
    {
        QFETCH(QString, name);
        QFETCH(QString, value);
        auto variables = complete();
        if (value.isNull())
            variables.remove(name);
        else
            variables.insert(name, value);
        const auto environment = readEnvironment(variables);
        QVERIFY(!environment);
        QVERIFY2(environment.error().message.startsWith(name + u": "_s), qPrintable(environment.error().message));
    }
    void readsTheToken_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("token"); // empty = refused
        QTest::newRow("line") << "abc.def\n"_ba << "abc.def"_ba;
        QTest::newRow("empty") << "\n"_ba << ""_ba;
        QTest::newRow("two lines") << "a\nb"_ba << ""_ba;
        QTest::newRow("control") << "a\x01"_ba << ""_ba;
        QTest::newRow("long") << QByteArray(5000, 'a') << ""_ba;
    }
    void readsTheToken()
    {
        QFETCH(QByteArray, text);
        QTemporaryDir dir;
        QFile file(dir.filePath(u"token"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
        file.close();
        const auto token = readToken(file.fileName());
        QTEST(token ? token->reveal() : QByteArray(), "token");
        QVERIFY(!readToken(dir.filePath(u"none"_s)));
    }
    void knowsShallowCommits()
    {
        const QString commit(40, u'a');
        const auto head = commit.toLatin1() + " HEAD\n";
        QCOMPARE(shallowCommits(head, commit).value(), QByteArrayList());
        const QByteArray oldest(40, 'b');
        QCOMPARE(shallowCommits(head + oldest + " refs/danube/shallow/" + oldest + '\n', commit).value(),
                 QByteArrayList{oldest});
        QCOMPARE(shallowCommits(head, QString(40, u'c')).error().code, ErrorCode::DataLoss);
        QCOMPARE(shallowCommits("", commit).error().code, ErrorCode::DataLoss);
    }
};

QTEST_APPLESS_MAIN(TestEnvironment)
#include "tst_environment.moc"
