// SPDX-License-Identifier: GPL-3.0-or-later
// A42: eight hours of a busy console in some seconds: 200 lost connections, 500 jobs opened and closed. Memory stays,
// and no socket, file, thread, timer or object is left over.
#include "console/app/findbar.h"
#include "console/app/jobpage.h"
#include "console/app/jobspage.h"
#include "console/app/logpane.h"
#include "console/app/pagehost.h"
#include "tests/gui/sample.h"
#include "tests/support/sanitizer.h"

#include <QDir>
#include <QFile>
#include <QThreadPool>

#include <mutex>

#include <malloc.h>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

// Qt's own hooks for tools that watch objects live and die: version, size, then the callbacks.
extern quintptr Q_CORE_EXPORT qtHookData[];

namespace {

constexpr int rounds = 100; // of 288 s virtual time each: 8 h
constexpr int cutsPerRound = 2;
constexpr int jobsPerRound = 5;
constexpr int warmUp = 15; // of these: caches fill

struct Living
{
    std::mutex mutex; // objects come and go in every thread
    QSet<QObject *> objects;
};
Living &living()
{
    static Living living;
    return living;
}

void born(QObject *object)
{
    const std::lock_guard lock(living().mutex);
    living().objects.insert(object);
}
void dead(QObject *object)
{
    const std::lock_guard lock(living().mutex);
    living().objects.remove(object);
}

struct Census
{
    int64_t memory = 0;
    int sockets = 0;
    int files = 0;
    int timers = 0;
    qsizetype objects = 0;
    QMap<QByteArray, int> classes;
};

Census takeCensus()
{
    Census census;
    malloc_trim(0);
    const struct mallinfo2 heap = mallinfo2();
    census.memory = int64_t(heap.uordblks + heap.hblkhd);
    for (const QString &entry : QDir(u"/proc/self/fd"_s).entryList(QDir::Files | QDir::System | QDir::NoDotAndDotDot)) {
        const QString target = QFile::symLinkTarget(u"/proc/self/fd/"_s + entry);
        census.sockets += target.contains(u"socket:"_s);
        ++census.files;
    }
    const std::lock_guard lock(living().mutex);
    for (QObject *object : std::as_const(living().objects)) {
        ++census.classes[object->metaObject()->className()];
        const auto *timer = qobject_cast<QTimer *>(object);
        census.timers += timer && timer->isActive();
    }
    census.objects = living().objects.size();
    return census;
}

QString differences(const Census &before, const Census &after)
{
    QStringList lines;
    for (const auto &[name, count] : after.classes.asKeyValueRange()) {
        if (count > before.classes.value(name))
            lines.append(u"%1 +%2"_s.arg(QString::fromLatin1(name)).arg(count - before.classes.value(name)));
    }
    return lines.join(u", "_s);
}

} // namespace

class CheckA42 : public QObject
{
    Q_OBJECT
    std::unique_ptr<Sample> m_sample;
    MasterSession *m_session = nullptr;
    int m_number = 0;

    JobId nextJob()
    {
        const Job job = sampleJob(m_number % 50 + 1, u"web"_s, JobState::Running);
        ++m_number;
        return job.id;
    }
    void openAndClose()
    {
        const JobId id = nextJob();
        m_sample->window->openJob(*m_session, id);
        LogPane *pane = m_sample->window->logPane();
        QVERIFY(pane);
        QTRY_VERIFY_WITH_TIMEOUT(pane->view()->document()->lineCount() >= 50, 30'000);
        if (m_number % 3 == 0) {
            pane->openFind();
            pane->findBar()->setQuery({.text = u"line"_s});
            pane->showMatches(true);
        }
        if (m_number % 4 == 0)
            m_sample->window->jobPage()->logPane()->toggleFold();
        m_sample->window->actions().action("app.closeTab"_L1)->trigger();
    }
    void cut()
    {
        m_sample->master.server().closeConnections();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->connection().state != ConnectionState::Live, 30'000);
        m_session->reconnectNow();
        QTRY_COMPARE_WITH_TIMEOUT(m_session->connection().state, ConnectionState::Live, 30'000);
    }
    void round()
    {
        m_sample->clock.advance(std::chrono::seconds(288));
        m_sample->master.forgetRequests();
        for (int i = 0; i < jobsPerRound; ++i)
            openAndClose();
        for (int i = 0; i < cutsPerRound; ++i)
            cut();
    }
    /// What only waits to be deleted is not left over.
    static void settle()
    {
        for (int i = 0; i < 20; ++i) {
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
            QTest::qWait(20);
        }
        QThreadPool::globalInstance()->waitForDone(10'000);
        QTest::qWait(50);
    }

private slots:
    void initTestCase()
    {
        qtHookData[3] = reinterpret_cast<quintptr>(&born); // QHooks::AddQObject
        qtHookData[4] = reinterpret_cast<quintptr>(&dead); // QHooks::RemoveQObject
        m_sample = std::make_unique<Sample>();
        for (int number = 1; number <= 50; ++number) {
            const Job job = sampleJob(number, u"web"_s, JobState::Running);
            m_sample->master.setJob(job);
            for (int i = 0; i < 50; ++i)
                m_sample->print(job.id, 1, "line " + QByteArray::number(i) + " with some text, no error");
        }
        m_sample->window->show();
        m_session = m_sample->connectWindow().value();
        QTRY_COMPARE(m_session->connection().state, ConnectionState::Live);
    }
    void cleanupTestCase()
    {
        m_sample.reset();
        qtHookData[3] = qtHookData[4] = 0;
    }
    void eightHours()
    {
        for (int i = 0; i < warmUp; ++i)
            round();
        settle();
        const Census before = takeCensus();
        for (int i = warmUp; i < rounds; ++i)
            round();
        settle();
        const Census after = takeCensus();
        qInfo("memory %.2f -> %.2f MB, objects %lld -> %lld, timers %d -> %d, sockets %d -> %d, files %d -> %d",
              double(before.memory) / 1e6, double(after.memory) / 1e6, qlonglong(before.objects),
              qlonglong(after.objects), before.timers, after.timers, before.sockets, after.sockets, before.files,
              after.files);
        QCOMPARE(m_sample->window->tabs()->count(), 1);
        QVERIFY2(after.objects <= before.objects + 20, qPrintable(differences(before, after)));
        QVERIFY2(after.timers <= before.timers + 1, qPrintable(differences(before, after)));
        QVERIFY(after.sockets <= before.sockets + 2);
        QVERIFY(after.files <= before.files + 2);
        QVERIFY2(keepsFreedMemory || double(after.memory) < double(before.memory) * 1.05,
                 qPrintable(u"%1 bytes more"_s.arg(after.memory - before.memory)));
    }
};

QTEST_MAIN(CheckA42)
#include "a42_soak.moc"
