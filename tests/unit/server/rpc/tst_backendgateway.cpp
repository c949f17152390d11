// SPDX-License-Identifier: GPL-3.0-or-later
// Reports that come together are one to the backend, and nobody but it can tell.
#include "server/rpc/backendgateway.h"
#include "tests/support/scriptedbackend.h"

#include <QTest>

#include <deque>

using namespace danube;
using namespace danube::rpc;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class TestBackendGateway : public QObject
{
    Q_OBJECT

    std::unique_ptr<ScriptedBackend> m_backend;
    std::unique_ptr<QObject> m_receiver;
    std::unique_ptr<BackendGateway> m_gateway;
    std::deque<std::optional<Result<QString>>> m_answers; ///< to the reports, in their order

    ScriptedBackend &backend() { return *m_backend; }
    void reportFor(const JobId &tokenJob, const protocol::ReportStatusRequest &request)
    {
        m_gateway->reportStatus(tokenJob, request, [&answer = m_answers.emplace_back()](Result<QString> result) {
            answer = std::move(result);
        });
    }
    void report(std::optional<QString> message, std::optional<double> progress, std::optional<QString> state = {})
    {
        reportFor(backend().running, {backend().running, std::move(state), std::move(message), progress});
    }
    bool areAllAnswered() const
    {
        return std::ranges::all_of(m_answers, [](const auto &answer) { return answer.has_value(); });
    }
    bool isUnanswered() const
    {
        return std::ranges::none_of(m_answers, [](const auto &answer) { return answer.has_value(); });
    }

private slots:
    void init()
    {
        m_backend = std::make_unique<ScriptedBackend>();
        m_receiver = std::make_unique<QObject>();
        m_gateway = std::make_unique<BackendGateway>(*m_backend, m_receiver.get());
    }
    void cleanup()
    {
        m_gateway.reset();
        m_receiver.reset();
        m_backend.reset();
        m_answers.clear();
    }

    void reportsOfOneTurnAreOneAndTheLastOfEachCounts()
    {
        backend().holdsReports = true;
        report(u"first"_s, {});
        report({}, 0.1);
        report({}, {});
        report(u"second"_s, {});
        report({}, 0.2);
        QTRY_COMPARE(backend().reports.size(), 1);
        QCOMPARE(backend().reports[0].message, std::optional(u"second"_s));
        QCOMPARE(backend().reports[0].progress, std::optional(0.2));
        QVERIFY(isUnanswered());
        backend().releaseReports();
        QTRY_VERIFY(areAllAnswered());
        QCOMPARE(m_answers.size(), 5);
        for (const auto &answer : m_answers)
            QCOMPARE(*answer, Result<QString>(u"running"_s));
    }

    void laterTurnsAreAnsweredByTheirOwn()
    {
        backend().holdsReports = true;
        report(u"first"_s, {});
        QTRY_COMPARE(backend().reports.size(), 1);
        backend().releaseReports();
        backend().holdsReports = true;
        report(u"second"_s, {});
        QTRY_COMPARE(backend().reports.size(), 2);
        QVERIFY(m_answers[0] && !m_answers[1]);
        backend().releaseReports();
        QTRY_VERIFY(areAllAnswered());
    }

    void whatIsRefusedByItselfStaysApart()
    {
        report(u"first"_s, {});
        report({}, {}, u"success"_s);
        report({}, 0.5);
        QTRY_VERIFY(areAllAnswered());
        QVERIFY(*m_answers[0] && *m_answers[2]);
        QCOMPARE(m_answers[1]->error().code, ErrorCode::Conflict);
        QCOMPARE(backend().reports.size(), 3);
        QCOMPARE(backend().reports[1].state, std::optional(u"success"_s));
        QVERIFY(!backend().reports[2].message);
    }

    void othersAreNotMixedIn()
    {
        const JobId other(u"another-job"_s);
        report(u"mine"_s, {});
        reportFor(other, {backend().running, {}, u"not mine"_s, {}});
        reportFor(other, {other, {}, u"of one that is gone"_s, {}});
        report({}, 0.5);
        QTRY_VERIFY(areAllAnswered());
        QVERIFY(*m_answers[0] && *m_answers[3]);
        QCOMPARE(m_answers[1]->error().code, ErrorCode::PermissionDenied);
        QCOMPARE(m_answers[2]->error().code, ErrorCode::NotFound);
        QCOMPARE(backend().reports[0].message, std::optional(u"mine"_s));
    }

    void allHearOfARefusal()
    {
        report(u"first"_s, {}, u"failure"_s);
        report({}, 0.5, u"failure"_s);
        QTRY_VERIFY(areAllAnswered());
        QCOMPARE(backend().reports.size(), 1);
        for (const auto &answer : m_answers)
            QCOMPARE(answer->error().code, ErrorCode::Conflict);
    }

    void allHearOfADroppedOne()
    {
        backend().holdsReports = true;
        report(u"first"_s, {});
        report({}, 0.5);
        QTRY_COMPARE(backend().reports.size(), 1);
        QVERIFY(isUnanswered());
        backend().dropReports();
        QTRY_VERIFY(areAllAnswered());
        for (const auto &answer : m_answers)
            QCOMPARE(answer->error().code, ErrorCode::Unavailable);
    }

    void otherCallsDoNotOvertake()
    {
        report(u"before"_s, {});
        m_gateway->getSecret(backend().running, {backend().running, u"TOKEN"_s}, [](const auto &) {});
        report(u"after"_s, {});
        QTRY_VERIFY(areAllAnswered());
        QCOMPARE(backend().reports.size(), 2); // so the first had left before
        QCOMPARE(backend().reports[0].message, std::optional(u"before"_s));
    }

    void nothingIsAtHandWhileOneIsUnderWay()
    {
        const protocol::ReportStatusRequest same{backend().running, {}, {}, {}};
        backend().isStatusAtHand = true;
        backend().holdsReports = true;
        QVERIFY(m_gateway->statusAtHand(backend().running, same));
        report(u"first"_s, {});
        QVERIFY(!m_gateway->statusAtHand(backend().running, same)); // gathered
        QTRY_COMPARE(backend().reports.size(), 1);
        report(u"second"_s, {});
        QTRY_COMPARE(backend().reports.size(), 2);
        QVERIFY(!m_gateway->statusAtHand(backend().running, same)); // sent
        backend().releaseReports();
        QTRY_VERIFY(areAllAnswered());
        QVERIFY(m_gateway->statusAtHand(backend().running, same));
    }
};

QTEST_GUILESS_MAIN(TestBackendGateway)
#include "tst_backendgateway.moc"
