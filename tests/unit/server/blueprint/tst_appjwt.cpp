// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/appjwt.h"
#include "tests/support/testappkey.h"

#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::blueprint;
using namespace Qt::StringLiterals;

namespace {

constexpr WallTime now(milliseconds(1'750'000'000'500));

QByteArray decoded(const QByteArray &part)
{
    return QByteArray::fromBase64(part, QByteArray::Base64UrlEncoding);
}

QString written(const QTemporaryDir &dir, const QString &name, const QByteArray &bytes)
{
    QFile file(dir.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(file.fileName()));
    return file.fileName();
}

} // namespace

class TestAppJwt : public QObject
{
    Q_OBJECT
private slots:
    void signsAsTheOpensslProgramDoes()
    {
        const auto jwt = makeAppJwt(12345, Secret(tests::testAppKey), now);
        QVERIFY2(jwt, qPrintable(jwt ? QString() : jwt.error().message));
        QCOMPARE(jwt->reveal(), QByteArray(tests::testAppJwt));
    }
    void saysWhoAndHowLong()
    {
        const auto parts = makeAppJwt(7, Secret(tests::testAppKey), now)->reveal().split('.');
        QCOMPARE(parts.size(), 3);
        QCOMPARE(QJsonDocument::fromJson(decoded(parts[0])).object(),
                 QJsonObject({{u"alg"_s, u"RS256"_s}, {u"typ"_s, u"JWT"_s}}));
        const auto claims = QJsonDocument::fromJson(decoded(parts[1])).object();
        QCOMPARE(claims.value("iss"_L1).toString(), u"7"_s);
        QCOMPARE(claims.value("iat"_L1).toInteger(), 1'750'000'000 - 60);
        QCOMPARE(claims.value("exp"_L1).toInteger(), 1'750'000'000 + 540);
    }
    void theOpensslProgramBelievesIt()
    {
        const auto jwt = makeAppJwt(99, Secret(tests::testAppKey), now);
        const auto cut = jwt->reveal().lastIndexOf('.');
        const QTemporaryDir dir;
        QProcess openssl;
        openssl.start(u"openssl"_s,
                      {u"dgst"_s, u"-sha256"_s, u"-verify"_s, written(dir, u"key"_s, tests::testAppPublicKey),
                       u"-signature"_s, written(dir, u"signature"_s, decoded(jwt->reveal().sliced(cut + 1))),
                       written(dir, u"text"_s, jwt->reveal().first(cut))});
        QVERIFY(openssl.waitForFinished(10'000));
        QCOMPARE(openssl.exitCode(), 0);
    }
    void refusesOtherKeys_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a token") << QByteArray("ghp_0123456789");
        QTest::newRow("a public key") << QByteArray(tests::testAppPublicKey);
        QTest::newRow("cut short") << QByteArray(tests::testAppKey).first(400);
        QTest::newRow("an elliptic curve")
            << made({u"genpkey"_s, u"-algorithm"_s, u"EC"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:P-256"_s});
        QTest::newRow("too short") << made({u"genrsa"_s, u"1024"_s});
        QTest::newRow("with a password") << made(
            {u"genrsa"_s, u"-aes256"_s, u"-passout"_s, u"pass:secret"_s, u"2048"_s});
    }
    void refusesOtherKeys()
    {
        QFETCH(QByteArray, key);
        const auto jwt = makeAppJwt(1, Secret(key), now);
        QVERIFY(!jwt);
        QCOMPARE(jwt.error().code, ErrorCode::InvalidArgument);
        QVERIFY(jwt.error().message.startsWith("expected the app's private key: RSA"_L1));
    }

private:
    static QByteArray made(const QStringList &arguments)
    {
        QProcess openssl;
        openssl.start(u"openssl"_s, arguments);
        if (!openssl.waitForFinished(30'000) || openssl.exitCode() != 0)
            qFatal("openssl: %s", openssl.readAllStandardError().constData());
        return openssl.readAllStandardOutput();
    }
};

QTEST_GUILESS_MAIN(TestAppJwt)
#include "tst_appjwt.moc"
