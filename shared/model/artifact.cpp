// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/model/artifact.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube {

bool isValidArtifactName(const QString &name)
{
    if (name.isEmpty() || name.toUtf8().size() > 512)
        return false;
    if (std::ranges::any_of(name, [](QChar c) { return c.unicode() < 0x20 || c.unicode() == 0x7f || c == u'\\'; }))
        return false;
    const auto parts = QStringView(name).split(u'/');
    return std::ranges::none_of(parts,
                                [](QStringView part) { return part.isEmpty() || part == u"." || part == u".."; });
}

QJsonObject toJson(const Artifact &artifact)
{
    return {{u"id"_s, artifact.id.value()},
            {u"job_id"_s, artifact.job.value()},
            {u"name"_s, artifact.name},
            {u"size_bytes"_s, static_cast<qint64>(toInt(artifact.size))},
            {u"sha256"_s, QString::fromLatin1(artifact.sha256)},
            {u"created_at"_s, toRfc3339(artifact.createdAt)}};
}

Artifact artifactFromJson(const QJsonObject &object)
{
    return {ArtifactId(object.value("id"_L1).toString()),
            JobId(object.value("job_id"_L1).toString()),
            object.value("name"_L1).toString(),
            ByteCount(object.value("size_bytes"_L1).toInteger()),
            object.value("sha256"_L1).toString().toLatin1(),
            fromRfc3339(object.value("created_at"_L1).toString())};
}

} // namespace danube
