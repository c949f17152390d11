// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/childrenend.h"

#include <QTest>

#include <csignal>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace danube::app;

namespace {

void tell(int pipe, char what)
{
    if (::write(pipe, &what, 1) != 1)
        ::_exit(1);
}

/// What the other end says next; 0 when nobody has it open any more, '?' after ten seconds of neither.
char hear(int pipe)
{
    pollfd ready{.fd = pipe, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, 10'000) != 1)
        return '?';
    char what = 0;
    return ::read(pipe, &what, 1) == 1 ? what : '\0';
}

/// A process that ends its children with it runs `child` in one, and is killed as soon as that has told 'r'.
template <class Child> int killedParentOf(Child child)
{
    int ends[2];
    if (::pipe(ends) != 0)
        return -1;
    const pid_t parent = ::fork();
    if (parent == 0) {
        ::close(ends[0]);
        endChildrenWithUs();
        if (::fork() == 0)
            child(ends[1]);
        for (;;)
            ::pause();
    }
    ::close(ends[1]);
    if (hear(ends[0]) != 'r')
        return -1;
    ::kill(parent, SIGKILL);
    return ::waitpid(parent, nullptr, 0) == parent ? ends[0] : -1;
}

} // namespace

class TestChildrenEnd : public QObject
{
    Q_OBJECT
private slots:
    void aChildThatWaitsForItsKilledParentEnds()
    {
        const int pipe = killedParentOf([](int to) {
            tell(to, 'r');
            ::sleep(20); // who nevertheless goes on leaves nothing behind
            ::_exit(0);
        });
        QVERIFY(pipe >= 0);
        QCOMPARE(hear(pipe), '\0');
        ::close(pipe);
    }

    void whatIsDetachedGoesOn()
    {
        const int pipe = killedParentOf([](int to) {
            const pid_t child = ::getpid();
            if (::fork() == 0) {
                while (::getppid() == child) // whose end we have to outlive
                    ::usleep(1000);
                tell(to, 'r');
                ::usleep(300'000);
                tell(to, 'd');
                ::_exit(0);
            }
            ::_exit(0);
        });
        QVERIFY(pipe >= 0);
        QCOMPARE(hear(pipe), 'd');
        ::close(pipe);
    }
};

QTEST_APPLESS_MAIN(TestChildrenEnd)
#include "tst_childrenend.moc"
