// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/policypreviewpane.h"

#include <QComboBox>
#include <QSignalSpy>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestPolicyPreviewPane : public QObject
{
    Q_OBJECT
    static EgressStatus masterWith(int major, int minor)
    {
        EgressStatus status;
        status.cilium = {major, minor};
        return status;
    }

private slots:
    void namesTheVersionItIsMadeFor_data()
    {
        QTest::addColumn<int>("major");
        QTest::addColumn<int>("minor");
        QTest::addColumn<QString>("shown");
        QTest::addColumn<int>("listed");
        QTest::newRow("listed") << 1 << 18 << u"1.18"_s << 5;
        QTest::newRow("older") << 1 << 15 << u"1.15"_s << 6;
        QTest::newRow("newer") << 1 << 21 << u"1.21"_s << 6;
        QTest::newRow("of another age") << 2 << 0 << u"2.0"_s << 6;
    }
    void namesTheVersionItIsMadeFor()
    {
        QFETCH(const int, major);
        QFETCH(const int, minor);
        QFETCH(const QString, shown);
        QFETCH(const int, listed);
        PolicyPreviewPane pane(lightColors());
        QSignalSpy changed(&pane, &PolicyPreviewPane::ciliumChanged);
        pane.showStatus(masterWith(major, minor), {});
        pane.showStatus(masterWith(major, minor), {}); // and says it again
        QCOMPARE(changed.size(), 1);
        QCOMPARE(pane.cilium(), (egress::CiliumVersion{major, minor}));
        const QComboBox &versions = *pane.findChild<QComboBox *>();
        QCOMPARE(versions.currentText(), shown);
        QCOMPARE(versions.count(), listed);
        for (int row = 1; row < listed; ++row)
            QVERIFY(egress::parseCiliumVersion(versions.itemText(row - 1)).value() >
                    egress::parseCiliumVersion(versions.itemText(row)).value());
    }
    void makesItForTheOneThatIsChosen()
    {
        PolicyPreviewPane pane(lightColors());
        pane.showStatus(masterWith(2, 0), {});
        auto *versions = pane.findChild<QComboBox *>();
        const auto choose = [versions](const QString &version) {
            versions->setCurrentText(version);
            emit versions->activated(versions->currentIndex());
        };
        choose(u"1.16"_s);
        QCOMPARE(pane.cilium(), (egress::CiliumVersion{1, 16}));
        QCOMPARE(pane.ciliumText(), u"chosen here; the master says 2.0"_s);
        choose(u"2.0"_s);
        QCOMPARE(pane.cilium(), (egress::CiliumVersion{2, 0}));
    }
};

QTEST_MAIN(TestPolicyPreviewPane)
#include "tst_policypreviewpane.moc"
