// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/logs/filelogwriter.h"
#include "server/logs/logreader.h"
#include "server/logs/seektable.h"
#include "tests/support/fakeclock.h"
#include "tests/support/maskoracle.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <random>

namespace danube::tests {

inline const JobId testJob(QStringLiteral("job1"));

/// Seeded, so that a failure can be repeated.
class Dice
{
public:
    explicit Dice(uint32_t seed) : m_engine(seed) {}
    int below(int bound) { return static_cast<int>(m_engine() % static_cast<uint32_t>(bound)); }
    QByteArray bytes(int size, QByteArrayView alphabet)
    {
        QByteArray text;
        for (int i = 0; i < size; ++i)
            text += alphabet[below(static_cast<int>(alphabet.size()))];
        return text;
    }
    QByteArray anyBytes(int size)
    {
        QByteArray text(size, '\0');
        for (char &byte : text)
            byte = static_cast<char>(m_engine());
        return text;
    }

private:
    std::mt19937 m_engine;
};

/// In memory where there is such a place: the tests sync a thousand times, and it is not the disk they test.
inline QString temporaryTemplate()
{
    const bool hasMemory = QFileInfo(QStringLiteral("/dev/shm")).isWritable();
    return (hasMemory ? QStringLiteral("/dev/shm") : QDir::tempPath()) + QStringLiteral("/danube-log-XXXXXX");
}

/// A directory with one job's log and what is needed to write and read it.
struct LogFixture
{
    QTemporaryDir directory{temporaryTemplate()};
    FakeClock clock;
    std::unique_ptr<logs::FileLogWriter> writer;

    QString error;
    bool openWriter(logs::FileCalls &calls = logs::FileCalls::system())
    {
        writer.reset();
        auto opened = logs::FileLogWriter::open(directory.path(), testJob, clock, calls);
        error = opened ? QString() : opened.error().message;
        if (opened)
            writer = std::move(*opened);
        return opened.has_value();
    }
    std::unique_ptr<logs::LogReader> reader() const
    {
        auto opened = logs::LogReader::open(directory.path(), testJob);
        return opened ? std::move(*opened) : nullptr;
    }
    QByteArray extract(StepNumber step, LogStream stream) const
    {
        const auto open = reader();
        const auto extract = open ? open->extract({step, stream}, 1 << 30) : Result<logs::LogReader::Extract>();
        return extract ? extract->bytes : QByteArray("error");
    }
    QByteArray text() const
    {
        const auto open = reader();
        return open ? open->read(0, open->size()).value_or("error") : QByteArray("error");
    }
    QString logPath() const { return directory.filePath(QStringLiteral("job1.log")); }
    QString indexPath() const { return directory.filePath(QStringLiteral("job1.idx")); }
};

inline QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline bool writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

enum class BlockPart { Head, Middle };

/// Flips one bit of a block of a compressed log.
inline bool flipBitOfBlock(const QString &path, qint64 block, BlockPart part = BlockPart::Middle)
{
    QByteArray bytes = readFile(path);
    const auto blocks = logs::blocksOfFooter(bytes.last(logs::seekFooterSize));
    const auto table = blocks.and_then(
        [&](qint64 count) { return logs::decodeSeekTable(bytes.last(logs::seekTableSize(count)), bytes.size()); });
    if (!table || block >= table->blocks.size())
        return false;
    const logs::SeekTable::Block &place = table->blocks[block];
    const qint64 at = place.begin + (part == BlockPart::Middle ? place.length / 2 : 0);
    bytes[at] = static_cast<char>(bytes[at] ^ 4);
    return writeFile(path, bytes);
}

} // namespace danube::tests
