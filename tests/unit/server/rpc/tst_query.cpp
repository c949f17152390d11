// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/query.h"

#include <QTest>

#include <array>

using namespace danube;
using namespace Qt::StringLiterals;

namespace {

constexpr std::array known{"job_id"_L1, "name"_L1};

} // namespace

class TestQuery : public QObject
{
    Q_OBJECT
private slots:
    void decodes_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QString>("name");
        QTest::newRow("empty") << QByteArray() << QString();
        QTest::newRow("plain") << QByteArray("name=a.tar&job_id=j") << u"a.tar"_s;
        QTest::newRow("escaped") << QByteArray("name=a%20b%2Fc%26") << u"a b/c&"_s;
        QTest::newRow("plus is a plus") << QByteArray("name=a+b") << u"a+b"_s;
        QTest::newRow("utf-8") << QByteArray("name=%C3%BC") << u"ü"_s;
        QTest::newRow("equals sign within") << QByteArray("name=a=b") << u"a=b"_s;
        QTest::newRow("no value") << QByteArray("name") << QString();
        QTest::newRow("name escaped too") << QByteArray("n%61me=x") << u"x"_s;
    }
    void decodes()
    {
        QFETCH(QByteArray, query);
        QFETCH(QString, name);
        const auto values = rpc::parseQuery(query, known);
        QVERIFY(values);
        QCOMPARE(values->value(u"name"_s), name);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QString>("names");
        QTest::newRow("unknown") << QByteArray("name=a&color=red") << u"color: unknown"_s;
        QTest::newRow("twice") << QByteArray("name=a&name=b") << u"name: "_s;
        QTest::newRow("cut escape") << QByteArray("name=a%2") << u"name=a%2"_s;
        QTest::newRow("bad escape") << QByteArray("name=%zz") << u"name=%zz"_s;
        QTest::newRow("bad utf-8") << QByteArray("name=%ff") << u"name=%ff"_s;
        QTest::newRow("empty pair") << QByteArray("name=a&&job_id=j") << u"unknown"_s;
    }
    void refuses()
    {
        QFETCH(QByteArray, query);
        QFETCH(QString, names);
        const auto values = rpc::parseQuery(query, known);
        QVERIFY(!values);
        QCOMPARE(values.error().code, ErrorCode::InvalidArgument);
        QVERIFY2(values.error().message.contains(names), qPrintable(values.error().message));
    }
};

QTEST_APPLESS_MAIN(TestQuery)
#include "tst_query.moc"
