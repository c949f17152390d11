// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/egress/manifest.h"

#include "shared/core/sha256.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

// The same keys as on the pods: server/executors/kubernetes.
constexpr auto managedByLabel = "danube.dev/managed-by"_L1;
constexpr auto instanceLabel = "danube.dev/instance"_L1;
constexpr auto pipelineLabelKey = "danube.dev/pipeline"_L1;
constexpr auto modeLabel = "danube.dev/egress-mode"_L1;
constexpr auto digestAnnotation = "danube.dev/policy-digest"_L1;

QByteArray bytesOf(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QString digestOf(const QByteArray &bytes)
{
    Sha256 hash;
    hash.add(bytes);
    return u"sha256:"_s + QString::fromLatin1(hash.finishHex());
}

} // namespace

QString modeName(Mode mode)
{
    return mode == Mode::Audit ? u"audit"_s : u"enforce"_s;
}

QJsonObject makeObject(const Manifest &manifest, const QJsonObject &spec, const PolicySettings &settings)
{
    QJsonObject labels{
        {managedByLabel, u"danube-master"_s}, {instanceLabel, settings.instance}, {modeLabel, modeName(manifest.mode)}};
    if (!manifest.pipelineLabel.isEmpty())
        labels.insert(pipelineLabelKey, manifest.pipelineLabel);
    QJsonObject annotations = manifest.annotations;
    annotations.insert(digestAnnotation, digestOf(bytesOf(spec)));
    return {{u"apiVersion"_s, manifest.apiVersion},
            {u"kind"_s, manifest.kind},
            {u"metadata"_s, QJsonObject{{u"name"_s, settings.instance + u"-egress"_s + manifest.suffix},
                                        {u"namespace"_s, settings.jobsNamespace},
                                        {u"labels"_s, labels},
                                        {u"annotations"_s, annotations}}},
            {u"spec"_s, spec}};
}

Result<PolicySet> makeSet(QList<QJsonObject> objects, QStringList notes)
{
    QByteArray specs;
    for (const QJsonObject &object : objects) {
        const QByteArray bytes = bytesOf(object);
        const QString name = object[u"metadata"][u"name"].toString();
        if (bytes.size() > maxPolicyBytes)
            return fail(ErrorCode::ResourceExhausted,
                        u"egress policy %1: %2 bytes, at most %3"_s.arg(name).arg(bytes.size()).arg(maxPolicyBytes));
        specs.append(name.toUtf8()).append('\0').append(bytesOf(object[u"spec"].toObject())).append('\0');
    }
    return PolicySet{std::move(objects), std::move(notes), digestOf(specs)};
}

QJsonObject selectPods(const PolicySettings &settings, const QString &pipelineLabel, const QStringList &except)
{
    QJsonObject labels;
    if (settings.selectsInstanceOnly || !pipelineLabel.isEmpty() || !except.isEmpty())
        labels.insert(instanceLabel, settings.instance);
    if (!pipelineLabel.isEmpty())
        labels.insert(pipelineLabelKey, pipelineLabel);
    QJsonObject selector;
    if (!labels.isEmpty())
        selector.insert(u"matchLabels"_s, labels);
    if (!except.isEmpty())
        selector.insert(u"matchExpressions"_s,
                        QJsonArray{QJsonObject{
                            {u"key"_s, pipelineLabelKey}, {u"operator"_s, u"NotIn"_s}, {u"values"_s, toJson(except)}}});
    return selector;
}

QJsonArray toJson(const QStringList &list)
{
    return QJsonArray::fromStringList(list);
}

} // namespace danube::egress
