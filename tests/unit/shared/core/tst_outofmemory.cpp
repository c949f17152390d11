// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/outofmemory.h"

#include <QTest>

#include <csignal>
#include <functional>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace danube;

#if defined(__SANITIZE_ADDRESS__)
/// Its malloc would end the process itself; the ones of the product answer with nothing.
extern "C" const char *__asan_default_options()
{
    return "allocator_may_return_null=1";
}
#endif

namespace {

struct End
{
    int status = 0;
    QByteArray said;
};

/// What a process says on standard error and how it ends, which does so with the sentence set.
End endOf(const std::function<void()> &work)
{
    int pipe[2];
    if (::pipe(pipe) != 0)
        return {};
    const pid_t child = ::fork();
    if (child == 0) {
        const rlimit none{0, 0};
        ::setrlimit(RLIMIT_CORE, &none);
        ::signal(SIGABRT, SIG_DFL); // the test program's own handler would print a backtrace
        ::dup2(pipe[1], STDERR_FILENO);
        tellOutOfMemory("program: out of memory\n");
        [&]() noexcept { work(); }(); // as from a thread or main: nobody catches
        ::_exit(0);
    }
    ::close(pipe[1]);
    End end;
    char buffer[4096];
    for (ssize_t size = 0; (size = ::read(pipe[0], buffer, sizeof buffer)) > 0;)
        end.said.append(buffer, size);
    ::close(pipe[0]);
    ::waitpid(child, &end.status, 0);
    return end;
}

} // namespace

class TestOutOfMemory : public QObject
{
    Q_OBJECT
private slots:
    void aFailedAllocationIsToldBeforeTheAbort()
    {
        const End end = endOf([] {
            const rlimit little{1 << 20, 1 << 20};
            ::setrlimit(RLIMIT_AS, &little);
            for (;;) {
                QByteArray wanted(64 << 20, Qt::Uninitialized); // Qt asks malloc itself, and throws itself
                wanted[0] = 'x';
            }
        });
        QVERIFY(WIFSIGNALED(end.status));
        QCOMPARE(WTERMSIG(end.status), SIGABRT);
        QCOMPARE(end.said, "program: out of memory\n");
    }
    void otherDefectsAreNotCalledSo()
    {
        const End end = endOf([] { throw std::logic_error("a defect"); });
        QVERIFY(WIFSIGNALED(end.status));
        QCOMPARE(WTERMSIG(end.status), SIGABRT);
        QVERIFY2(!end.said.contains("memory"), end.said.constData());
        QVERIFY2(end.said.contains("a defect"), end.said.constData());
    }
};

QTEST_APPLESS_MAIN(TestOutOfMemory)
#include "tst_outofmemory.moc"
