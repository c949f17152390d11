// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"
#include "shared/model/artifact.h"

namespace danube::artifacts {

/// What names one upload, also across cuts: the same three again go on where they stopped.
struct UploadKey
{
    JobId job;
    QString name;
    QByteArray sha256; ///< 64 lower-case hex digits of the whole content
    bool operator==(const UploadKey &) const = default;
    auto operator<=>(const UploadKey &) const = default;
};

/// InvalidArgument naming the field, unless both are well-formed.
Result<void> checkUploadTarget(const JobId &job, const QString &name);
/// InvalidArgument naming the field, unless name and digest are well-formed.
Result<void> checkUploadKey(const UploadKey &key);

struct UploadError
{
    enum class Kind {
        Other,       ///< see error.code; ResourceExhausted: the disk is full, or too many uploads or files
        OverQuota,   ///< the job's bytes would exceed Settings::bytesPerJob
        WrongOffset, ///< Conflict: `size` bytes are there
        WrongDigest, ///< InvalidArgument: the content is not what `sha256` says; what was sent is thrown away
    };
    Kind kind = Kind::Other;
    Error error;
    ByteCount size{};
};

template <class T> using UploadResult = std::expected<T, UploadError>;

/// One open upload, by which its bytes are sent.
enum class UploadId : uint64_t {};

/// What begin() answers: where to send the bytes, or the artifact that an earlier upload of the same key made.
using UploadStart = std::variant<UploadId, Artifact>;

} // namespace danube::artifacts
