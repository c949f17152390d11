// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/activitymodel.h"
#include "tests/support/fakeclock.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestActivityModel : public QObject
{
    Q_OBJECT
    tests::FakeClock m_clock;

private slots:
    void keepsTheNewest()
    {
        ActivityModel model(m_clock, nullptr, 3);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (int i = 1; i <= 5; ++i)
            model.add({.level = i == 1 ? ActivityLevel::Problem : ActivityLevel::Note, .text = QString::number(i)});
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0, ActivityModel::TextColumn).data().toString(), u"3"_s);
        QCOMPARE(model.problems(), 0); // it went with its row
    }
    void followsLongActions()
    {
        ActivityModel model(m_clock);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto handle = model.add({.kind = ActivityKind::Download, .text = u"image.tar"_s, .percent = 0});
        model.add({.text = u"another"_s});
        model.setPercent(handle, 40);
        QCOMPARE(model.underWayTexts(), QStringList{u"image.tar · 40 %"_s});
        model.clear(); // what runs stays
        QCOMPARE(model.rowCount(), 1);
        model.finish(handle, ActivityLevel::Problem, u"image.tar: wrong digest"_s);
        QCOMPARE(model.underWay(), 0);
        QCOMPARE(model.problems(), 1);
        model.clear();
        model.setPercent(handle, 50); // gone: nothing happens
        QCOMPARE(model.rowCount(), 0);
    }
    void copiesWithTimeAndDetail()
    {
        ActivityModel model(m_clock);
        model.add({.kind = ActivityKind::Request,
                   .level = ActivityLevel::Problem,
                   .master = u"live"_s,
                   .text = u"Retry job x: gone"_s,
                   .detail = u"https://danube.example.org"_s});
        QCOMPARE(model.toText(0),
                 toRfc3339(m_clock.wall()) + u" Problem live: Retry job x: gone\nhttps://danube.example.org"_s);
    }
};

QTEST_APPLESS_MAIN(TestActivityModel)
#include "tst_activitymodel.moc"
