// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/execstatus.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace danube;
using namespace danube::kube;

using Kind = ExecStatus::Kind;

class TestExecStatus : public QObject
{
    Q_OBJECT

    /// The rows are written with ' instead of ", for the reader's sake.
    static ExecStatus read(QByteArray json) { return readExecStatus(json.replace('\'', '"')); }
    static QByteArray exitStatus(const QByteArray &code)
    {
        return "{'metadata':{},'status':'Failure','message':'command terminated with non-zero exit code: command "
               "terminated with exit code " +
               code + "','reason':'NonZeroExitCode','details':{'causes':[{'reason':'ExitCode','message':'" + code +
               "'}]}}";
    }

private slots:
    void readsWhatRealServersSend_data() // recorded on 1.36 and 1.32
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<int>("exitCode");
        QTest::newRow("success") << QByteArray("{'metadata':{},'status':'Success'}") << Kind::Success << -1;
        for (const char *code : {"1", "3", "137", "143", "255"})
            QTest::addRow("v5 exit %s", code) << exitStatus(code) << Kind::ExitCode << QByteArray(code).toInt();
        QTest::newRow("v4 exit 3")
            << QByteArray(
                   "{'metadata':{},'status':'Failure','message':'command terminated with non-zero exit code: error "
                   "executing command [sh -c exit 3], exit code 3','reason':'NonZeroExitCode','details':{'causes':"
                   "[{'reason':'ExitCode','message':'3'}]}}")
            << Kind::ExitCode << 3;
        QTest::newRow("v4 no such program")
            << QByteArray(
                   "{'metadata':{},'status':'Failure','message':'Internal error occurred: error executing command in "
                   "container: failed to exec in container: failed to start exec \\'707d\\': OCI runtime exec failed'"
                   ",'reason':'InternalError','details':{'causes':[{'message':'error executing command in "
                   "container: ...'}]},'code':500}")
            << Kind::NotStarted << -1;
        QTest::newRow("v5 container not found")
            << QByteArray(
                   "{'metadata':{},'status':'Failure','message':'Internal error occurred: unable to upgrade "
                   "connection: container not found (\\'main\\')','reason':'InternalError','details':{},'code':500}")
            << Kind::NotStarted << -1;
    }
    void readsWhatRealServersSend()
    {
        QFETCH(QByteArray, json);
        const ExecStatus status = read(json);
        QTEST(status.kind, "kind");
        QTEST(status.exitCode, "exitCode");
    }

    void whateverIsOddIsMalformed_data()
    {
        QTest::addColumn<QByteArray>("json");
        const auto row = [](const char *name, const QByteArray &json) { QTest::newRow(name) << json; };
        row("nothing", "");
        row("cut", "{'metadata':{},'status':'Succ");
        row("plain text", "command terminated with non-zero exit code: error executing command [sh], exit code 3");
        row("an array", "['Success']");
        row("text behind", "{'status':'Success'} x");
        row("no status", "{'metadata':{}}");
        row("another case", "{'status':'success'}");
        row("not a text", "{'status':true}");
        row("success with a reason", "{'status':'Success','reason':'NonZeroExitCode'}");
        row("success with a cause", "{'status':'Success','details':{'causes':[{'reason':'ExitCode','message':'3'}]}}");
        row("success with a code", "{'status':'Success','code':500}");
        row("failure without a reason", "{'status':'Failure','message':'x'}");
        row("internal error without its code", "{'status':'Failure','reason':'InternalError'}");
        row("another reason", "{'status':'Failure','reason':'Timeout','code':504}");
        row("no cause", "{'status':'Failure','reason':'NonZeroExitCode','details':{'causes':[]}}");
        row("two causes", "{'status':'Failure','reason':'NonZeroExitCode','details':{'causes':["
                          "{'reason':'ExitCode','message':'3'},{'reason':'ExitCode','message':'4'}]}}");
        row("cause of another kind", "{'status':'Failure','reason':'NonZeroExitCode','details':{'causes':["
                                     "{'type':'ExitCode','message':'3'}]}}");
        row("a number, not its text", "{'status':'Failure','reason':'NonZeroExitCode','details':{'causes':["
                                      "{'reason':'ExitCode','message':3}]}}");
        for (const char *code : {"0", "-1", "256", "+3", "03", " 3", "3 ", "3.0", "0x3", "", "three", "4294967299"})
            QTest::addRow("exit code '%s'", code) << exitStatus(code);
        row("too large", "{'status':'Success'" + QByteArray(2 << 20, ' ') + '}');
        row("too deep", QByteArray(5000, '[') + QByteArray(5000, ']'));
    }
    void whateverIsOddIsMalformed()
    {
        QFETCH(QByteArray, json);
        const ExecStatus status = read(json);
        QCOMPARE(status.kind, Kind::Malformed);
        QCOMPARE(status.exitCode, -1);
        QVERIFY(!status.message.isEmpty());
    }

    void keepsOnlyTheStartOfALongMessage()
    {
        QByteArray json = exitStatus("3");
        json.replace("command terminated with non-zero", QByteArray(60'000, 'a'));
        const ExecStatus status = read(json);
        QCOMPARE(status.exitCode, 3);
        QVERIFY(status.message.size() <= 2048);
    }
};

QTEST_APPLESS_MAIN(TestExecStatus)
#include "tst_execstatus.moc"
