// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/server/store/storefixture.h"

#include <QTemporaryDir>
#include <QUuid>

using namespace danube;
using namespace danube::store;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

EgressRefusal refusal(const QString &job, const QString &host, int last)
{
    return {.job = JobId(job),
            .pipeline = u"build"_s,
            .kind = RefusalKind::Refused,
            .host = host,
            .port = 443,
            .protocol = u"TCP"_s,
            .first = WallTime(milliseconds(5)),
            .last = WallTime(milliseconds(last)),
            .count = 3,
            .steps = {StepNumber(0), StepNumber(4)},
            .candidates = {StepNumber(7)}};
}

} // namespace

class TestRefusalStore : public QObject
{
    Q_OBJECT

    QTemporaryDir m_directory;
    std::unique_ptr<Store> m_store;

    Result<void> save(const QList<EgressRefusal> &refusals)
    {
        return await<void>([&](auto done) { m_store->saveRefusals(refusals, this, std::move(done)); });
    }

private slots:
    void init()
    {
        auto opened =
            Store::open(m_directory.filePath(u"%1.db"_s.arg(QUuid::createUuid().toString(QUuid::WithoutBraces))));
        QVERIFY(opened);
        m_store = std::move(*opened);
        for (const QString &id : {u"j1"_s, u"j2"_s})
            QVERIFY(insert(*m_store, *this, sampleJob(id)));
    }
    void cleanup() { m_store.reset(); }

    void givesBackWhatWasSaved()
    {
        const QList saved{refusal(u"j1"_s, u"a.example.org"_s, 9), refusal(u"j1"_s, u"b.example.org"_s, 8)};
        QVERIFY(save(saved));
        QVERIFY(save({refusal(u"j2"_s, u"a.example.org"_s, 9)}));
        QCOMPARE(m_store->refusals(JobId(u"j1"_s)).value(), saved);
        QVERIFY(m_store->refusals(JobId(u"j3"_s)).value().isEmpty());
    }

    void replacesTheRowOfTheSamePlace()
    {
        EgressRefusal one = refusal(u"j1"_s, u"a.example.org"_s, 9);
        QVERIFY(save({one}));
        one.count = 10;
        one.last = WallTime(milliseconds(99));
        one.steps.append(StepNumber(5));
        EgressRefusal audited = one;
        audited.kind = RefusalKind::WouldBeRefused;
        QVERIFY(save({one, audited}));
        QCOMPARE(m_store->refusals(JobId(u"j1"_s)).value().size(), 2);
        QVERIFY(m_store->refusals(JobId(u"j1"_s)).value().contains(one));
    }

    void findsThoseOfAPipelineNewestFirst()
    {
        const auto old = refusal(u"j1"_s, u"a.example.org"_s, 9);
        const auto young = refusal(u"j2"_s, u"a.example.org"_s, 20);
        const auto youngest = refusal(u"j2"_s, u"b.example.org"_s, 30);
        QVERIFY(save({young, old, youngest}));
        const auto find = [&](const QString &pipeline, int since, int limit) {
            return m_store->refusals(RefusalFilter{pipeline, WallTime(milliseconds(since)), limit}).value();
        };
        QCOMPARE(find(u"build"_s, 0, 10), (QList{youngest, young, old}));
        QCOMPARE(find(u"build"_s, 20, 10), (QList{youngest, young}));
        QCOMPARE(find(u"build"_s, 0, 1), QList{youngest});
        QVERIFY(find(u"other"_s, 0, 10).isEmpty());
    }

    void refusesThoseOfNoJob()
    {
        QVERIFY(!save({refusal(u"j1"_s, u"a.example.org"_s, 1), refusal(u"nobody"_s, u"a.example.org"_s, 1)}));
        QVERIFY(m_store->refusals(JobId(u"j1"_s)).value().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestRefusalStore)
#include "tst_refusalstore.moc"
