// SPDX-License-Identifier: GPL-3.0-or-later
// Proposals as a patch of the Blueprint's branch, or as a commit on a new branch of a clone.
#include "console/cli/egressmastercommand.h"
#include "console/cli/localbranch.h"
#include "console/cli/patch.h"
#include "console/cli/safetext.h"
#include "shared/blueprint/textedit.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

struct FileChange
{
    QString path; ///< from the repository's root
    QByteArray before;
    QByteArray after;
};

Result<FileChange> changeFor(const QJsonObject &proposal, const QJsonObject &blueprint)
{
    const QString pipeline = proposal.value("pipeline"_L1).toString();
    for (const QJsonValue file : blueprint.value("files"_L1).toArray()) {
        const QByteArray before = file["text"_L1].toString().toUtf8();
        const QJsonObject document = QJsonDocument::fromJson(before).object();
        const bool isIt = document.value("kind"_L1).toString() == "Pipeline"_L1 &&
                          document["metadata"_L1]["name"_L1].toString() == pipeline;
        if (!isIt)
            continue;
        QByteArray after = before;
        for (const QJsonValue entry : proposal.value("entries"_L1).toArray()) {
            const auto edit = blueprint::addToList(after, u"/spec/egress_allowlist"_s, entry["entry"_L1].toString());
            if (!edit)
                return std::unexpected(edit.error().in(file["path"_L1].toString()));
            after = blueprint::apply(after, *edit);
        }
        const QString folder = blueprint.value("path"_L1).toString();
        return FileChange{(folder.isEmpty() ? QString() : folder + u'/') + file["path"_L1].toString(), before, after};
    }
    return fail(ErrorCode::NotFound, u"the Blueprint has no document of pipeline \"%1\""_s.arg(singleLine(pipeline)));
}

Result<QList<FileChange>> changesFor(const QList<QJsonObject> &proposals, const QJsonObject &blueprint)
{
    QList<FileChange> changes;
    for (const QJsonObject &proposal : proposals) {
        if (proposal.value("entries"_L1).toArray().isEmpty())
            continue;
        auto change = changeFor(proposal, blueprint);
        if (!change)
            return std::unexpected(change.error());
        if (change->before != change->after)
            changes.append(std::move(*change));
    }
    return changes;
}

} // namespace

// Against the branch's head, so that it can be applied there.
void EgressMasterCommand::makePatch(const QList<QJsonObject> &proposals)
{
    QUrlQuery query;
    query.addQueryItem(u"content"_s, u"true"_s);
    query.addQueryItem(u"of"_s, u"head"_s);
    m_context.client().sendJson({.route = protocol::RouteId::Blueprint, .query = query}, this,
                                [this, proposals](const Result<QJsonObject> &answer) {
                                    const auto code = answer.and_then(
                                        [&](const QJsonObject &body) { return useProposals(proposals, body); });
                                    if (!code)
                                        return finishWith(code.error());
                                    finish(*code);
                                });
}

Result<ExitCode> EgressMasterCommand::useProposals(const QList<QJsonObject> &proposals, const QJsonObject &blueprint)
{
    const auto changes = changesFor(proposals, blueprint);
    if (!changes)
        return std::unexpected(changes.error());
    if (!m_context.options.has(u"branch"_s)) {
        for (const FileChange &change : *changes)
            m_context.output.writeOut(unifiedDiff(change.path, change.before, change.after));
        return ExitCode::Success;
    }
    if (changes->isEmpty()) {
        m_context.output.note(u"nothing to propose: no branch was made"_s);
        return ExitCode::Success;
    }
    BranchCommit commit{.repository = m_context.options.value(u"repository"_s, u"."_s),
                        .branch = m_context.options.value(u"branch"_s),
                        .base = blueprint.value("head_commit"_L1).toString(),
                        .files = {},
                        .message = m_context.options.value(u"message"_s, u"Allow what jobs were refused"_s)};
    for (const FileChange &change : *changes)
        commit.files.insert(change.path, change.after);
    const auto made = commitOnNewBranch(commit);
    if (!made)
        return std::unexpected(made.error());
    m_context.output.print(u"%1 %2\n"_s.arg(singleLine(commit.branch), *made));
    return ExitCode::Success;
}

} // namespace danube::cli
