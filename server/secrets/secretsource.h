// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QMap>

namespace danube::secrets {

/// Where secret values come from. Control thread.
class SecretSource
{
public:
    virtual ~SecretSource() = default;
    virtual Result<Secret> value(const QString &key) const = 0; ///< NotFound; the message never holds a value
};

/// Development secrets: a JSON object of strings in a file of mode 0600, read anew by reload().
class SecretsFile final : public SecretSource
{
public:
    explicit SecretsFile(QString path); ///< empty path or missing file = no secrets
    Result<void> reload();
    Result<Secret> value(const QString &key) const override;

private:
    QString m_path;
    std::map<QString, Secret> m_values;
};

} // namespace danube::secrets
