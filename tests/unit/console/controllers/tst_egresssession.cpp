// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/egresssession.h"
#include "shared/api/apiclient.h"
#include "tests/support/fakeblueprint.h"
#include "tests/support/fakeclock.h"

#include <QSignalSpy>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestEgressSession : public QObject
{
    Q_OBJECT
    FakeMaster m_master;
    FakeBlueprint m_blueprint{m_master};
    FakeClock m_clock;
    api::ApiClient m_client{api::Endpoint{m_master.url(), nullptr}};

    static QList<Pipeline> pipelines(int count)
    {
        QList<Pipeline> made(count);
        for (int i = 0; i < count; ++i)
            made[i].name = u"p%1"_s.arg(i);
        return made;
    }
    static EgressRefusal refusalOf(const QString &pipeline)
    {
        EgressRefusal refusal;
        refusal.job = JobId(u"job000001"_s);
        refusal.pipeline = pipeline;
        refusal.host = u"files.example.org"_s;
        refusal.port = 443;
        refusal.count = 1;
        return refusal;
    }
    void load(EgressSession &session)
    {
        session.load();
        QTRY_VERIFY_WITH_TIMEOUT(!session.isLoading(), 20'000);
    }

private slots:
    void asksAboutEachPipeline()
    {
        m_master.setPipelines(pipelines(3));
        m_blueprint.refusals = {refusalOf(u"p0"_s), refusalOf(u"p2"_s)};
        EgressSession session(m_client, m_clock);
        load(session);
        QCOMPARE(session.refusals().size(), 2);
        QCOMPARE(session.refusalProblem(), QString());
    }
    void saysWhatItDidNotLookAt_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("refusals");
        QTest::addColumn<QString>("problem");
        QTest::newRow("pipelines") << 201 << 1 << u"Only the first 200 pipelines were looked at."_s;
        QTest::newRow("refusals") << 2 << 20'000 << u"Only the first 20000 refusals were looked at."_s;
    }
    void saysWhatItDidNotLookAt()
    {
        QFETCH(const int, count);
        QFETCH(const int, refusals);
        m_master.setPipelines(pipelines(count));
        m_blueprint.refusals = QList<EgressRefusal>(refusals, refusalOf(u"p0"_s));
        EgressSession session(m_client, m_clock);
        load(session);
        QTEST(session.refusalProblem(), "problem");
        QCOMPARE(session.refusals().size(), refusals);
    }
};

QTEST_GUILESS_MAIN(TestEgressSession)
#include "tst_egresssession.moc"
