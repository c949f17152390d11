// SPDX-License-Identifier: GPL-3.0-or-later
// Danube's side of the ingest bench: one exec over the product's connection into the product's log, with 50 secrets to
// mask. ingest PORT BYTES DIRECTORY CA [MIB]   (MIB: what the disk takes in a second, with 50 ms for each sync)
#include "server/kube/execconnection.h"
#include "server/logs/logservice.h"
#include "server/logs/logwriter.h"

#include <QCoreApplication>
#include <QFile>

#include <cstdio>
#include <thread>

using namespace danube;
using namespace Qt::StringLiterals;

namespace {

const JobId job(QStringLiteral("bench"));
constexpr int secretCount = 50;

/// As of a disk without a cache.
class SlowDisk : public logs::FileCalls
{
public:
    explicit SlowDisk(qint64 bytesPerSecond) : m_bytesPerSecond(bytesPerSecond) {}
    ssize_t write(int file, const char *data, size_t size, off_t offset) override
    {
        const ssize_t written = FileCalls::write(file, data, size, offset);
        m_due = std::max(m_due, Steady::now()) +
                std::chrono::nanoseconds(static_cast<qint64>(size) * 1'000'000'000 / m_bytesPerSecond);
        if (m_due - Steady::now() > milliseconds(1)) // shorter sleeps would take longer
            std::this_thread::sleep_until(m_due);
        return written;
    }
    int sync(int file) override
    {
        std::this_thread::sleep_for(milliseconds(50));
        return FileCalls::sync(file);
    }

private:
    using Steady = std::chrono::steady_clock;
    qint64 m_bytesPerSecond;
    Steady::time_point m_due; ///< when the disk has what it was given
};

/// Lives on the io thread, as links do.
class Ingest : public QObject
{
public:
    Ingest(std::shared_ptr<kube::Credentials> credentials, const kube::Request &request, logs::LogService &logs)
        : m_exec(std::move(credentials), request, {}, this), m_logs(logs)
    {
        connect(&m_exec, &QIODevice::readyRead, this, [this] { read(); });
        connect(&m_exec, &kube::ExecConnection::ended, this, [this](const kube::ExecEnd &end) {
            read();
            const bool isWhole =
                end.kind == kube::ExecEnd::Kind::Status && end.status.kind == kube::ExecStatus::Kind::Success;
            finish(isWhole ? QString() : u"exec ended: "_s + end.message);
        });
    }
    void start() { m_exec.start(); }

private:
    void read()
    {
        logs::LogWriter *writer = m_logs.writer(job);
        while (writer && m_exec.bytesAvailable() > 0) {
            const QByteArray bytes = m_exec.read(256 << 10);
            if (auto taken = writer->append(StepNumber(1), LogStream::Stdout, m_offset, bytes, WallTime{}); !taken)
                return finish(taken.error().message);
            m_offset += static_cast<quint64>(bytes.size());
        }
    }
    void finish(const QString &error)
    {
        if (!error.isEmpty())
            fprintf(stderr, "ingest: %s\n", qPrintable(error));
        logs::LogWriter *writer = m_logs.writer(job);
        const bool isSynced = writer && writer->endStep(StepNumber(1)) && writer->sync();
        printf("%llu\n", static_cast<unsigned long long>(m_offset));
        QCoreApplication::exit(error.isEmpty() && isSynced ? 0 : 1);
    }

    kube::ExecConnection m_exec;
    logs::LogService &m_logs;
    quint64 m_offset = 0;
};

std::shared_ptr<kube::Credentials> credentialsFor(const QString &port, const QString &caFile)
{
    QFile ca(caFile);
    if (!ca.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(caFile));
    kube::ClusterAccess access;
    access.server = QUrl(u"https://127.0.0.1:"_s + port);
    access.caPem = ca.readAll();
    return std::make_shared<kube::Credentials>(std::move(access));
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 5 && arguments.size() != 6) {
        fputs("usage: ingest PORT BYTES DIRECTORY CA [MIB]\n", stderr);
        return 2;
    }
    const SystemClock clock;
    SlowDisk slow(arguments.value(5, u"1"_s).toLongLong() << 20);
    logs::LogService logs(arguments[3], clock, arguments.size() == 6 ? slow : logs::FileCalls::system());
    const auto request = kube::requests::exec(
        u"n"_s, u"p"_s,
        {.container = u"main"_s, .command = {u"lines"_s, arguments[2]}, .withStdin = false, .withStderr = false});
    auto *ingest = new Ingest(credentialsFor(arguments[1], arguments[4]), request, logs);
    ingest->moveToThread(logs.ioThread());
    QObject::connect(logs.ioThread(), &QThread::finished, ingest, &QObject::deleteLater);
    for (int i = 0; i < secretCount; ++i)
        logs.addSecret(job, Secret(QByteArray("bench-secret-value-") + QByteArray::number(1'000'000 + i * 7919)),
                       &application, [] {});
    logs.open(job, &application, [ingest](const Result<void> &opened) {
        if (!opened)
            qFatal("%s", qPrintable(opened.error().message));
        QMetaObject::invokeMethod(ingest, [ingest] { ingest->start(); });
    });
    return QCoreApplication::exec();
}
