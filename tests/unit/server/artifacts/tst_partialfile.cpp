// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/artifacts/partialfile.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::artifacts;
using namespace Qt::StringLiterals;

namespace {

QByteArray sha256(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

} // namespace

class TestPartialFile : public QObject
{
    Q_OBJECT
private slots:
    void hashesWhatItWrites()
    {
        const QTemporaryDir directory;
        auto file = PartialFile::open(directory.filePath(u"a"_s));
        QVERIFY(file);
        QVERIFY(file->isHashed());
        QVERIFY(file->append("abc"));
        QVERIFY(file->append("def"));
        QCOMPARE(file->size(), 6);
        QCOMPARE(file->digest(), sha256("abcdef"));
    }

    void goesOnWhereAnEarlierTryStopped()
    {
        const QTemporaryDir directory;
        const QByteArray first = QByteArray("0123456789").repeated(100'000);
        QVERIFY(PartialFile::open(directory.filePath(u"a"_s))->append(first));
        auto file = PartialFile::open(directory.filePath(u"a"_s));
        QVERIFY(file);
        QCOMPARE(file->size(), first.size());
        int slices = 0;
        while (!file->isHashed()) {
            QVERIFY(file->hashMore(300'000));
            ++slices;
        }
        QCOMPARE(slices, 4);
        QVERIFY(file->append("tail"));
        QCOMPARE(file->digest(), sha256(first + "tail"));
    }

    void settlesUnderTheNewName()
    {
        const QTemporaryDir directory;
        auto file = PartialFile::open(directory.filePath(u"a"_s));
        QVERIFY(file->append("abc"));
        QVERIFY(file->settle(directory.filePath(u"b"_s)));
        QVERIFY(!QFile::exists(directory.filePath(u"a"_s)));
        QFile settled(directory.filePath(u"b"_s));
        QVERIFY(settled.open(QIODevice::ReadOnly));
        QCOMPARE(settled.readAll(), "abc");
        QCOMPARE(settled.permissions() & (QFileDevice::ReadGroup | QFileDevice::ReadOther), QFileDevice::Permissions());
    }

    void isYoungWhenItIsSettled()
    {
        const QTemporaryDir directory;
        auto file = PartialFile::open(directory.filePath(u"a"_s));
        QVERIFY(file->append("abc"));
        const QDateTime old = QDateTime::currentDateTime().addDays(-2);
        {
            QFile aged(directory.filePath(u"a"_s));
            QVERIFY(aged.open(QIODevice::ReadWrite));
            QVERIFY(aged.setFileTime(old, QFileDevice::FileModificationTime));
        }
        QVERIFY(file->settle(directory.filePath(u"b"_s)));
        QVERIFY(QFileInfo(directory.filePath(u"b"_s)).lastModified() > old.addDays(1));
    }

    void saysWhichFileCannotBeOpened()
    {
        const auto file = PartialFile::open(u"/nonexistent/a"_s);
        QVERIFY(!file);
        QVERIFY(file.error().message.contains(u"/nonexistent/a"_s));
    }

    void tellsAFullDisk()
    {
        auto file = PartialFile::open(u"/dev/full"_s);
        if (!file)
            QSKIP("/dev/full is not here");
        const auto written = file->append("x");
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::ResourceExhausted);
    }

    void followsNoSymbolicLink()
    {
        const QTemporaryDir directory;
        QVERIFY(QFile::link(u"/etc/hostname"_s, directory.filePath(u"a"_s)));
        QVERIFY(!PartialFile::open(directory.filePath(u"a"_s)));
    }
};

QTEST_APPLESS_MAIN(TestPartialFile)
#include "tst_partialfile.moc"
