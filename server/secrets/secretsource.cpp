// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/secrets/secretsource.h"

#include "shared/core/jsonreader.h"

#include <QFile>

using namespace Qt::StringLiterals;

namespace danube::secrets {

SecretsFile::SecretsFile(QString path) : m_path(std::move(path)) {}

Result<SecretsFile::Values> SecretsFile::read() const
{
    Values values;
    QFile file(m_path);
    if (!m_path.isEmpty() && file.exists()) {
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::Io, u"read secrets file %1: %2"_s.arg(m_path, file.errorString()));
        // The group may read: a Secret that is mounted belongs to root and the pod's group.
        if ((file.permissions() & (QFileDevice::WriteGroup | QFileDevice::ReadOther | QFileDevice::WriteOther)) != 0)
            return fail(ErrorCode::PermissionDenied,
                        u"secrets file %1 is open to others; expected mode 0600 or 0440"_s.arg(m_path));
        const auto object = parseJsonObject(file.readAll());
        if (!object)
            return std::unexpected(object.error().in(u"read secrets file "_s + m_path));
        for (auto it = object->begin(); it != object->end(); ++it) {
            if (!it->isString() || it->toString().isEmpty())
                return fail(ErrorCode::InvalidArgument,
                            u"secrets file %1: %2: expected a non-empty string"_s.arg(m_path, it.key()));
            values.emplace(it.key(), Secret(it->toString().toUtf8()));
        }
    }
    return values;
}

void SecretsFile::use(Values values)
{
    m_values = std::move(values);
    noteChange();
}

Result<void> SecretsFile::reload()
{
    return read().transform([this](Values values) { use(std::move(values)); });
}

Result<Secret> SecretsFile::value(const QString &key, const QString & /*pipeline*/) const
{
    const auto found = m_values.find(key);
    if (found == m_values.end())
        return fail(ErrorCode::NotFound, u"secret '%1' is not defined"_s.arg(key));
    return found->second.clone();
}

std::vector<Secret> SecretsFile::masks(const QString &key) const
{
    std::vector<Secret> values;
    if (const auto found = m_values.find(key); found != m_values.end())
        values.push_back(found->second.clone());
    return values;
}

QStringList SecretsFile::names() const
{
    QStringList names;
    for (const auto &[name, secret] : m_values)
        names.append(name);
    return names;
}

} // namespace danube::secrets
