// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/masking.h"
#include "shared/blueprint/validator.h"

#include <QTest>

using namespace danube::blueprint;
using namespace Qt::StringLiterals;

namespace {

const QByteArray user = "[\n"
                        "  {\"apiVersion\": \"danube.dev/v1\", \"kind\": \"User\", \"metadata\": {\"name\": \"ada\"},\n"
                        "   \"spec\": {\"email\": \"ada@example.org\", \"password_hash\": \"$2y$12$abc\"}}\n"
                        "]";

} // namespace

class TestMasking : public QObject
{
    Q_OBJECT
private slots:
    void keepsEverythingElseInItsPlace()
    {
        QCOMPARE(withoutPasswordHashes(u"users.json"_s, user), QByteArray(user).replace("$2y$12$abc", "**********"));
    }
    void findsHashes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("escaped key") << QByteArray("{\"password\\u005fhash\": \"SECRET\"}");
        QTest::newRow("escaped value") << QByteArray("{\"password_hash\": \"\\\"SECRET\\\\\"}");
        QTest::newRow("twice") << QByteArray("{\"password_hash\": \"\", \"password_hash\": \"SECRET\"}");
        QTest::newRow("in a list") << QByteArray("{\"password_hash\": [{\"x\": \"SECRET\"}, \"SECRET\"]}");
        QTest::newRow("elsewhere") << QByteArray("{\"metadata\": {\"password_hash\": \"SECRET\"}}");
    }
    void findsHashes()
    {
        QFETCH(QByteArray, text);
        const auto masked = withoutPasswordHashes(u"users.json"_s, text);
        QVERIFY(masked);
        QVERIFY(!masked->contains("SECRET"));
        QCOMPARE(masked->size(), text.size());
        QVERIFY(JsonPositions::scan(*masked));
    }
    void brokenFilesOfUsersAreWithheld()
    {
        QVERIFY(!withoutPasswordHashes(u"users.json"_s, user + "}"));
        QCOMPARE(withoutPasswordHashes(u"pipelines/a.json"_s, "{,"), QByteArray("{,"));
    }
    void masksAreRefused()
    {
        const Files files{{u"config.json"_s, "{\"apiVersion\": \"danube.dev/v1\", \"kind\": \"Config\",\n"
                                             "\"metadata\": {\"name\": \"global\"}, \"spec\": {}}"},
                          {u"users.json"_s, user}};
        QVERIFY(validate(files).isAccepted());
        auto masked = files;
        masked[u"users.json"_s] = *withoutPasswordHashes(u"users.json"_s, user);
        const auto validation = validate(masked);
        QVERIFY(!validation.isAccepted());
        QCOMPARE(validation.findings.size(), 1);
        QVERIFY2(describe(validation.findings.first())
                     .startsWith("users.json:3:58: error: password_hash: asterisks stand for a hash"_L1),
                 qPrintable(describe(validation.findings.first())));
    }
    void findingsDoNotRepeatHashes()
    {
        const Files files{{u"users.json"_s, QByteArray(user).replace("$2y$12$abc", "hunter2")}};
        for (const Finding &finding : validate(files).findings)
            QVERIFY2(!describe(finding).contains("hunter2"_L1), qPrintable(describe(finding)));
        QVERIFY(!validate(files).isAccepted());
    }
};

QTEST_GUILESS_MAIN(TestMasking)
#include "tst_masking.moc"
