// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/logging.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryFile>
#include <QTest>

#include <unistd.h>

using namespace danube;
using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcTest, "danube.test")

QJsonObject jsonOf(const QString &message, QtMsgType type = QtInfoMsg)
{
    return QJsonDocument::fromJson(logLineAsJson(type, "danube.x", message, u"T"_s)).object();
}

/// What `log` writes to stderr.
QByteArray capture(const std::function<void()> &log)
{
    QTemporaryFile file;
    if (!file.open())
        return "no file";
    const int saved = ::dup(STDERR_FILENO);
    ::dup2(file.handle(), STDERR_FILENO);
    log();
    ::dup2(saved, STDERR_FILENO);
    ::close(saved);
    file.seek(0);
    return file.readAll();
}

} // namespace

class TestLogging : public QObject
{
    Q_OBJECT
private slots:
    void cleanup() { qInstallMessageHandler(nullptr); }

    void splitsPairsIntoMembers_data()
    {
        QTest::addColumn<QString>("message");
        QTest::addColumn<QByteArray>("members"); // without time, level, category
        QTest::newRow("event only") << u"started"_s << R"({"message":"started"})"_ba;
        QTest::newRow("several words") << u"job has ended"_s << R"({"message":"job has ended"})"_ba;
        QTest::newRow("pairs") << u"step-started job=j1 step=3"_s
                               << R"({"job":"j1","message":"step-started","step":"3"})"_ba;
        QTest::newRow("quoted") << u"x name=\"two words\" k=v"_s << R"({"k":"v","message":"x","name":"two words"})"_ba;
        QTest::newRow("quoted at the end") << u"x name=\"two words\""_s << R"({"message":"x","name":"two words"})"_ba;
        QTest::newRow("quote without end") << u"x name=\"two wo"_s << R"({"message":"x","name":"two wo"})"_ba;
        QTest::newRow("quotes inside") << u"x name=\"no \"such\" file\" k=v"_s
                                       << "{\"k\":\"v\",\"message\":\"x\",\"name\":\"no \\\"such\\\" file\"}"_ba;
        QTest::newRow("empty quoted") << u"x name=\"\" k=v"_s << R"({"k":"v","message":"x","name":""})"_ba;
        QTest::newRow("empty value") << u"x k= l=1"_s << R"({"k":"","l":"1","message":"x"})"_ba;
        QTest::newRow("empty value at the end") << u"x k="_s << R"({"k":"","message":"x"})"_ba;
        QTest::newRow("equals in value") << u"x k=a=b"_s << R"({"k":"a=b","message":"x"})"_ba;
        QTest::newRow("no key") << u"x =b"_s << R"({"message":"x =b"})"_ba;
        QTest::newRow("words after pairs") << u"x k=v y"_s << R"({"k":"v","message":"x y"})"_ba;
        QTest::newRow("empty") << QString() << R"({"message":""})"_ba;
    }
    void splitsPairsIntoMembers()
    {
        QFETCH(QString, message);
        QFETCH(QByteArray, members);
        QJsonObject object = jsonOf(message);
        for (const auto &[key, value] :
             {std::pair{u"time"_s, u"T"_s}, {u"level"_s, u"info"_s}, {u"category"_s, u"danube.x"_s}})
            QCOMPARE(object.take(key).toString(), value);
        QCOMPARE(QJsonDocument(object).toJson(QJsonDocument::Compact), members);
    }

    void aPairNeverHidesTheStandardMembers()
    {
        const QJsonObject object = jsonOf(u"x time=0 level=fake category=fake"_s);
        QCOMPARE(object.value("time"_L1).toString(), u"T"_s);
        QCOMPARE(object.value("level"_L1).toString(), u"info"_s);
        QCOMPARE(object.value("category"_L1).toString(), u"danube.x"_s);
    }

    void namesLevels_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("level");
        QTest::newRow("debug") << int(QtDebugMsg) << u"debug"_s;
        QTest::newRow("info") << int(QtInfoMsg) << u"info"_s;
        QTest::newRow("warning") << int(QtWarningMsg) << u"warning"_s;
        QTest::newRow("critical") << int(QtCriticalMsg) << u"error"_s;
        QTest::newRow("fatal") << int(QtFatalMsg) << u"error"_s;
    }
    void namesLevels()
    {
        QFETCH(int, type);
        QFETCH(QString, level);
        QCOMPARE(jsonOf(u"x"_s, static_cast<QtMsgType>(type)).value("level"_L1).toString(), level);
    }

    void writesOneLineOfJson()
    {
        installLogging(LogFormat::Json, QtInfoMsg);
        const QByteArray line = capture([] { qCInfo(lcTest).noquote() << "started job=j1\nforged=1"; });
        QCOMPARE(line.count('\n'), 1);
        QVERIFY(line.endsWith("}\n"));
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        QCOMPARE(object.value("category"_L1).toString(), u"danube.test"_s);
        QVERIFY(!object.value("time"_L1).toString().isEmpty());
    }

    void writesText()
    {
        installLogging(LogFormat::Text, QtInfoMsg);
        const QByteArray line = capture([] { qCWarning(lcTest).noquote() << "disk-low free=1"; });
        QVERIFY2(line.endsWith(" warning danube.test: disk-low free=1\n"), line.constData());
    }

    void dropsWhatIsBelowTheMinimum()
    {
        installLogging(LogFormat::Text, QtWarningMsg);
        QCOMPARE(capture([] { qCInfo(lcTest) << "x"; }), QByteArray());
        QVERIFY(!capture([] { qCWarning(lcTest) << "x"; }).isEmpty());
        QVERIFY(!capture([] { qCCritical(lcTest) << "x"; }).isEmpty());
        installLogging(LogFormat::Text, QtCriticalMsg);
        QCOMPARE(capture([] { qCWarning(lcTest) << "x"; }), QByteArray());
        installLogging(LogFormat::Text, QtInfoMsg);
        QCOMPARE(capture([] { qCDebug(lcTest) << "x"; }), QByteArray());
        installLogging(LogFormat::Text, QtDebugMsg);
        QVERIFY(capture([] { qCDebug(lcTest) << "x"; }).contains(" debug "));
    }
};

QTEST_GUILESS_MAIN(TestLogging)
#include "tst_logging.moc"
