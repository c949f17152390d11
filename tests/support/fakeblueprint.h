// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/model/egressrefusal.h"
#include "tests/support/fakemaster.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>

namespace danube::tests {

/// The Blueprint and egress of a FakeMaster: a branch that takes commits on its head and refuses others, in force at
/// once unless told otherwise. Outlives the requests.
class FakeBlueprint
{
public:
    explicit FakeBlueprint(FakeMaster &master)
    {
        move({});
        master.on("GET", QStringLiteral("/api/v1/blueprint"), [this](const FakeRequest &) { return json(status()); });
        master.on("POST", QStringLiteral("/api/v1/blueprint/commit"),
                  [this](const FakeRequest &request) { return take(request); });
        master.on("GET", QStringLiteral("/api/v1/egress/policy"),
                  [this](const FakeRequest &) { return json(policyNow()); });
        master.on("GET", QStringLiteral("/api/v1/egress/denied"),
                  [this](const FakeRequest &request) { return json(denied(request)); });
        master.on("POST", QStringLiteral("/api/v1/egress/propose"), [this](const FakeRequest &) {
            QJsonArray entries;
            for (const QString &entry : proposal)
                entries.append(QJsonObject{{QStringLiteral("entry"), entry}});
            return json({{QStringLiteral("entries"), entries}});
        });
    }

    QMap<QString, QByteArray> files;
    QString commit;
    QStringList messages;  ///< of the commits that were taken
    bool isInForce = true; ///< what is committed
    QJsonObject policy{{QStringLiteral("kind"), QStringLiteral("none")},
                       {QStringLiteral("level"), QStringLiteral("none")},
                       {QStringLiteral("reason"), QStringLiteral("jobs run without a cluster")}};
    QList<EgressRefusal> refusals;
    QStringList proposal;

    /// Somebody else commits.
    void move(const QMap<QString, QByteArray> &changed)
    {
        files.insert(changed);
        QCryptographicHash hash(QCryptographicHash::Sha1);
        hash.addData(commit.toLatin1());
        for (const auto &[path, text] : files.asKeyValueRange())
            hash.addData(path.toUtf8() + text);
        commit = QString::fromLatin1(hash.result().toHex());
    }

private:
    static FakeReply json(const QJsonObject &object, int status = 200)
    {
        return {.status = status, .body = QJsonDocument(object).toJson(QJsonDocument::Compact)};
    }
    QJsonObject status() const
    {
        QJsonArray list;
        for (const auto &[path, text] : files.asKeyValueRange())
            list.append(QJsonObject{{QStringLiteral("path"), path},
                                    {QStringLiteral("text"), QString::fromUtf8(text)},
                                    {QStringLiteral("size_bytes"), text.size()}});
        return {{QStringLiteral("repository"), QStringLiteral("https://git.example.org/blueprint.git")},
                {QStringLiteral("branch"), QStringLiteral("main")},
                {QStringLiteral("head_commit"), commit},
                {QStringLiteral("active_commit"), isInForce ? commit : QString()},
                {QStringLiteral("state"), isInForce ? QStringLiteral("current") : QStringLiteral("pending")},
                {QStringLiteral("push"), true},
                {QStringLiteral("files"), list}};
    }
    FakeReply take(const FakeRequest &request)
    {
        const QJsonObject body = QJsonDocument::fromJson(request.body).object();
        if (body.value(QStringLiteral("base_commit")).toString() != commit)
            return json({{QStringLiteral("type"), QStringLiteral("urn:danube:problem:conflict")},
                         {QStringLiteral("title"), QStringLiteral("Conflict")},
                         {QStringLiteral("status"), 409},
                         {QStringLiteral("detail"), QStringLiteral("the branch is at %1").arg(commit)}},
                        409);
        QMap<QString, QByteArray> changed;
        const QJsonObject texts = body.value(QStringLiteral("files")).toObject();
        for (auto it = texts.begin(); it != texts.end(); ++it)
            changed.insert(it.key(), it->toString().toUtf8());
        messages.append(body.value(QStringLiteral("message")).toString());
        move(changed);
        return json({{QStringLiteral("commit"), commit}}, 201);
    }
    QJsonObject policyNow() const
    {
        QJsonObject now = policy;
        now.insert(QStringLiteral("commit"), commit);
        return now;
    }
    QJsonObject denied(const FakeRequest &request) const
    {
        QJsonArray list;
        for (const EgressRefusal &refusal : refusals) {
            if (refusal.pipeline == request.query.queryItemValue(QStringLiteral("pipeline")))
                list.append(toJson(refusal));
        }
        return {{QStringLiteral("refusals"), list}};
    }
};

} // namespace danube::tests
