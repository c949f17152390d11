// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/jobdetails.h"

#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestJobDetails : public QObject
{
    Q_OBJECT
private slots:
    void saysWhatGuardsTheJob_data()
    {
        QTest::addColumn<QString>("level");
        QTest::addColumn<QString>("word");
        QTest::newRow("enforced") << u"enforced"_s << u"enforced: only what the allowlist names"_s;
        QTest::newRow("audit") << u"declared"_s << u"declared: the allowlist is not shown to hold"_s;
        QTest::newRow("nothing") << u"none"_s << u"none: nothing guards what it reaches"_s;
        QTest::newRow("of a newer master") << u"sealed"_s << u"sealed"_s;
    }
    void saysWhatGuardsTheJob()
    {
        QFETCH(const QString, level);
        QFETCH(const QString, word);
        const QList<Detail> details = jobDetails({}, u"here"_s, {}, JobEgress{level, u"because"_s});
        const auto guard = details.indexOf(Detail{u"Guard"_s, word});
        QVERIFY(guard > 0);
        QCOMPARE(details[guard - 1], (Detail{u"Egress"_s, {}}));
        QCOMPARE(details[guard + 1], (Detail{u"Why"_s, u"because"_s}));
    }
    void saysNothingOfWhatIsNotKnown()
    {
        for (const Detail &detail : jobDetails({}, u"here"_s, {}))
            QVERIFY(detail.label != u"Egress"_s);
    }
};

QTEST_MAIN(TestJobDetails)
#include "tst_jobdetails.moc"
