// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/bytecount.h"
#include "shared/core/clock.h"
#include "shared/core/id.h"

#include <QJsonObject>

namespace danube {

struct Artifact
{
    ArtifactId id;
    JobId job;
    QString name; ///< relative path with '/'; no empty, "." or ".." part, no control character, at most 512 bytes
    ByteCount size{};
    QByteArray sha256; ///< 64 lower-case hex digits of the whole content
    WallTime createdAt{};
    bool operator==(const Artifact &) const = default;
};

bool isValidArtifactName(const QString &name);
QJsonObject toJson(const Artifact &artifact);
Artifact artifactFromJson(const QJsonObject &object);

} // namespace danube
