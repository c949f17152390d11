// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/authgate.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::auth;
using namespace Qt::StringLiterals;

namespace {

constexpr auto token = "0123456789abcdef0123456789abcdef";

} // namespace

class TestAuthGate : public QObject
{
    Q_OBJECT
private slots:
    void admits_data()
    {
        QTest::addColumn<bool>("loopback");
        QTest::addColumn<QByteArray>("authorization");
        QTest::addColumn<Right>("right");
        QTest::addColumn<int>("refusal"); // ErrorCode, -1 = admitted
        const QByteArray good = QByteArray("Bearer ") + token;
        const auto unauthenticated = static_cast<int>(ErrorCode::Unauthenticated);
        QTest::newRow("administrator") << true << good << Right::JobsRun << -1;
        QTest::newRow("small letters") << true << (QByteArray("bearer ") + token) << Right::JobsRead << -1;
        QTest::newRow("open route") << true << QByteArray() << Right::None << -1;
        QTest::newRow("open route from afar") << false << QByteArray() << Right::None << -1;
        QTest::newRow("from afar") << false << good << Right::JobsRead << static_cast<int>(ErrorCode::PermissionDenied);
        QTest::newRow("no token") << true << QByteArray() << Right::JobsRead << unauthenticated;
        QTest::newRow("empty token") << true << QByteArray("Bearer ") << Right::JobsRead << unauthenticated;
        QTest::newRow("longer token") << true << good + 'x' << Right::JobsRead << unauthenticated;
        QTest::newRow("shorter token") << true << good.chopped(1) << Right::JobsRead << unauthenticated;
        QTest::newRow("other token") << true << good.chopped(1) + 'x' << Right::JobsRead << unauthenticated;
        QTest::newRow("no scheme") << true << QByteArray(token) << Right::JobsRead << unauthenticated;
        QTest::newRow("metrics are closed") << true << QByteArray() << Right::Metrics << unauthenticated;
    }
    void admits()
    {
        QFETCH(bool, loopback);
        QFETCH(QByteArray, authorization);
        QFETCH(Right, right);
        QFETCH(int, refusal);
        const auto gate = AuthGate::withToken(Secret(token), MetricsAccess::Bearer);
        const auto principal = gate.admit({loopback, authorization}, right);
        QCOMPARE(principal ? -1 : static_cast<int>(principal.error().code), refusal);
        if (principal)
            QCOMPARE(principal->kind,
                     right == Right::None ? Principal::Kind::Anonymous : Principal::Kind::Administrator);
    }
    void opensMetricsBySetting()
    {
        const auto gate = AuthGate::withToken(Secret(token), MetricsAccess::Open);
        QVERIFY(gate.admit({false, {}}, Right::Metrics));
        QVERIFY(!gate.admit({true, {}}, Right::JobsRead));
    }
    void admitsNobodyWithoutAToken()
    {
        const auto gate = AuthGate::withToken(Secret(), MetricsAccess::Bearer);
        QVERIFY(!gate.admit({true, "Bearer x"}, Right::JobsRead));
        QVERIFY(!gate.admit({true, "Bearer "}, Right::JobsRead));
    }
    void makesTheTokenOnceForTheOwnerOnly()
    {
        const QString path = m_directory.filePath(u"made.token"_s);
        QVERIFY(AuthGate::openDevelopment(path, MetricsAccess::Bearer));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray made = file.readAll().trimmed();
        QCOMPARE(made.size(), 64);
        constexpr auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
        QVERIFY(!(file.permissions() & others));
        const auto again = AuthGate::openDevelopment(path, MetricsAccess::Bearer);
        QVERIFY(again);
        QVERIFY(again->admit({true, "Bearer " + made}, Right::JobsRead));
    }
    void refusesATokenFileThatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<bool>("open");
        QTest::newRow("open to others") << QByteArray(token) << true;
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("short") << QByteArray("secret") << false;
        QTest::newRow("two words") << QByteArray(token) + ' ' + token << false;
    }
    void refusesATokenFileThatIsWrong()
    {
        QFETCH(QByteArray, content);
        QFETCH(bool, open);
        const QString path = m_directory.filePath(QString::fromLatin1(QTest::currentDataTag()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        file.setPermissions(open ? QFile::ReadOwner | QFile::ReadOther : QFile::ReadOwner | QFile::WriteOwner);
        const auto gate = AuthGate::openDevelopment(path, MetricsAccess::Bearer);
        QVERIFY(!gate);
        QVERIFY(gate.error().message.contains(path));
        QVERIFY(content.isEmpty() || !gate.error().message.contains(QString::fromLatin1(content)));
    }
    void aGivenTokenServesAnyPeer()
    {
        const QString path = makeFile(u"given.token"_s, QByteArray(token) + '\n', QFile::ReadOwner | QFile::ReadGroup);
        const auto gate = AuthGate::openToken(path, MetricsAccess::Bearer);
        QVERIFY2(gate, qPrintable(gate ? QString() : gate.error().message));
        const QByteArray good = QByteArray("Bearer ") + token;
        QCOMPARE(gate->admit({false, good}, Right::Administer)->kind, Principal::Kind::Administrator);
        QCOMPARE(gate->admit({false, good.chopped(1)}, Right::JobsRead).error().code, ErrorCode::Unauthenticated);
        QCOMPARE(gate->admit({false, {}}, Right::JobsRead).error().code, ErrorCode::Unauthenticated);
        QCOMPARE(gate->admit({false, {}}, Right::Metrics).error().code, ErrorCode::Unauthenticated);
    }
    void refusesAGivenTokenOpenToMoreThanTheGroupReading_data()
    {
        QTest::addColumn<int>("more");
        QTest::newRow("others read") << static_cast<int>(QFile::ReadOther);
        QTest::newRow("group writes") << static_cast<int>(QFile::WriteGroup);
    }
    void refusesAGivenTokenOpenToMoreThanTheGroupReading()
    {
        QFETCH(int, more);
        const QString path = makeFile(QString::fromLatin1(QTest::currentDataTag()) + u"2"_s, token,
                                      QFile::ReadOwner | QFile::Permissions(more));
        const auto gate = AuthGate::openToken(path, MetricsAccess::Bearer);
        QVERIFY(!gate);
        QCOMPARE(gate.error().code, ErrorCode::PermissionDenied);
    }
    void neverMakesAGivenToken()
    {
        const QString path = m_directory.filePath(u"absent.token"_s);
        const auto gate = AuthGate::openToken(path, MetricsAccess::Bearer);
        QVERIFY(!gate);
        QVERIFY(gate.error().message.contains(path));
        QVERIFY(!QFile::exists(path));
    }
    void saysWhereItCannotWrite()
    {
        const auto gate = AuthGate::openDevelopment(u"/nonexistent/x.token"_s, MetricsAccess::Bearer);
        QVERIFY(!gate);
        QVERIFY(gate.error().message.contains(u"/nonexistent/x.token"_s));
    }

private:
    QString makeFile(const QString &name, const QByteArray &content, QFile::Permissions permissions) const
    {
        QFile file(m_directory.filePath(name));
        const bool made = file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
        file.close();
        return made && file.setPermissions(permissions) ? file.fileName() : QString();
    }
    QTemporaryDir m_directory;
};

QTEST_GUILESS_MAIN(TestAuthGate)
#include "tst_authgate.moc"
