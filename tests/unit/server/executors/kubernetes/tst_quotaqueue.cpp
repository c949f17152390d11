// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/kubernetes/podmaker.h"
#include "server/executors/kubernetes/quotaqueue.h"

#include <QJsonArray>
#include <QTest>

using namespace danube;
using namespace danube::kubernetes;
using namespace Qt::StringLiterals;

class TestQuotaQueue : public QObject
{
    Q_OBJECT
private:
    QStringList m_tried;

    // A job that fits at its n-th try.
    void enter(QuotaQueue &queue, const QString &job, int tries)
    {
        queue.enter(JobId(job), [this, &queue, job, tries] {
            m_tried.append(job);
            if (tries > 1)
                enter(queue, job, tries - 1);
        });
    }

private slots:
    void init() { m_tried.clear(); }

    void triesOneAfterTheOtherInTurn()
    {
        QuotaQueue queue(Backoff(milliseconds(1), milliseconds(2)));
        enter(queue, u"a"_s, 3); // it never holds up the others
        enter(queue, u"b"_s, 1);
        enter(queue, u"c"_s, 2);
        QVERIFY(QTest::qWaitFor([&queue] { return queue.isEmpty(); }));
        QCOMPARE(m_tried, (QStringList{u"a"_s, u"b"_s, u"c"_s, u"a"_s, u"c"_s, u"a"_s}));
    }

    void triesAtOnceWhenThereIsRoom()
    {
        QuotaQueue queue(Backoff(milliseconds(3'600'000), milliseconds(3'600'000)));
        enter(queue, u"a"_s, 1);
        queue.roomMade();
        QVERIFY(QTest::qWaitFor([this] { return m_tried == QStringList{u"a"_s}; }));
    }

    void forgetsWhoLeaves()
    {
        QuotaQueue queue(Backoff(milliseconds(1), milliseconds(2)));
        enter(queue, u"a"_s, 1);
        enter(queue, u"b"_s, 1);
        queue.leave(JobId(u"a"_s));
        QVERIFY(QTest::qWaitFor([&queue] { return queue.isEmpty(); }));
        QCOMPARE(m_tried, QStringList{u"b"_s});
    }

    void knowsWhenAPolicyGuards_data()
    {
        QTest::addColumn<QJsonObject>("status");
        QTest::addColumn<QString>("problem");
        const auto valid = [](const QString &status, const QString &message) {
            const QJsonObject condition{{u"type"_s, u"Valid"_s}, {u"status"_s, status}, {u"message"_s, message}};
            return QJsonObject{{u"conditions"_s, QJsonArray{QJsonObject{{u"type"_s, u"Other"_s}}, condition}}};
        };
        QTest::newRow("valid") << valid(u"True"_s, u"ok"_s) << QString();
        QTest::newRow("invalid") << valid(u"False"_s, u"bad selector"_s)
                                 << u"the network policy p is not valid: bad selector"_s;
        QTest::newRow("not judged") << QJsonObject() << u"the network policy p was not taken in by Cilium yet"_s;
    }
    void knowsWhenAPolicyGuards()
    {
        QFETCH(QJsonObject, status);
        QTEST(policyProblem(u"p"_s, {{u"status"_s, status}}).value_or(QString()), "problem");
    }
};

QTEST_GUILESS_MAIN(TestQuotaQueue)
#include "tst_quotaqueue.moc"
