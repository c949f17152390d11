// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QMap>
#include <QStringList>

#include <atomic>
#include <vector>

namespace danube::secrets {

/// Where secret values come from. Control thread.
class SecretSource
{
public:
    virtual ~SecretSource() = default;
    /// What a job of that pipeline gets: the pipeline's own value, else everybody's ("" = everybody's). NotFound; the
    /// message never holds a value.
    virtual Result<Secret> value(const QString &key, const QString &pipeline) const = 0;
    /// All that the key is and lately was, for whichever pipeline, newest first: what a job that was given the key may
    /// still print. For masking after a restart.
    virtual std::vector<Secret> masks(const QString &key) const = 0;
    /// Before a job is given `value`, which value() just gave: from when this returns, masks() gives it for a week
    /// after it was replaced, in the next master, too. Unavailable when that cannot be made sure of.
    virtual Result<void> remember(const QString & /*key*/, const Secret & /*value*/) { return {}; }
    /// Any thread: another number as soon as any value is another one. Never the same again.
    virtual uint64_t revision() const { return m_revision; }

protected:
    void noteChange() { ++m_revision; } ///< to be called before anybody is told of the change

private:
    std::atomic<uint64_t> m_revision = 0;
};

/// Development secrets: a JSON object of strings in a file of mode 0600, read anew by reload(). What it held before is
/// forgotten; the vault knows what of that a job was given.
class SecretsFile final : public SecretSource
{
public:
    using Values = std::map<QString, Secret>;
    explicit SecretsFile(QString path); ///< empty path or missing file = no secrets
    Result<Values> read() const;        ///< changes nothing
    void use(Values values);
    Result<void> reload();
    Result<Secret> value(const QString &key, const QString &pipeline) const override;
    std::vector<Secret> masks(const QString &key) const override;
    QStringList names() const; ///< sorted

private:
    QString m_path;
    Values m_values;
};

} // namespace danube::secrets
