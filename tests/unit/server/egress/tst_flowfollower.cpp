// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/flowfollower.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace danube;
using namespace danube::egress;
using namespace Qt::StringLiterals;

namespace {

QByteArray flow(const QByteArray &pod)
{
    return R"({"flow":{"verdict":"DROPPED","source":{"namespace":"danube-jobs","pod_name":")" + pod + "\"}}}\n";
}

} // namespace

class TestFlowFollower : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<FlowFollower> m_follower;
    QString m_path;
    QStringList m_pods;
    QStringList m_troubles;
    quint64 m_unreadable = 0;
    quint64 m_lost = 0;
    int m_batches = 0;

    void write(const QByteArray &bytes, QIODevice::OpenMode mode = QIODevice::Append)
    {
        QFile file(m_path);
        QVERIFY(file.open(mode | QIODevice::WriteOnly));
        file.write(bytes);
    }
    void follow(qint64 piece = 256 << 10, qint64 backlog = 1 << 20, bool goesOn = true)
    {
        m_follower = std::make_unique<FlowFollower>(FlowFollower::Settings{.path = m_path,
                                                                           .jobsNamespace = u"danube-jobs"_s,
                                                                           .poll = milliseconds(5),
                                                                           .piece = piece,
                                                                           .backlog = backlog});
        connect(m_follower.get(), &FlowFollower::read, this, [this, goesOn](const FlowBatch &batch) {
            ++m_batches;
            for (const FlowRecord &record : batch.records)
                m_pods.append(record.source.pod);
            m_unreadable += batch.unreadable;
            m_lost += batch.lost;
            if (goesOn)
                m_follower->goOn();
        });
        connect(m_follower.get(), &FlowFollower::troubled, this,
                [this](const QString &sentence) { m_troubles.append(sentence); });
        m_follower->start();
    }

private slots:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        m_path = m_directory->filePath(u"events.log"_s);
        m_pods.clear();
        m_troubles.clear();
        m_unreadable = m_lost = 0;
        m_batches = 0;
    }
    void cleanup() { m_follower.reset(); }

    void waitsForAFileThatCannotBeRead()
    {
        m_path = u"/proc/self/mem"_s; // a file of which the first read fails
        m_follower = std::make_unique<FlowFollower>(
            FlowFollower::Settings{.path = m_path, .jobsNamespace = u"danube-jobs"_s, .poll = milliseconds(20)});
        connect(m_follower.get(), &FlowFollower::troubled, this,
                [this](const QString &sentence) { m_troubles.append(sentence); });
        std::vector<quint64> reached;
        connect(m_follower.get(), &FlowFollower::reached, this, [&](quint64 token) { reached.push_back(token); });
        m_follower->start();
        QTRY_VERIFY(!m_troubles.isEmpty());
        for (quint64 token = 0; token < 10; ++token) {
            m_follower->mark(token);
            QTRY_COMPARE(reached.size(), token + 1);
        }
        QCOMPARE(m_troubles.size(), 1); // one sentence for all attempts, and never "it is read again"
        QVERIFY2(m_troubles.first().startsWith("read flow file /proc/self/mem: "_L1), qPrintable(m_troubles.first()));
    }
    void readsWhatIsThereAndWhatComes()
    {
        write(flow("a"));
        follow();
        QTRY_COMPARE(m_pods, QStringList{u"a"_s});
        const QByteArray next = flow("b");
        write(next.first(20));
        write(next.sliced(20) + flow("c"));
        QTRY_COMPARE(m_pods, (QStringList{u"a"_s, u"b"_s, u"c"_s}));
    }

    void readsInSmallPieces()
    {
        write(flow("a") + flow("b") + flow("c"));
        follow(7);
        QTRY_COMPARE(m_pods, (QStringList{u"a"_s, u"b"_s, u"c"_s}));
    }

    void tellsTheEndBehindItsBatches()
    {
        write(flow("a") + flow("b") + flow("c"));
        follow(7);
        QStringList atTheEnd;
        QList<quint64> reached;
        connect(m_follower.get(), &FlowFollower::reached, this, [&](quint64 token) {
            reached.append(token);
            atTheEnd = m_pods;
        });
        m_follower->mark(1);
        m_follower->mark(2);
        QTRY_COMPARE(reached, (QList<quint64>{1, 2}));
        QCOMPARE(atTheEnd, (QStringList{u"a"_s, u"b"_s, u"c"_s}));
        write(flow("d"));
        m_follower->mark(3);
        QTRY_COMPARE(reached.size(), 3);
        QCOMPARE(atTheEnd.last(), u"d"_s);
    }

    void tellsTheEndOfAFileThatIsNotThere()
    {
        follow();
        QList<quint64> reached;
        connect(m_follower.get(), &FlowFollower::reached, this, [&](quint64 token) { reached.append(token); });
        m_follower->mark(7);
        QTRY_COMPARE(reached, QList<quint64>{7});
    }

    void tellsNoEndBeforeItMayGoOn()
    {
        write(flow("a"));
        follow(256 << 10, 1 << 20, false);
        QList<quint64> reached;
        connect(m_follower.get(), &FlowFollower::reached, this, [&](quint64 token) { reached.append(token); });
        QTRY_COMPARE(m_batches, 1);
        m_follower->mark(1);
        QTest::qWait(50);
        QVERIFY(reached.isEmpty());
        m_follower->goOn();
        QTRY_COMPARE(reached, QList<quint64>{1});
    }

    void waitsForTheFile()
    {
        follow();
        QTRY_COMPARE(m_troubles.size(), 1);
        QVERIFY(m_troubles.first().contains(m_path));
        write(flow("a"));
        QTRY_COMPARE(m_pods, QStringList{u"a"_s});
        QCOMPARE(m_troubles.last(), QString());
    }

    void followsARotation()
    {
        write(flow("a"));
        follow();
        QTRY_COMPARE(m_pods.size(), 1);
        write(flow("b"));
        QVERIFY(QFile::rename(m_path, m_path + u".1"_s));
        write(flow("c"));
        QTRY_COMPARE(m_pods, (QStringList{u"a"_s, u"b"_s, u"c"_s}));
    }

    void followsATruncation()
    {
        write(flow("a") + flow("b"));
        follow();
        QTRY_COMPARE(m_pods.size(), 2);
        write(flow("c"), QIODevice::Truncate);
        QTRY_COMPARE(m_pods, (QStringList{u"a"_s, u"b"_s, u"c"_s}));
    }

    void readsAFifo()
    {
        QCOMPARE(mkfifo(QFile::encodeName(m_path).constData(), 0600), 0);
        follow();
        for (const char *pod : {"a", "b"}) { // a writer that goes and one that comes
            const QByteArray path = QFile::encodeName(m_path);
            int writer = -1; // without O_NONBLOCK it would wait for the reader, which is this thread
            QTRY_VERIFY((writer = ::open(path.constData(), O_WRONLY | O_NONBLOCK | O_CLOEXEC)) >= 0);
            const QByteArray line = flow(pod);
            QCOMPARE(::write(writer, line.constData(), static_cast<size_t>(line.size())), line.size());
            ::close(writer);
        }
        QTRY_COMPARE(m_pods, (QStringList{u"a"_s, u"b"_s}));
    }

    void passesOverWhatIsNoRecord()
    {
        write(
            "no json of danube-jobs\n\n{\"flow\":{\"verdict\":\"DROPPED\",\"source\":{\"namespace\":\"default\"}}}\n" +
            QByteArray(FlowReader::maxLine + 1, 'x') + "danube-jobs\n" + R"({"lost_events":{"num_events_lost":"3"}})" +
            "\n" + flow("a"));
        follow();
        QTRY_COMPARE(m_pods, QStringList{u"a"_s});
        QCOMPARE(m_unreadable, 2U);
        QCOMPARE(m_lost, 3U);
    }

    void beginsNearTheEndOfALongFile()
    {
        write(flow("a") + flow("b") + flow("c"));
        follow(256 << 10, flow("b").size() + flow("c").size() - 1);
        QTRY_COMPARE(m_pods, QStringList{u"c"_s});
    }

    void stopsReadingWhenNobodyTakes()
    {
        write(flow("a") + flow("b"));
        follow(flow("a").size(), 1 << 20, false);
        QTRY_COMPARE(m_batches, 1);
        QTest::qWait(50); // ten polls
        QCOMPARE(m_batches, 1);
        m_follower->goOn();
        QTRY_COMPARE(m_pods, (QStringList{u"a"_s, u"b"_s}));
    }
};

QTEST_GUILESS_MAIN(TestFlowFollower)
#include "tst_flowfollower.moc"
