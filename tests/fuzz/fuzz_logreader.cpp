// SPDX-License-Identifier: GPL-3.0-or-later
// A hostile index beside a small log: reader and recovery must refuse or cut it, never read outside or loop.
#include "server/logs/filelogwriter.h"
#include "server/logs/logreader.h"
#include "tests/fuzz/writefile.h"

#include <QTemporaryDir>

using namespace danube;

namespace {

void read(const QString &directory, const JobId &job)
{
    const auto reader = logs::LogReader::open(directory, job);
    if (!reader)
        return;
    for (const qint64 offset : {qint64(0), (*reader)->size() / 2, (*reader)->size()}) {
        std::ignore = (*reader)->runs(offset, 4096);
        std::ignore =
            (*reader)->forEachLine(offset, 4096, [](const logs::LogLine &line) { return line.end > line.offset; });
        std::ignore = (*reader)->extract({StepNumber(1), LogStream::Stdout}, 4096, offset);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const QTemporaryDir directory;
    static const SystemClock clock;
    const JobId job(QStringLiteral("job1"));
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    // One byte says how much log there is, the rest is the index; records get valid checks so that the fields are
    // reached.
    const qsizetype logSize = bytes.isEmpty() ? 0 : static_cast<unsigned char>(bytes[0]) * 16;
    QByteArray index = logs::encodeHeader({1, job, logs::currentBoot()});
    for (qsizetype at = 1; at + logs::indexRecordSize <= bytes.size(); at += logs::indexRecordSize) {
        const QByteArrayView raw = bytes.sliced(at, logs::indexRecordSize);
        logs::IndexRecord record;
        memcpy(&record.offset, raw.data(), 8);
        memcpy(&record.rawEnd, raw.data() + 8, 8);
        memcpy(&record.length, raw.data() + 16, 4);
        record.stream = static_cast<LogStream>(raw[20] & 3);
        record.syntheticNewline = (raw[21] & 1) != 0;
        index += (raw[22] & 1) != 0 ? raw.toByteArray() : logs::encodeRecord(record);
    }
    index += bytes.last(bytes.size() % 48);
    const logs::LogPaths paths = logs::logPaths(directory.path(), job);
    writeFile(paths.log, QByteArray(logSize, '\n'));
    writeFile(paths.index, index);
    read(directory.path(), job);
    if (const auto writer = logs::FileLogWriter::open(directory.path(), job, clock); writer) {
        const uint64_t accepted = (*writer)->accepted(StepNumber(1)).standardOutput;
        std::ignore = (*writer)->append(StepNumber(1), LogStream::Stdout, accepted, "x\n", clock.wall());
        read(directory.path(), job);
    }
    return 0;
}
