// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/artifactscommand.h"

#include "console/cli/format.h"
#include "console/cli/safetext.h"

#include <QDir>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::cli {

void ArtifactsCommand::start()
{
    findJob(m_context.options.arguments.first(), [this](const Result<JobId> &job) {
        if (!job)
            return finishWith(job.error());
        m_context.client().send({.route = protocol::RouteId::JobArtifacts, .values = {job->value()}}, this,
                                [this](const Result<api::Answer> &answer) { takeList(answer); });
    });
}

void ArtifactsCommand::takeList(const Result<api::Answer> &answer)
{
    const auto body = answer.and_then(&api::Answer::json);
    const auto artifacts = body ? protocol::artifactsFromJson(*body) : std::unexpected(body.error());
    if (!artifacts)
        return finishWith(artifacts.error());
    if (m_context.wantsJson())
        printJson(answer->body);
    const Options &options = m_context.options;
    if (options.has(u"download"_s) || options.has(u"all"_s)) {
        auto wanted = chosen(*artifacts);
        if (!wanted)
            return finishWith(wanted.error());
        m_waiting = *wanted;
        return downloadNext();
    }
    if (!m_context.wantsJson())
        m_context.output.print(formatArtifacts(*artifacts, m_context.output.style()));
    finish(ExitCode::Success);
}

Result<QList<Artifact>> ArtifactsCommand::chosen(const QList<Artifact> &artifacts) const
{
    QList<Artifact> wanted;
    const QStringList names = m_context.options.values.value(u"download"_s);
    for (const QString &name : names) {
        const auto found = std::ranges::find(artifacts, name, &Artifact::name);
        if (found == artifacts.end())
            return fail(ErrorCode::NotFound, u"the job has no artifact '%1'"_s.arg(name));
        wanted.append(*found);
    }
    if (m_context.options.has(u"all"_s))
        wanted = artifacts;
    // Names become paths here: what the master says is checked again.
    for (const Artifact &artifact : wanted) {
        if (!isValidArtifactName(artifact.name))
            return fail(ErrorCode::Protocol,
                        u"the artifact name '%1' is no relative path"_s.arg(singleLine(artifact.name)));
    }
    return wanted;
}

void ArtifactsCommand::downloadNext()
{
    if (m_waiting.isEmpty())
        return finish(ExitCode::Success);
    const Artifact artifact = m_waiting.takeFirst();
    const QDir directory(m_context.options.value(u"output"_s, u"."_s));
    const QString target = directory.filePath(artifact.name);
    const QString parent = QFileInfo(target).path();
    if (!QDir().mkpath(parent))
        return finishWith({ErrorCode::InvalidArgument, u"create directory '%1': not possible"_s.arg(parent)});
    auto *download = new api::Download(m_context.client(), artifact, target, this);
    connect(download, &api::Download::finished, this, [this, download, artifact, target](const Result<void> &result) {
        download->deleteLater();
        takeDownload(artifact, target, result);
    });
    download->start();
}

void ArtifactsCommand::takeDownload(const Artifact &artifact, const QString &target, const Result<void> &result)
{
    if (!result)
        return finishWith(result.error());
    if (!m_context.wantsJson())
        m_context.output.print(
            u"%1  %2  sha256 %3\n"_s.arg(target, toText(artifact.size), QString::fromLatin1(artifact.sha256)));
    downloadNext();
}

} // namespace danube::cli
