// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/agent/agentharness.h"

#include <QTest>

using namespace danube;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

const Secret testKey(QByteArray(32, 'k'));
constexpr quint64 amount = 9'000'000; ///< more than the spool takes, several times

} // namespace

/// A stream whose last bytes are held back by the master, as they may be the beginning of a secret, and so not
/// acknowledged: the other stream goes on, and another master still gets them.
class TestHeldBack : public QObject
{
    Q_OBJECT
    std::unique_ptr<AgentProcess> m_agent;
    QMap<quint32, StepView> m_steps;
    std::unique_ptr<LinkSession> m_session;

    StepView &step() { return m_steps[1]; }
    bool connect(link::KeyHandover handover = link::KeyHandover::Forbidden)
    {
        m_session = std::make_unique<LinkSession>(m_agent->directory(), testKey, handover, m_steps);
        return m_session->waitReady();
    }
    /// As the log would: all of stdout, and of stderr what is before `held`.
    bool takeUntil(const std::function<bool()> &condition, quint64 held)
    {
        m_session->setAutomatic(false);
        return m_session->run(
            [&] {
                const auto taken = step().point(1U << 20);
                const link::StreamOffsets durable{taken.offsets.standardOutput,
                                                  std::min(taken.offsets.standardError, held)};
                if (durable.standardOutput - m_told > 1U << 18 || condition()) {
                    m_told = durable.standardOutput;
                    m_session->client().acknowledge(StepNumber(1), durable);
                    m_session->client().credit(StepNumber(1), taken.creditLimit);
                }
                return condition();
            },
            milliseconds(60'000));
    }
    quint64 m_told = 0;

private slots:
    void init()
    {
        m_steps.clear();
        m_told = 0;
        m_agent = std::make_unique<AgentProcess>(QStringLiteral(DANUBE_BIN_DIR "/danube-agent"));
        QVERIFY(m_agent->start());
    }
    void cleanup()
    {
        m_session.reset();
        m_agent.reset();
    }

    void theOtherStreamGoesOn()
    {
        QVERIFY(connect(link::KeyHandover::Allowed));
        auto spec = shell(u"printf Cloning >&2; sleep 0.1; head -c %1 /dev/zero; exit 3"_s.arg(amount));
        spec.spool = 2_MiB;
        QVERIFY(m_session->client().start(StepNumber(1), spec, {{}, 1U << 20}));
        QVERIFY(takeUntil([this] { return step().exit.has_value(); }, 6));
        QCOMPARE(step().outcome().exitCode, 3);
        QVERIFY(step().output[0] == QByteArray(amount, '\0'));
        QCOMPARE(step().output[1], QByteArray("Cloning"));
        // Another master has what was acknowledged, and no more.
        QVERIFY(connect());
        QCOMPARE(m_session->ready()->steps.first().acknowledged.standardError, 6U);
        step().output[1].truncate(6);
        step().exit.reset();
        m_session->client().resume(StepNumber(1), step().point(1U << 20));
        QVERIFY(m_session->waitExit(1));
        QVERIFY(!m_session->broken());
        QCOMPARE(step().output[1], QByteArray("Cloning"));
        QCOMPARE(step().output[0].size(), static_cast<qsizetype>(amount));
        QCOMPARE(step().outcome().exitCode, 3);
    }

    // Masters that die in turn, while both streams go on.
    void nothingIsLostOverManyMasters()
    {
        QVERIFY(connect(link::KeyHandover::Allowed));
        const QString script = uR"sh(
            for i in 1 2 3 4 5 6; do printf "part $i" >&2; head -c 1500000 /dev/zero; done; exit 4)sh"_s;
        auto spec = shell(script);
        spec.spool = 2_MiB;
        QVERIFY(m_session->client().start(StepNumber(1), spec, {{}, 1U << 20}));
        for (qsizetype master = 1; master <= 5; ++master) {
            QVERIFY(takeUntil([&] { return step().output[0].size() >= master * 1'500'000; }, 3));
            QVERIFY2(!m_session->broken(), m_session->broken() ? qPrintable(m_session->broken()->message) : "");
            QVERIFY(connect());
            const auto acknowledged = m_session->ready()->steps.first().acknowledged;
            QVERIFY(acknowledged.standardError <= 3);
            step().output[1].truncate(static_cast<qsizetype>(acknowledged.standardError));
            m_session->client().resume(StepNumber(1), step().point(1U << 20));
        }
        QVERIFY(takeUntil([this] { return step().exit.has_value(); }, 3));
        QVERIFY(step().output[0] == QByteArray(amount, '\0'));
        QCOMPARE(step().output[1], QByteArray("part 1part 2part 3part 4part 5part 6"));
        QCOMPARE(step().outcome().exitCode, 4);
    }

    // An ended step whose output is all durable takes no disk, however little it was.
    void aStepThatIsOverHoldsNothing()
    {
        QVERIFY(connect(link::KeyHandover::Allowed));
        QVERIFY(m_session->client().start(StepNumber(1), shell(u"echo little; echo less >&2"_s), {{}, 1U << 20}));
        m_session->setAutomatic(false);
        QVERIFY(m_session->waitExit(1));
        m_session->client().acknowledge(StepNumber(1), {7, 4});
        step().exit.reset();
        m_session->client().resume(StepNumber(1), {{}, 1U << 20});
        QVERIFY(m_session->waitExit(1)); // a byte is missing yet
        m_session->client().acknowledge(StepNumber(1), {7, 5});
        m_session->client().resume(StepNumber(1), {{}, 1U << 20});
        QVERIFY(m_session->run([this] { return !step().failures.isEmpty(); }));
        QCOMPARE(step().failures.first().code, link::FailureCode::BytesGone);
        step().exit.reset();
        m_session->client().resume(StepNumber(1), step().point(1U << 20));
        QVERIFY(m_session->waitExit(1));
        QCOMPARE(step().output[0], QByteArray("little\n"));
    }
};

QTEST_GUILESS_MAIN(TestHeldBack)
#include "tst_heldback.moc"
