// SPDX-License-Identifier: GPL-3.0-or-later
// The file of runs: a header {"DLR1", generation}, then one record {offset, time, step, stream} of 24 bytes per run,
// little endian. A record is written before the bytes it describes, so that after a crash no byte lacks its run.
#include "console/models/logstore.h"

#include <QtEndian>

#include <cerrno>

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr char magic[] = {'D', 'L', 'R', '1'};
constexpr qsizetype headerSize = sizeof(magic) + sizeof(quint32);
constexpr qsizetype recordSize = 24;
constexpr WallTime latestTime{std::chrono::days(3'000'000)}; // the year 10183
constexpr int64_t headSize = 256;
constexpr int64_t mappingStep = int64_t(64) << 20;

void appendRecord(QByteArray &bytes, const LogRun &run)
{
    char record[recordSize] = {};
    qToLittleEndian<qint64>(run.offset, record);
    qToLittleEndian<qint64>(run.time.time_since_epoch().count(), record + 8);
    qToLittleEndian<quint32>(run.source.step, record + 16);
    record[20] = char(run.source.stream);
    bytes.append(record, recordSize);
}

LogRun readRecord(const char *record)
{
    const auto stream = std::clamp<uint8_t>(uint8_t(record[20]), 1, 3);
    return {qFromLittleEndian<qint64>(record), WallTime(milliseconds(qFromLittleEndian<qint64>(record + 8))),
            LogSource{qFromLittleEndian<quint32>(record + 16), LogStream(stream)}};
}

std::unexpected<Error> fileError(const QString &attempt, const QFile &file)
{
    return fail(ErrorCode::Io, u"%1 '%2': %3"_s.arg(attempt, file.fileName(), file.errorString()));
}

} // namespace

LogStore::LogStore(const QString &path, bool isCache) : m_log(path), m_runsFile(path + ".runs"_L1), m_isCache(isCache)
{}

Result<std::unique_ptr<LogStore>> LogStore::openCache(const QString &path)
{
    std::unique_ptr<LogStore> store(new LogStore(path, true));
    if (const auto opened = store->open(); !opened)
        return std::unexpected(opened.error());
    return store;
}

Result<std::unique_ptr<LogStore>> LogStore::openFile(const QString &path)
{
    std::unique_ptr<LogStore> store(new LogStore(path, false));
    if (const auto opened = store->open(); !opened)
        return std::unexpected(opened.error());
    return store;
}

Result<void> LogStore::open()
{
    const auto mode = m_isCache ? QIODevice::ReadWrite : QIODevice::ReadOnly;
    if (!m_log.open(mode | QIODevice::Unbuffered))
        return fileError(u"open log"_s, m_log);
    struct stat status = {};
    if (fstat(m_log.handle(), &status) != 0)
        return failErrno(u"open log '%1'"_s.arg(path()), errno);
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::InvalidArgument, u"open log '%1': not a regular file"_s.arg(path()));
    m_size = status.st_size;
    if (!m_isCache) {
        beginsAsBefore();
        return {};
    }
    if (flock(m_log.handle(), LOCK_EX | LOCK_NB) != 0)
        return fail(ErrorCode::Conflict, u"open log '%1': another window has it open"_s.arg(path()));
    if (!m_runsFile.open(QIODevice::ReadWrite | QIODevice::Unbuffered))
        return fileError(u"open"_s, m_runsFile);
    return recover();
}

bool LogStore::readRuns()
{
    const QByteArray bytes = m_runsFile.readAll();
    if (bytes.size() < headerSize || !bytes.startsWith(QByteArrayView(magic, sizeof(magic))))
        return false;
    m_generation = qFromLittleEndian<quint32>(bytes.constData() + sizeof(magic));
    int64_t last = 0;
    for (qsizetype at = headerSize; at + recordSize <= bytes.size(); at += recordSize) {
        const LogRun run = readRecord(bytes.constData() + at);
        if (run.offset < last || run.time < WallTime() || run.time > latestTime)
            return false; // a power cut left something else here
        last = run.offset;
        m_runs.append(run);
    }
    return m_size == 0 || (!m_runs.list().isEmpty() && m_runs.list().constFirst().offset == 0);
}

// Keeps whole lines that a run describes; a log without a readable file of runs is worth nothing.
Result<void> LogStore::recover()
{
    if (!readRuns())
        return restart(0);
    const auto seen = snapshot();
    if (!seen)
        return std::unexpected(seen.error());
    const int64_t whole = seen->bytes().lastIndexOf('\n') + 1;
    m_mapping.reset();
    m_runs.truncate(whole);
    m_size = whole;
    return cutFiles();
}

// Both files end where this object says.
Result<void> LogStore::cutFiles()
{
    if (!m_log.resize(m_size) || !m_log.seek(m_size))
        return fileError(u"cut"_s, m_log);
    const qsizetype runsSize = headerSize + recordSize * m_runs.list().size();
    if (!m_runsFile.resize(runsSize) || !m_runsFile.seek(runsSize))
        return fileError(u"cut"_s, m_runsFile);
    return {};
}

Result<void> LogStore::write(QFile &file, QByteArrayView bytes)
{
    if (file.write(bytes.data(), bytes.size()) != bytes.size())
        return fileError(u"write"_s, file);
    return {};
}

Result<void> LogStore::append(QByteArrayView bytes, std::span<const LogRun> runs)
{
    QByteArray records;
    for (const LogRun &run : runs) {
        if (m_runs.append(run))
            appendRecord(records, run);
    }
    const auto written = write(m_runsFile, records).and_then([&] { return write(m_log, bytes); });
    if (!written) { // a part may be on disk (disk full): the next append must not land behind it
        m_runs.truncate(m_size);
        return cutFiles().and_then([&] { return written; });
    }
    m_size += bytes.size();
    return {};
}

Result<void> LogStore::restart(quint32 generation)
{
    m_generation = generation;
    m_size = 0;
    m_runs.clear();
    m_mapping.reset();
    QByteArray header(magic, sizeof(magic));
    header.resize(headerSize);
    qToLittleEndian<quint32>(generation, header.data() + sizeof(magic));
    if (!m_log.resize(0) || !m_log.seek(0))
        return fileError(u"empty"_s, m_log);
    if (!m_runsFile.resize(0) || !m_runsFile.seek(0))
        return fileError(u"empty"_s, m_runsFile);
    return write(m_runsFile, header);
}

Result<void> LogStore::refresh()
{
    struct stat status = {};
    if (fstat(m_log.handle(), &status) != 0)
        return failErrno(u"look at log '%1'"_s.arg(path()), errno);
    const int64_t before = std::exchange(m_size, status.st_size);
    if (m_size == before) { // the rest of a rotated file is read before the new one
        const auto replaced = reopenIfReplaced();
        if (!replaced)
            return std::unexpected(replaced.error());
        if (!*replaced)
            return {};
    } else if (m_size > before && beginsAsBefore()) {
        return {};
    }
    m_mapping.reset();
    m_head.clear();
    return fail(ErrorCode::DataLoss, u"log '%1' is another one than before"_s.arg(path()));
}

Result<bool> LogStore::reopenIfReplaced()
{
    struct stat opened = {};
    struct stat named = {};
    const bool isThere = ::stat(QFile::encodeName(path()).constData(), &named) == 0 && S_ISREG(named.st_mode);
    if (!isThere || fstat(m_log.handle(), &opened) != 0)
        return false;
    if (opened.st_dev == named.st_dev && opened.st_ino == named.st_ino)
        return false;
    m_log.close();
    if (!m_log.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return fileError(u"open log"_s, m_log);
    m_size = m_log.size();
    return true;
}

bool LogStore::beginsAsBefore()
{
    if (m_head.size() < headSize && m_size > m_head.size()) {
        QByteArray head(std::min(headSize, m_size), Qt::Uninitialized);
        head.truncate(std::max<qsizetype>(0, pread(m_log.handle(), head.data(), size_t(head.size()), 0)));
        const bool same = head.startsWith(m_head);
        m_head = head;
        return same;
    }
    QByteArray head(m_head.size(), Qt::Uninitialized);
    return pread(m_log.handle(), head.data(), size_t(head.size()), 0) == head.size() && head == m_head;
}

Result<LogSnapshot> LogStore::snapshot()
{
    if (m_size > 0 && (!m_mapping || m_mapping->length() < m_size)) {
        const int64_t length = m_isCache ? (m_size / mappingStep + 1) * mappingStep : m_size + (m_size >> 3) + 4096;
        auto mapping = MappedBytes::map(m_log.handle(), length, path());
        if (!mapping)
            return std::unexpected(mapping.error());
        m_mapping = std::move(*mapping);
    }
    return LogSnapshot{m_size > 0 ? m_mapping : nullptr, m_size, m_runs};
}

} // namespace danube::console
