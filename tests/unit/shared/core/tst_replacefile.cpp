// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/replacefile.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>

using namespace danube;
using namespace Qt::StringLiterals;

namespace {

/// Does what is asked, but for the call that is to fail.
class BadDisk final : public DiskCalls
{
public:
    ssize_t write(int file, const char *data, size_t size) override
    {
        calls.append(u"write"_s);
        if (failsAt == "write"_L1)
            return failWith();
        return DiskCalls::write(file, data, std::min<size_t>(size, most));
    }
    int sync(int file) override { return told(u"sync"_s) ? DiskCalls::sync(file) : failWith(); }
    int syncDirectory(int file) override { return told(u"directory"_s) ? DiskCalls::syncDirectory(file) : failWith(); }

    QString failsAt;
    int error = EIO;
    size_t most = 1 << 20; ///< bytes that one write takes
    QStringList calls;

private:
    bool told(const QString &call)
    {
        calls.append(call);
        return failsAt != call;
    }
    int failWith() const
    {
        errno = error;
        return -1;
    }
};

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(nothing)");
}

} // namespace

class TestReplaceFile : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    QString path() const { return m_directory->filePath(u"file"_s); }
    QStringList names() const { return QDir(m_directory->path()).entryList(QDir::Files | QDir::Hidden | QDir::System); }

private slots:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }

    void replacesTheWholeForItsOwnerOnly()
    {
        QVERIFY(replaceFile(path(), "old and longer"));
        QVERIFY(replaceFile(path(), "new"));
        QCOMPARE(read(path()), QByteArray("new"));
        QCOMPARE(names(), QStringList{u"file"_s});
        QCOMPARE(QFile::permissions(path()) &
                     (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
                 QFile::Permissions());
    }

    void syncsTheFileAndThenItsName()
    {
        BadDisk disk;
        disk.most = 2;
        QVERIFY(replaceFile(path(), "12345", disk));
        QCOMPARE(read(path()), QByteArray("12345"));
        QCOMPARE(disk.calls, (QStringList{u"write"_s, u"write"_s, u"write"_s, u"sync"_s, u"directory"_s}));
    }

    void tellsWhatFailedAndKeepsTheOld_data()
    {
        QTest::addColumn<QString>("call");
        QTest::addColumn<int>("error");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QByteArray>("left");
        QTest::newRow("write") << u"write"_s << ENOSPC << ErrorCode::ResourceExhausted << QByteArray("old");
        QTest::newRow("sync") << u"sync"_s << EIO << ErrorCode::Io << QByteArray("old");
        QTest::newRow("sync, quota") << u"sync"_s << EDQUOT << ErrorCode::ResourceExhausted << QByteArray("old");
        // The name may be durable or not: nobody knows.
        QTest::newRow("directory") << u"directory"_s << EIO << ErrorCode::Io << QByteArray("new");
    }
    void tellsWhatFailedAndKeepsTheOld()
    {
        QFETCH(QString, call);
        QFETCH(int, error);
        QFETCH(ErrorCode, code);
        QFETCH(QByteArray, left);
        QVERIFY(replaceFile(path(), "old"));
        BadDisk disk;
        disk.failsAt = call;
        disk.error = error;
        const auto replaced = replaceFile(path(), "new", disk);
        QVERIFY(!replaced);
        QCOMPARE(replaced.error().code, code);
        QVERIFY(replaced.error().message.startsWith(u"write "_s + path()));
        QCOMPARE(read(path()), left);
        QCOMPARE(names(), QStringList{u"file"_s});
    }

    void takesTheLeftoverOfAWriteThatWasCutShort()
    {
        QFile half(path() + u".new"_s);
        QVERIFY(half.open(QIODevice::WriteOnly));
        half.close();
        QVERIFY(QFile::setPermissions(half.fileName(), QFile::ReadOwner | QFile::ReadOther));
        QVERIFY(replaceFile(path(), "whole"));
        QCOMPARE(read(path()), QByteArray("whole"));
        QCOMPARE(names(), QStringList{u"file"_s});
        QVERIFY(!(QFile::permissions(path()) & QFile::ReadOther));
    }

    void goesThroughALink()
    {
        QVERIFY(QDir(m_directory->path()).mkdir(u"elsewhere"_s));
        const QString target = m_directory->filePath(u"elsewhere/target"_s);
        QVERIFY(QFile::link(target, path()));
        QVERIFY(replaceFile(path(), "there"));
        QVERIFY(QFileInfo(path()).isSymLink());
        QCOMPARE(read(target), QByteArray("there"));
    }

    void saysThatTheDirectoryIsGone()
    {
        const auto replaced = replaceFile(m_directory->filePath(u"none/file"_s), "x");
        QVERIFY(!replaced);
        QCOMPARE(replaced.error().code, ErrorCode::Io);
    }
};

QTEST_APPLESS_MAIN(TestReplaceFile)
#include "tst_replacefile.moc"
