// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/local/agentprocess.h"

#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace danube::local;
using namespace Qt::StringLiterals;

class TestAgentProcess : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_state;
    QByteArray path(const char *name) const { return QFile::encodeName(m_state.filePath(QLatin1StringView(name))); }
    void write(const char *name, const QByteArray &text) const
    {
        QFile file(m_state.filePath(QLatin1StringView(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

private slots:
    void cleanup() { QFile::remove(m_state.filePath(u"agent.log"_s)); }
    void lastWordsAreOnePrintableLine_data()
    {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<QString>("words");
        QTest::newRow("nothing") << QByteArray() << QString();
        QTest::newRow("a line") << QByteArray("danube-agent: gone\n") << u"danube-agent: gone"_s;
        QTest::newRow("lines") << QByteArray("one\ntwo\r\n") << u"one two"_s;
        QTest::newRow("escapes") << QByteArray("\x1b[31mred\0\xc3\xa4", 11) << u"[31mred"_s;
        QTest::newRow("much") << "first" + QByteArray(500, 'x') + "end\n" << QString(396, u'x') + u"end"_s;
    }
    void lastWordsAreOnePrintableLine()
    {
        QFETCH(QByteArray, log);
        QFETCH(QString, words);
        write("agent.log", log);
        QCOMPARE(agentprocess::lastWords(m_state.path()), words);
    }
    void lastWordsOfNobodyAreEmpty()
    {
        QCOMPARE(agentprocess::lastWords(m_state.path()), QString());
        QCOMPARE(agentprocess::lastWords(m_state.filePath(u"missing"_s)), QString());
    }
    void lastWordsAreNeverReadElsewhere()
    {
        write("other", "not yours");
        QVERIFY(symlink(path("other").constData(), path("agent.log").constData()) == 0);
        QCOMPARE(agentprocess::lastWords(m_state.path()), QString());
        cleanup();
        QVERIFY(link(path("other").constData(), path("agent.log").constData()) == 0);
        QCOMPARE(agentprocess::lastWords(m_state.path()), QString());
        cleanup();
        QVERIFY(mkfifo(path("agent.log").constData(), 0600) == 0); // nobody writes: it must not wait either
        QCOMPARE(agentprocess::lastWords(m_state.path()), QString());
    }
    void aFolderIsAliveWhileItIsClaimed()
    {
        using agentprocess::Life;
        QCOMPARE(agentprocess::lifeOf(m_state.path()), Life::Dead);
        QCOMPARE(agentprocess::lifeOf(m_state.filePath(u"missing"_s)), Life::Dead);
        const int claim = ::open(path("").constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        QVERIFY(::flock(claim, LOCK_EX | LOCK_NB) == 0);
        QCOMPARE(agentprocess::lifeOf(m_state.path()), Life::Alive);
        ::close(claim);
        QCOMPARE(agentprocess::lifeOf(m_state.path()), Life::Dead);
    }
    // Whoever cannot look must not say that a job's agent is dead.
    void withoutADescriptorNobodyIsDead()
    {
        rlimit before{};
        QVERIFY(::getrlimit(RLIMIT_NOFILE, &before) == 0);
        const int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        ::close(next);
        const rlimit none{static_cast<rlim_t>(next), before.rlim_max};
        QVERIFY(::setrlimit(RLIMIT_NOFILE, &none) == 0);
        const auto life = agentprocess::lifeOf(m_state.path());
        QVERIFY(::setrlimit(RLIMIT_NOFILE, &before) == 0);
        QCOMPARE(life, agentprocess::Life::Unknown);
    }
};

QTEST_GUILESS_MAIN(TestAgentProcess)
#include "tst_agentprocess.moc"
