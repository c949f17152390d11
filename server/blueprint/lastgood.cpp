// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/lastgood.h"

#include "shared/core/readfile.h"
#include "shared/core/replacefile.h"

#include <QCryptographicHash>
#include <QFile>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

constexpr ByteCount most = 64_MiB;

QJsonObject toObject(const Files &files)
{
    QJsonObject object;
    for (auto it = files.begin(); it != files.end(); ++it)
        object.insert(it.key(), QString::fromUtf8(it.value()));
    return object;
}

Files toFiles(const QJsonObject &object)
{
    Files files;
    for (auto it = object.begin(); it != object.end(); ++it)
        files.insert(it.key(), it.value().toString().toUtf8());
    return files;
}

QString digestOf(const QJsonObject &files)
{
    const auto bytes = QJsonDocument(files).toJson(QJsonDocument::Compact);
    return QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

} // namespace

Result<void> LastGood::store(const ActiveBlueprint &blueprint) const
{
    const QJsonObject files = toObject(blueprint.files);
    const QJsonObject object{{u"origin"_s, m_origin},
                             {u"commit"_s, blueprint.commit},
                             {u"applied_at"_s, toRfc3339(blueprint.appliedAt)},
                             {u"sha256"_s, digestOf(files)},
                             {u"files"_s, files}};
    const auto bytes = QJsonDocument(object).toJson(QJsonDocument::Compact);
    return replaceFile(m_path, bytes).transform_error([](const Error &error) {
        return error.in(u"keep the Blueprint"_s);
    });
}

Result<std::optional<ActiveBlueprint>> LastGood::load() const
{
    if (!QFile::exists(m_path))
        return std::nullopt;
    const auto text = readFile(m_path, most);
    if (!text)
        return std::unexpected(text.error());
    const QJsonObject object = QJsonDocument::fromJson(*text).object();
    const QJsonObject files = object.value("files"_L1).toObject();
    if (object.value("sha256"_L1).toString() != digestOf(files))
        return fail(ErrorCode::DataLoss, u"read %1: the file is damaged"_s.arg(m_path));
    if (object.value("origin"_L1).toString() != m_origin)
        return std::nullopt;
    return ActiveBlueprint{object.value("commit"_L1).toString(), fromRfc3339(object.value("applied_at"_L1).toString()),
                           toFiles(files)};
}

} // namespace danube::blueprint
