// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/secretsmodel.h"
#include "shared/core/secret.h"

#include <QObject>

namespace danube::api {
class ApiClient;
} // namespace danube::api

namespace danube::console {

/// The secrets of one master: names in, values out, never the other way round. A master without them over REST is a
/// sentence in problem(). GUI thread; the client outlives it.
class SecretsSession : public QObject
{
    Q_OBJECT
public:
    explicit SecretsSession(api::ApiClient &client, QObject *parent = nullptr);

    void load();  ///< answers by changed()
    void retry(); ///< when the last load failed
    const std::optional<QList<SecretInfo>> &secrets() const { return m_secrets; }
    const QString &problem() const { return m_problem; }
    bool isOffered() const { return m_secrets.has_value(); }
    bool isAbsent() const { return m_isAbsent; } ///< the master does not manage them over REST
    /// Whether it is known to be there: a new value would take the place of one that nobody can read.
    bool has(const QString &name, const QString &scope) const;

    using Done = std::move_only_function<void(Result<void>)>;
    /// A new version. The value is bytes that must be UTF-8, for JSON carries nothing else: InvalidArgument otherwise.
    void setValue(const QString &name, const QString &scope, Secret value, QObject *context, Done done);
    void remove(const QString &name, const QString &scope, QObject *context, Done done);

signals:
    void changed();

private:
    void finish(const Result<void> &result, Done &done);

    api::ApiClient &m_client;
    std::optional<QList<SecretInfo>> m_secrets;
    QString m_problem;
    bool m_isAbsent = false;
};

} // namespace danube::console
