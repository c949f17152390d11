// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logs/logcontent.h"

#include "server/logs/appendfile.h"
#include "server/logs/compressedlog.h"

#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::logs {
namespace {

class PlainLog final : public LogContent
{
public:
    PlainLog(int file, QString path) : m_file(file), m_path(std::move(path)) {}
    ~PlainLog() override { ::close(m_file); }
    Q_DISABLE_COPY_MOVE(PlainLog)

    Result<qint64> size() const override
    {
        struct stat status{};
        if (fstat(m_file, &status) != 0)
            return failErrno(u"look at %1"_s.arg(m_path), errno);
        return status.st_size;
    }
    Result<qint64> readAt(qint64 offset, char *data, qint64 size) override
    {
        return readFully(m_file, data, size, offset, m_path);
    }

private:
    const int m_file;
    const QString m_path;
};

} // namespace

Result<std::unique_ptr<LogContent>> LogContent::open(const LogPaths &paths)
{
    const int plain = ::open(QFile::encodeName(paths.log).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (plain >= 0)
        return std::make_unique<PlainLog>(plain, paths.log);
    if (errno != ENOENT)
        return failErrno(u"open %1"_s.arg(paths.log), errno);
    // The compressed file has its name before the plain one loses its own: here the log is there, or nowhere.
    return CompressedLog::open(paths.compressed).transform([](auto log) -> std::unique_ptr<LogContent> { return log; });
}

} // namespace danube::logs
