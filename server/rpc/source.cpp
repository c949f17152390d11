// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/handlers.h"
#include "server/rpc/query.h"

#include <QFile>

#include <array>

using namespace Qt::StringLiterals;

namespace danube::rpc {
namespace {

class FileSource final : public BodySource
{
public:
    explicit FileSource(std::unique_ptr<QFile> file) : m_file(std::move(file)) {}
    bool read(std::span<char> into) override
    {
        const auto size = static_cast<qint64>(into.size());
        return m_file->read(into.data(), size) == size;
    }

private:
    std::unique_ptr<QFile> m_file;
};

Result<Response> bundleResponse(const QString &path)
{
    auto file = std::make_unique<QFile>(path);
    if (!file->open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return fail(ErrorCode::Io, u"open source bundle %1: %2"_s.arg(path, file->errorString()));
    Response response;
    response.contentType = "application/x-git-bundle";
    response.sourceSize = file->size();
    response.source = std::make_unique<FileSource>(std::move(file));
    return response;
}

} // namespace

void startSource(HandlerContext &context, const Caller &caller, const std::shared_ptr<Exchange> &exchange)
{
    static constexpr std::array known{"job_id"_L1};
    const auto query = parseQuery(exchange->query(), known);
    if (!query)
        return exchange->refuse(query.error());
    const JobId job(query->value(u"job_id"_s));
    if (!isSafeId(job.value()))
        return exchange->refuse({ErrorCode::InvalidArgument, u"job_id: expected a job id"_s});
    context.backend.sourceBundle(actingJob(caller, job), job, answerWith<QString>(exchange, bundleResponse));
}

} // namespace danube::rpc
