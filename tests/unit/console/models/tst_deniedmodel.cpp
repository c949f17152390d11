// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/deniedmodel.h"
#include "tests/support/fakeclock.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestDeniedModel : public QObject
{
    Q_OBJECT
    tests::FakeClock m_clock;
    DeniedModel m_model{m_clock};
    QAbstractItemModelTester m_tester{&m_model};

    static EgressRefusal refusal(const char *job, const char *host, quint16 port, qint64 count)
    {
        EgressRefusal refusal;
        refusal.job = JobId(QString::fromLatin1(job));
        refusal.pipeline = u"web"_s;
        refusal.host = QString::fromLatin1(host);
        refusal.port = port;
        refusal.protocol = port == 0 ? u"DNS"_s : u"TCP"_s;
        refusal.count = count;
        return refusal;
    }
    int rowOf(const char *host) const
    {
        for (int row = 0; row < m_model.rowCount(); ++row) {
            if (m_model.place(row).host == QLatin1StringView(host))
                return row;
        }
        return -1;
    }

private slots:
    void init()
    {
        m_model.setRefusals({refusal("a", "files.example.org", 443, 5), refusal("b", "files.example.org", 0, 2),
                             refusal("b", "eu.files.example.org", 443, 1), refusal("c", "203.0.113.7", 22, 1),
                             refusal("c", "example.co.uk", 443, 1)});
        m_model.setLists({}, {});
    }
    void addsUpByPlace()
    {
        QCOMPARE(m_model.rowCount(), 4);
        const DeniedPlace &place = m_model.place(0); // most jobs first
        QCOMPARE(place.host, u"files.example.org"_s);
        QCOMPARE(place.port, 443); // its lookup is part of it
        QCOMPARE(place.jobs.size(), 2);
        QCOMPARE(place.flows, 7);
    }
    void proposesTheNarrowest()
    {
        QCOMPARE(m_model.exactEntry(0), u"files.example.org"_s);
        QCOMPARE(m_model.exactEntry(rowOf("203.0.113.7")), QString());
        QVERIFY(!m_model.place(rowOf("203.0.113.7")).canBeListed());
    }
    void wildcardsStopAtPublicSuffixes()
    {
        QCOMPARE(m_model.wildcards(rowOf("eu.files.example.org")),
                 (QStringList{u"*.files.example.org"_s, u"**.example.org"_s}));
        QCOMPARE(m_model.wildcards(0), QStringList{u"*.example.org"_s});
        QCOMPARE(m_model.wildcards(rowOf("example.co.uk")), QStringList());
    }
    void oldCiliumsHaveNoWildcardOfAnyDepth()
    {
        egress::LintOptions options;
        options.cilium = {1, 18};
        m_model.setLists({}, options);
        QCOMPARE(m_model.wildcards(rowOf("eu.files.example.org")), QStringList{u"*.files.example.org"_s});
    }
    void saysWhatElseAWildcardOpens()
    {
        QCOMPARE(m_model.alsoOpened(u"**.example.org"_s, 0), QStringList{u"eu.files.example.org:443"_s});
        QCOMPARE(m_model.alsoOpened(u"*.example.org"_s, 0), QStringList());
    }
    void followsTheEditedList()
    {
        m_model.setLists({.base = {u"*.example.org"_s}}, {});
        QVERIFY(m_model.place(0).verdict.isAllowed);
        QVERIFY(m_model.index(0, DeniedModel::StateColumn).data().toString().contains(u"allowed"_s));
        QCOMPARE(m_model.exactEntry(0), QString());
    }
};

QTEST_GUILESS_MAIN(TestDeniedModel)
#include "tst_deniedmodel.moc"
