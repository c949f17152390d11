// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/artifacts/upload.h"

using namespace Qt::StringLiterals;

namespace danube::artifacts {

Result<void> checkUploadTarget(const JobId &job, const QString &name)
{
    if (!isSafeId(job.value()))
        return fail(ErrorCode::InvalidArgument, u"job_id: expected a job id"_s);
    if (!isValidArtifactName(name))
        return fail(ErrorCode::InvalidArgument,
                    u"name: expected a relative path of at most 512 bytes without empty, \".\" or \"..\" parts"_s);
    return {};
}

Result<void> checkUploadKey(const UploadKey &key)
{
    if (auto good = checkUploadTarget(key.job, key.name); !good)
        return good;
    const auto isHexDigit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (key.sha256.size() != 64 || !std::ranges::all_of(key.sha256, isHexDigit))
        return fail(ErrorCode::InvalidArgument, u"sha256: expected 64 lower-case hexadecimal digits"_s);
    return {};
}

} // namespace danube::artifacts
