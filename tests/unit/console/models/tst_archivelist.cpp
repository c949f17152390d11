// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/archivelist.h"

#include <KCompressionDevice>
#include <KTar>
#include <KZip>

#include <QBuffer>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

/// One header of a tar file: 512 bytes with a right checksum, whatever they claim.
QByteArray tarHeader(const QByteArray &name, const QByteArray &octalSize, char type = '0', const QByteArray &link = {})
{
    QByteArray header(512, '\0');
    header.replace(0, std::min<qsizetype>(name.size(), 100), name.first(std::min<qsizetype>(name.size(), 100)));
    header.replace(100, 8, QByteArray("0000644\0", 8));
    header.replace(108, 8, QByteArray("0001750\0", 8));
    header.replace(116, 8, QByteArray("0001750\0", 8));
    header.replace(124, 12, octalSize.rightJustified(11, '0') + '\0');
    header.replace(136, 12, QByteArray("14700000000\0", 12));
    header.replace(148, 8, "        ");
    header[156] = type;
    header.replace(157, link.size(), link);
    header.replace(257, 8, QByteArray("ustar\00000", 8));
    int sum = 0;
    for (const char byte : header)
        sum += static_cast<uchar>(byte);
    header.replace(148, 8, QByteArray::number(sum, 8).rightJustified(6, '0') + QByteArray("\0 ", 2));
    return header;
}

QByteArray compressed(const QByteArray &bytes, KCompressionDevice::CompressionType type)
{
    QByteArray packed;
    QBuffer buffer(&packed);
    KCompressionDevice device(&buffer, false, type);
    device.open(QIODevice::WriteOnly);
    device.write(bytes);
    device.close();
    return packed;
}

std::unique_ptr<QIODevice> deviceOf(const QByteArray &bytes)
{
    auto buffer = std::make_unique<QBuffer>();
    buffer->setData(bytes);
    return buffer;
}

template <class Archive> QByteArray sample()
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    Archive archive(&buffer);
    archive.open(QIODevice::WriteOnly);
    archive.writeDir(u"bin"_s, u"u"_s, u"g"_s);
    archive.writeFile(u"bin/run.sh"_s, "#!/bin/sh\necho hello\n", 0100755, u"u"_s, u"g"_s);
    archive.writeFile(u"README"_s, "read me", 0100644, u"u"_s, u"g"_s);
    archive.close();
    return bytes;
}

QStringList pathsOf(const Result<ArchiveList> &list)
{
    QStringList paths;
    for (const ArchiveEntry &entry : list ? list->entries : QList<ArchiveEntry>())
        paths.append(entry.path + (entry.leadsOut ? u"!"_s : QString()));
    return paths;
}

} // namespace

class TestArchiveList : public QObject
{
    Q_OBJECT
private slots:
    void listsAndReads_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const QByteArray tar = sample<KTar>();
        QTest::newRow("tar") << tar;
        QTest::newRow("gzip") << compressed(tar, KCompressionDevice::GZip);
        QTest::newRow("bzip2") << compressed(tar, KCompressionDevice::BZip2);
        QTest::newRow("xz") << compressed(tar, KCompressionDevice::Xz);
        QTest::newRow("zstd") << compressed(tar, KCompressionDevice::Zstd);
        QTest::newRow("zip") << sample<KZip>();
    }
    void listsAndReads()
    {
        QFETCH(QByteArray, bytes);
        const auto list = listArchive(deviceOf(bytes));
        QVERIFY2(list, list ? "" : qPrintable(list.error().message));
        QCOMPARE(pathsOf(list), (QStringList{u"README"_s, u"bin"_s, u"bin/run.sh"_s}));
        QVERIFY(list->isWhole);
        QCOMPARE(list->entries[0].size, 7);
        QVERIFY(list->entries[1].isFolder);
        QCOMPARE(readArchiveEntry(deviceOf(bytes), u"bin/run.sh"_s, 1000).value_or("-"), "#!/bin/sh\necho hello\n");
        QCOMPARE(readArchiveEntry(deviceOf(bytes), u"README"_s, 4).value_or("-"), "read");
        QCOMPARE(readArchiveEntry(deviceOf(bytes), u"bin"_s, 4).error().code, ErrorCode::NotFound);
        QCOMPARE(readArchiveEntry(deviceOf(bytes), u"none"_s, 4).error().code, ErrorCode::NotFound);
    }
    void whatIsNoArchiveIsToldSo_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("hello, this is no archive at all").repeated(50);
        QTest::newRow("cut gzip") << compressed(sample<KTar>(), KCompressionDevice::GZip).first(60);
        QTest::newRow("cut zip") << sample<KZip>().first(60);
    }
    void whatIsNoArchiveIsToldSo()
    {
        QFETCH(QByteArray, bytes);
        const auto list = listArchive(deviceOf(bytes));
        QVERIFY2(!list, qPrintable(pathsOf(list).join(u", "_s)));
        QCOMPARE(list.error().code, ErrorCode::InvalidArgument);
        QVERIFY(!list.error().message.isEmpty());
    }
    void aFileThatIsNotThereIsIo()
    {
        QTemporaryDir folder;
        QCOMPARE(listArchive(folder.filePath(u"none.zip"_s)).error().code, ErrorCode::Io);
    }
    void pathsThatLeadOutAreMarked()
    {
        const QByteArray bytes = tarHeader("good/file", "0") + tarHeader("../../etc/passwd", "0") +
                                 tarHeader("link", "0", '2', "/etc/shadow") +
                                 tarHeader("in/link", "0", '2', "../good") + QByteArray(1024, '\0');
        const auto list = listArchive(deviceOf(bytes));
        QVERIFY2(list, list ? "" : qPrintable(list.error().message));
        int marked = 0;
        for (const ArchiveEntry &entry : list->entries) {
            const bool isBad = entry.path.contains(u".."_s) || entry.linkTarget.startsWith(u'/');
            QVERIFY2(entry.leadsOut == isBad, qPrintable(entry.path));
            marked += isBad ? 1 : 0;
        }
        QVERIFY2(marked >= 1, qPrintable(pathsOf(list).join(u", "_s)));
        QVERIFY(pathsOf(list).contains(u"link!"_s));
        QVERIFY(pathsOf(list).contains(u"in/link"_s));
    }
    void whatHasNoNameIsLeftOut()
    {
        const QByteArray bytes = tarHeader("/", "0") + tarHeader("////", "0") +
                                 tarHeader("a" + QByteArray(90, '/'), "0", '5') + tarHeader("b", "0") +
                                 QByteArray(1024, '\0');
        const auto list = listArchive(deviceOf(bytes));
        QVERIFY2(list, list ? "" : qPrintable(list.error().message));
        QVERIFY(pathsOf(list).contains(u"b"_s) && !list->isWhole);
        for (const ArchiveEntry &entry : list->entries)
            QVERIFY2(!entry.path.isEmpty() && !entry.path.endsWith(u'/'), qPrintable(pathsOf(list).join(u", "_s)));
    }
    void aBombIsNotUnpacked()
    {
        // 64 MiB of zeros in some kilobytes.
        const QByteArray inside =
            tarHeader("zeros", QByteArray::number(64 << 20, 8)) + QByteArray(64 << 20, '\0') + QByteArray(1024, '\0');
        const QByteArray bomb = compressed(inside, KCompressionDevice::GZip);
        QVERIFY(bomb.size() < 200'000);
        QVERIFY(listArchive(deviceOf(bomb)));
        const auto list = listArchive(deviceOf(bomb), {.unpackedBytes = 1 << 20});
        QVERIFY(!list);
        QCOMPARE(list.error().code, ErrorCode::ResourceExhausted);
        QVERIFY2(list.error().message.contains(u"1.0 MiB"_s), qPrintable(list.error().message));
    }
    void tooManyEntriesAreRefusedOrCutOff()
    {
        QByteArray bytes;
        for (int i = 0; i < 2000; ++i)
            bytes += tarHeader("f" + QByteArray::number(i), "0");
        bytes += QByteArray(1024, '\0');
        const auto cut = listArchive(deviceOf(bytes), {.entries = 500});
        QVERIFY2(cut, cut ? "" : qPrintable(cut.error().message));
        QCOMPARE(cut->entries.size(), 500);
        QVERIFY(!cut->isWhole);
        const auto refused = listArchive(deviceOf(bytes), {.entries = 50});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::ResourceExhausted);
        QVERIFY2(refused.error().message.contains(u"50"_s), qPrintable(refused.error().message));
    }
    void aNameOfGigabytesIsRefused()
    {
        const QByteArray bytes =
            tarHeader("././@LongLink", QByteArray::number(1 << 30, 8), 'L') + QByteArray(4096, 'a');
        const auto list = listArchive(deviceOf(bytes));
        QVERIFY(!list);
        QCOMPARE(list.error().code, ErrorCode::ResourceExhausted);
    }
    void deepPathsEnd()
    {
        const QByteArray bytes = tarHeader(QByteArray("a/").repeated(49) + "b", "0") + QByteArray(1024, '\0');
        const auto list = listArchive(deviceOf(bytes));
        QVERIFY(list);
        QCOMPARE(list->entries.size(), 50);
        QByteArray longName = QByteArray("a/").repeated(500) + "b" + '\0';
        const QByteArray deep = tarHeader("././@LongLink", QByteArray::number(longName.size(), 8), 'L') +
                                longName.leftJustified(1024, '\0') + tarHeader("x", "0") + QByteArray(1024, '\0');
        const auto cut = listArchive(deviceOf(deep));
        QVERIFY2(cut, cut ? "" : qPrintable(cut.error().message));
        QVERIFY(!cut->isWhole);
        QVERIFY(cut->entries.size() < 100);
    }
    void itCanBeStopped()
    {
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(listArchive(deviceOf(sample<KTar>()), {}, stop.get_token()).error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestArchiveList)
#include "tst_archivelist.moc"
