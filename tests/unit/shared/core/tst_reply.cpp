// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/reply.h"

#include <QCoreApplication>
#include <QTest>

#include <csignal>
#include <unistd.h>

using namespace danube;

namespace {

/// An application for one test.
struct Application
{
    int count = 1;
    char name[10] = "tst_reply";
    char *arguments[2] = {name, nullptr};
    QCoreApplication application{count, arguments};
};

} // namespace

class TestReply : public QObject
{
    Q_OBJECT

private slots:
    void comesByTheEventLoop()
    {
        const Application application;
        QObject context;
        int answer = 0;
        Reply<int> reply(&context, [&answer](int given) { answer = given; });
        reply(7);
        QCOMPARE(answer, 0); // never from within the call
        QTRY_COMPARE(answer, 7);
    }

    void saysNothingToWhoIsGone()
    {
        const Application application;
        auto context = std::make_unique<QObject>();
        bool isCalled = false;
        Reply<> gone(context.get(), [&isCalled] { isCalled = true; });
        { // dropped unanswered
            const Reply<> dropped(context.get(), [&isCalled] { isCalled = true; });
        }
        gone();
        context.reset();
        QObject other;
        bool isLater = false;
        Reply<>(&other, [&isLater] { isLater = true; })();
        QTRY_VERIFY(isLater);
        QVERIFY(!isCalled);
    }

    void comesBackFromAnotherThread()
    {
        const Application application;
        QObject context;
        const QThread *where = nullptr;
        Reply<int> reply(&context, [&where](int) { where = QThread::currentThread(); });
        Reply<int> dropped(&context, [](int) {});
        const std::unique_ptr<QThread> thread(
            QThread::create([reply = std::move(reply), dropped = std::move(dropped)]() mutable { reply(1); }));
        thread->start();
        QTRY_VERIFY(where);
        QCOMPARE(where, QThread::currentThread());
        QVERIFY(thread->wait(10'000));
    }

    // Qt destroys the calls that were not made under the lock of their queue.
    void oneWithinACallThatIsNeverMadeHoldsUpNobody()
    {
        const auto before = std::signal(SIGALRM, SIG_DFL);
        ::alarm(30); // a deadlock ends the test
        {
            const Application application;
            QObject context;
            Reply<int> inner(&context, [](int) {});
            Reply<int> outer(&context, [inner = std::move(inner)](int answer) mutable { inner(answer); });
            outer(1);
        }
        ::alarm(0);
        std::signal(SIGALRM, before);
    }
};

QTEST_APPLESS_MAIN(TestReply)
#include "tst_reply.moc"
