// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/local/removetree.h"

#include "shared/core/filedescriptor.h"
#include "tests/support/sanitizer.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace danube;
using namespace danube::local;
using namespace Qt::StringLiterals;

namespace {

/// What a process of the job did in its folder: by descriptors, as no path is that long.
FileDescriptor makeFolder(int parent, const char *name)
{
    if (::mkdirat(parent, name, 0700) != 0)
        return {};
    return FileDescriptor(::openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

bool makeFile(int parent, const char *name)
{
    return static_cast<bool>(FileDescriptor(::openat(parent, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)));
}

/// Few descriptors while it lives, as in a master whose others are taken.
class DescriptorLimit
{
public:
    explicit DescriptorLimit(rlim_t most)
    {
        ::getrlimit(RLIMIT_NOFILE, &m_before);
        const rlimit few{most, m_before.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &few);
    }
    ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &m_before); }

private:
    rlimit m_before{};
};

long peakKilobytes()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

} // namespace

class TestRemoveTree : public QObject
{
    Q_OBJECT
    QTemporaryDir m_state;
    QString m_path = m_state.filePath(u"job"_s);

    FileDescriptor makeRoot() const { return makeFolder(AT_FDCWD, QFile::encodeName(m_path).constData()); }
    void expectGone() const
    {
        const auto removed = removeTree(m_path);
        QVERIFY2(removed, removed ? "" : qPrintable(removed.error().message));
        struct stat status{};
        QVERIFY(::lstat(QFile::encodeName(m_path).constData(), &status) != 0);
    }

private slots:
    void missingIsFine() { expectGone(); }

    void deepIsNoDeeperThanFlat()
    {
        constexpr int depth = 1000;
        FileDescriptor folder = makeRoot();
        for (int i = 0; i < depth; ++i) {
            QVERIFY(folder && makeFile(folder.get(), "file"));
            folder = makeFolder(folder.get(), "d");
        }
        folder.reset();
        const long before = peakKilobytes();
        {
            const DescriptorLimit few(64);
            expectGone();
        }
        if (!danube::tests::keepsFreedMemory)
            QVERIFY2(peakKilobytes() - before < 16 << 10, "its memory grows with the depth");
    }

    void wideAtEachLevel()
    {
        FileDescriptor folder = makeRoot();
        for (int level = 0; level < 10; ++level) {
            for (int i = 0; i < 30; ++i) {
                const QByteArray name = QByteArray::number(i);
                QVERIFY(makeFile(folder.get(), ("f" + name).constData()));
                const FileDescriptor inner = makeFolder(folder.get(), name.constData());
                QVERIFY(inner && makeFile(inner.get(), "file") && makeFolder(inner.get(), "empty"));
            }
            folder = makeFolder(folder.get(), "next");
            QVERIFY(folder);
        }
        folder.reset();
        expectGone();
    }

    void withNamesAsItGivesThem()
    {
        const FileDescriptor root = makeRoot();
        QVERIFY(makeFile(root.get(), "r0") && makeFile(root.get(), "r2"));
        for (const char *name : {"r1", "r3", "other"}) {
            const FileDescriptor folder = makeFolder(root.get(), name);
            const FileDescriptor inner = makeFolder(folder.get(), "r0");
            QVERIFY(inner && makeFile(inner.get(), "r1") && makeFolder(folder.get(), "r1"));
        }
        expectGone();
    }

    void lockedBelowAPathThatIsTooLong()
    {
        const QByteArray name(200, 'n');
        FileDescriptor folder = makeRoot();
        for (int i = 0; i < 25; ++i)
            folder = makeFolder(folder.get(), name.constData());
        QVERIFY(folder);
        const FileDescriptor locked = makeFolder(folder.get(), "locked");
        QVERIFY(makeFile(locked.get(), "file") && makeFolder(locked.get(), "inner"));
        QVERIFY(::fchmod(locked.get(), 0) == 0 && ::fchmod(folder.get(), 0) == 0);
        expectGone();
    }

    void neverFollowsALink()
    {
        const QString outside = m_state.filePath(u"outside"_s);
        QVERIFY(QDir().mkpath(outside + u"/folder"_s));
        QFile file(outside + u"/file"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.setPermissions(QFile::ReadOwner));
        const QByteArray target = QFile::encodeName(outside);
        {
            const FileDescriptor root = makeRoot();
            const FileDescriptor folder = makeFolder(root.get(), "folder");
            for (const int place : {root.get(), folder.get()}) {
                QVERIFY(::symlinkat(target.constData(), place, "link") == 0);
                QVERIFY(::symlinkat((target + "/file").constData(), place, "file") == 0);
            }
        }
        expectGone();
        QVERIFY(QFile::link(outside, m_path)); // in the job's own place
        expectGone();
        QVERIFY(file.exists() && QFileInfo(outside + u"/folder"_s).isDir());
        QVERIFY(!(QFile::permissions(file.fileName()) & QFile::WriteOwner));
    }
};

QTEST_GUILESS_MAIN(TestRemoveTree)
#include "tst_removetree.moc"
