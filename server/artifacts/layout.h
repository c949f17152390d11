// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/artifacts/upload.h"

namespace danube::artifacts {

/// Where files are, below the store's directory.
QString jobDirectory(const QString &root, const JobId &job);
QString partialDirectory(const QString &root, const JobId &job);
QString partialPath(const QString &root, const UploadKey &key); ///< the same for the same key, also after a restart
QString artifactPath(const QString &root, const Artifact &artifact);

/// What a job's files take.
struct Usage
{
    qint64 bytes = 0;
    int files = 0;
};
Usage usageOf(const QString &root, const JobId &job);

} // namespace danube::artifacts
