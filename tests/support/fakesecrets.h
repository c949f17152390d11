// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/fakemaster.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace danube::tests {

/// Secrets of a FakeMaster as the contract has them: names out, values in. The values are here for tests to compare.
class FakeSecrets
{
public:
    struct Stored
    {
        QByteArray value;
        qint64 version = 1;
        QStringList usedBy{};
    };

    explicit FakeSecrets(FakeMaster &master) : m_master(master)
    {
        master.on("GET", QStringLiteral("/api/v1/secrets"), [this](const FakeRequest &) { return list(); });
    }

    QMap<QString, Stored> secrets;

    void accept(const QString &name) ///< lets it be stored and deleted
    {
        const QString path = QStringLiteral("/api/v1/secrets/") + name;
        m_master.on("PUT", path, [this, name](const FakeRequest &request) {
            const QString value =
                QJsonDocument::fromJson(request.body).object().value(QStringLiteral("value")).toString();
            Stored &stored = secrets[name];
            stored.version += stored.value.isEmpty() ? 0 : 1;
            stored.value = value.toUtf8();
            return FakeReply{.body = "{}"};
        });
        m_master.on("DELETE", path, [this, name](const FakeRequest &) {
            secrets.remove(name);
            return FakeReply{.body = "{}"};
        });
    }

private:
    FakeReply list() const
    {
        QJsonArray array;
        for (const auto &[name, stored] : secrets.asKeyValueRange())
            array.append(QJsonObject{{QStringLiteral("name"), name},
                                     {QStringLiteral("version"), stored.version},
                                     {QStringLiteral("set_at"), QStringLiteral("2025-06-01T12:00:00Z")},
                                     {QStringLiteral("last_used_at"), QStringLiteral("2025-06-14T12:00:00Z")},
                                     {QStringLiteral("used_by"), QJsonArray::fromStringList(stored.usedBy)}});
        return {.body = QJsonDocument(QJsonObject{{QStringLiteral("secrets"), array}}).toJson()};
    }
    FakeMaster &m_master;
};

} // namespace danube::tests
