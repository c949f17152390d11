// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/servicetext.h"

#include <QTest>

using namespace danube;
using namespace danube::egress;
using namespace Qt::StringLiterals;

class TestServiceText : public QObject
{
    Q_OBJECT
private slots:
    void readsAService()
    {
        const Service registry{u"registry"_s,
                               {u"danube-system"_s, {{u"app.kubernetes.io/name"_s, u"registry"_s}, {u"tier"_s, {}}}},
                               {{5000, u"http"_s}}};
        QCOMPARE(*parseService(u"registry.danube-system:5000/http=app.kubernetes.io/name=registry,tier="_s), registry);
        QCOMPARE(parseService(u"a.b-c:80=d=e"_s)->ports, (QList<ServicePort>{{80, {}}}));
    }
    void refuses_data()
    {
        QTest::addColumn<QString>("text");
        for (const auto text :
             {"", "registry.danube-system:5000", "registry.danube-system=a=b", "registry:5000=a=b",
              "github.com:443=a=b", "registry.danube-system:99999=a=b", "registry.danube-system:5000=a",
              "registry.danube-system:5000=a=b,", "*.danube-system:5000=a=b"})
            QTest::newRow(*text ? text : "nothing") << QString::fromLatin1(text);
    }
    void refuses()
    {
        QFETCH(QString, text);
        const auto service = parseService(text);
        QVERIFY(!service);
        QCOMPARE(service.error().code, ErrorCode::InvalidArgument);
        QVERIFY(service.error().message.startsWith(u"'%1': expected NAME.NAMESPACE:PORT"_s.arg(text)));
    }
};

QTEST_APPLESS_MAIN(TestServiceText)
#include "tst_servicetext.moc"
