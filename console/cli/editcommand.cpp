// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/editcommand.h"

#include "console/cli/patch.h"
#include "console/cli/safetext.h"
#include "shared/blueprint/directory.h"
#include "shared/blueprint/validator.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

using protocol::RouteId;

/// A file on disk and the Blueprint it is part of.
struct Place
{
    QString root;
    QString path; ///< below it
};

Result<Place> placeOf(const QString &file)
{
    const QFileInfo info(file);
    if (!info.isFile())
        return fail(ErrorCode::NotFound, u"there is no file '%1'"_s.arg(file));
    QDir root = info.absoluteDir();
    QString path = info.fileName();
    if (root.dirName() == "pipelines"_L1) {
        path.prepend(u"pipelines/"_s);
        root.cdUp();
    }
    if (!blueprint::isBlueprintFile(path))
        return fail(ErrorCode::InvalidArgument, u"'%1' is no file of a Blueprint (config.json, users.json, teams.json, "
                                                "pipelines/*.json)"_s.arg(file));
    return Place{root.path(), path};
}

/// Errors that were not there before, wherever in the file they stand now.
QList<blueprint::Finding> newErrors(const blueprint::Files &before, const blueprint::Files &after)
{
    const auto old = blueprint::validate(before).findings;
    QList<blueprint::Finding> errors;
    for (const blueprint::Finding &finding : blueprint::validate(after).findings) {
        const auto isSame = [&finding](const blueprint::Finding &known) {
            return known.file == finding.file && known.pointer == finding.pointer && known.message == finding.message;
        };
        if (finding.severity == blueprint::Severity::Error && std::ranges::none_of(old, isSame))
            errors.append(finding);
    }
    return errors;
}

Result<void> writeFile(const QString &path, const QByteArray &text)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        return fail(ErrorCode::Io, u"write %1: %2"_s.arg(path, file.errorString()));
    return {};
}

} // namespace

void EditCommand::start()
{
    if (auto begun = begin(); !begun)
        finishWith(begun.error());
}

Result<void> EditCommand::begin()
{
    const QString file = m_context.options.arguments.value(1);
    if (file.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"blueprint edit: name a FILE"_s);
    auto edits = DocumentEdits::from(m_context.options);
    if (!edits)
        return std::unexpected(edits.error());
    m_edits = std::move(*edits);
    if (m_edits.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"blueprint edit: say what with --set, --add or --remove"_s);
    if (m_context.options.has(u"message"_s)) {
        editOnMaster(file);
        return {};
    }
    const auto code = editHere(file);
    if (!code)
        return std::unexpected(code.error());
    finish(*code);
    return {};
}

Result<ExitCode> EditCommand::editHere(const QString &path)
{
    const auto place = placeOf(path);
    if (!place)
        return std::unexpected(place.error());
    const auto files = blueprint::readDirectory(place->root);
    if (!files)
        return std::unexpected(files.error());
    const QByteArray before = files->value(place->path);
    const auto after = m_edits.applyTo(before);
    if (!after)
        return std::unexpected(after.error().in(path));
    blueprint::Files changed = *files;
    changed.insert(place->path, *after);
    const auto errors = newErrors(*files, changed);
    for (const blueprint::Finding &finding : errors)
        m_context.output.note(singleLine(describe(finding)));
    if (!errors.isEmpty())
        return ExitCode::Failure;
    showPatch(place->path, before, *after);
    if (*after != before && !m_context.options.has(u"dry-run"_s)) {
        if (auto written = writeFile(path, *after); !written)
            return std::unexpected(written.error());
    }
    return ExitCode::Success;
}

void EditCommand::editOnMaster(const QString &path)
{
    QUrlQuery query;
    query.addQueryItem(u"content"_s, u"true"_s);
    query.addQueryItem(u"of"_s, u"head"_s);
    m_context.client().sendJson(
        {.route = RouteId::Blueprint, .query = query}, this, [this, path](const Result<QJsonObject> &present) {
            const auto text = present.and_then([&](const QJsonObject &object) { return newTextOf(object, path); });
            if (!text)
                return finishWith(text.error());
            commit(*present, path, *text);
        });
}

Result<QByteArray> EditCommand::newTextOf(const QJsonObject &present, const QString &path) const
{
    for (const QJsonValue file : present.value("files"_L1).toArray()) {
        if (file["path"_L1].toString() == path)
            return m_edits.applyTo(file["text"_L1].toString().toUtf8()).transform_error([&path](const Error &error) {
                return error.in(path);
            });
    }
    return fail(ErrorCode::NotFound, u"the Blueprint has no file '%1'"_s.arg(path));
}

void EditCommand::commit(const QJsonObject &present, const QString &path, const QByteArray &text)
{
    QByteArray before;
    for (const QJsonValue file : present.value("files"_L1).toArray()) {
        if (file["path"_L1].toString() == path)
            before = file["text"_L1].toString().toUtf8();
    }
    showPatch(path, before, text);
    if (text == before || m_context.options.has(u"dry-run"_s))
        return finish(ExitCode::Success);
    const QJsonObject body{{u"files"_s, QJsonObject{{path, QString::fromUtf8(text)}}},
                           {u"base_commit"_s, present.value("head_commit"_L1)},
                           {u"message"_s, m_context.options.value(u"message"_s)}};
    m_context.client().sendJson(
        {.route = RouteId::BlueprintCommit, .body = QJsonDocument(body).toJson(QJsonDocument::Compact)}, this,
        [this](const Result<QJsonObject> &made) {
            if (!made)
                return finishWith(made.error());
            m_context.output.note(u"committed %1"_s.arg(singleLine(made->value("commit"_L1).toString())));
            finish(ExitCode::Success);
        });
}

void EditCommand::showPatch(const QString &path, const QByteArray &before, const QByteArray &after)
{
    if (before == after)
        m_context.output.note(u"nothing to change"_s);
    else
        m_context.output.writeOut(unifiedDiff(path, before, after));
}

} // namespace danube::cli
