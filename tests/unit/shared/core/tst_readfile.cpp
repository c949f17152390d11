// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/readfile.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <thread>

using namespace danube;
using namespace Qt::StringLiterals;

class TestReadFile : public QObject
{
    Q_OBJECT
private slots:
    void readsUpToTheLastByte_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<bool>("fits");
        QTest::newRow("nothing") << 0 << true;
        QTest::newRow("little") << 5 << true;
        QTest::newRow("one less") << (128 << 10) - 1 << true;
        QTest::newRow("all that is allowed") << (128 << 10) << true;
        QTest::newRow("one more") << (128 << 10) + 1 << false;
        QTest::newRow("much more") << (5 << 20) << false;
    }
    void readsUpToTheLastByte()
    {
        QFETCH(int, size);
        QFETCH(bool, fits);
        const QTemporaryDir directory;
        const QString path = directory.filePath(u"file"_s);
        QByteArray content(size, 'x');
        if (size > 0)
            content.back() = 'y';
        write(path, content);
        const auto read = readFile(path, 128_KiB);
        QCOMPARE(read.has_value(), fits);
        if (fits)
            QCOMPARE(*read, content);
        else
            QCOMPARE(read.error(), (Error{ErrorCode::ResourceExhausted, u"read %1: larger than 128 KiB"_s.arg(path)}));
    }
    void takesNoMoreMemoryThanTheFileHas()
    {
        const QTemporaryDir directory;
        const QString path = directory.filePath(u"file"_s);
        write(path, QByteArray(1000, 'x'));
        const auto read = readFile(path, 64_MiB);
        QVERIFY(read);
        QVERIFY2(read->capacity() < 4096, qPrintable(QString::number(read->capacity())));
    }
    void readsWhatHasNoSize()
    {
        const auto made = readFile(u"/proc/self/status"_s, 1_MiB);
        QVERIFY(made && made->startsWith("Name:"));
        const QTemporaryDir directory;
        const QString path = directory.filePath(u"pipe"_s);
        QCOMPARE(::mkfifo(QFile::encodeName(path).constData(), 0600), 0);
        const std::jthread writer([&] { write(path, QByteArray(200'000, 'x')); });
        const auto piped = readFile(path, 1_MiB);
        QVERIFY(piped);
        QCOMPARE(piped->size(), 200'000);
    }
    void takesNoErrorForTheEnd()
    {
        const auto read = readFile(u"/proc/self/mem"_s, 1_KiB); // nothing is mapped at 0: the first read fails
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Io);
        QVERIFY2(read.error().message.startsWith("read /proc/self/mem: "_L1), qPrintable(read.error().message));
    }
    void namesAFileThatIsNotThere()
    {
        const auto read = readFile(u"/no/such/file"_s, 1_KiB);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Io);
        QVERIFY(read.error().message.startsWith("read /no/such/file: "_L1));
    }

private:
    static void write(const QString &path, const QByteArray &content)
    {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered) || file.write(content) != content.size())
            qFatal("cannot write the file");
    }
};

QTEST_APPLESS_MAIN(TestReadFile)
#include "tst_readfile.moc"
