// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/allowlists.h"

#include "console/models/allowlistmodel.h"
#include "console/models/policypreview.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

QStringList listOf(const QByteArray &text)
{
    QStringList list;
    const QJsonObject spec = QJsonDocument::fromJson(text).object().value("spec"_L1).toObject();
    for (const QJsonValue entry : spec.value("egress_allowlist"_L1).toArray())
        list.append(entry.toString());
    return list;
}

/// Of the document as last readable.
QStringList editedList(BlueprintWorkspace &workspace, const QString &path)
{
    const BlueprintDocument *document = workspace.document(path);
    return document ? document->listAt(AllowlistModel::pointer) : QStringList();
}

bool isConfig(const QString &path)
{
    return path == BlueprintWorkspace::configFile;
}

} // namespace

egress::Allowlists allowlistsBefore(const BlueprintWorkspace &workspace, const QString &path)
{
    const blueprint::Files &files = workspace.base().files;
    return {.base = listOf(files.value(BlueprintWorkspace::configFile)),
            .pipeline = isConfig(path) ? QStringList() : listOf(files.value(path))};
}

egress::Allowlists allowlistsAfter(BlueprintWorkspace &workspace, const QString &path)
{
    return {.base = editedList(workspace, BlueprintWorkspace::configFile),
            .pipeline = isConfig(path) ? QStringList() : editedList(workspace, path)};
}

egress::PolicyRequest policyRequestAfter(BlueprintWorkspace &workspace)
{
    egress::PolicyRequest request = policyRequestOf(workspace.after().value_or(workspace.before()));
    request.allowlist = editedList(workspace, BlueprintWorkspace::configFile);
    for (const auto &[path, text] : workspace.changedFiles().asKeyValueRange()) {
        const QJsonObject object = QJsonDocument::fromJson(text).object();
        const auto list = std::ranges::find(request.pipelines, object["metadata"_L1]["name"_L1].toString(),
                                            &egress::PipelineList::pipeline);
        if (list != request.pipelines.end())
            list->allowlist = listOf(text);
    }
    return request;
}

QString listTitle(const QString &path)
{
    if (isConfig(path))
        return QCoreApplication::translate("Allowlists", "Every job");
    QString name = path.section(u'/', -1);
    name.chop(name.endsWith(".json"_L1) ? 5 : 0);
    return QCoreApplication::translate("Allowlists", "Pipeline %1").arg(name);
}

} // namespace danube::console
