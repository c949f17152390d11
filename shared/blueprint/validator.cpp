// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/validator.h"

#include "shared/blueprint/masking.h"
#include "shared/blueprint/rules.h"
#include "shared/blueprint/schema.h"

#include <QJsonDocument>

#include <deque>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

constexpr qsizetype maxFileSize = 1 << 20;
constexpr qint64 maxAllowlistWork = 10'000'000; ///< pairs of entries, each compared in much less than a microsecond

std::optional<SourceFile> read(const QString &name, const QByteArray &text, Report &report)
{
    if (text.size() > maxFileSize) {
        report.addWhole(name, Severity::Error, u"the file has %1 bytes, more than 1 MiB"_s.arg(text.size()));
        return std::nullopt;
    }
    auto json = JsonPositions::scan(text);
    if (!json) {
        const JsonSyntaxError &error = json.error();
        report.addAt(name, positionOf(text, error.offset), {}, error.message, error.fix);
        return std::nullopt;
    }
    if (const auto *mask = findMask(*json)) {
        report.addAt(name, positionOf(text, mask->begin), {},
                     u"password_hash: asterisks stand for a hash that the API does not show"_s,
                     u"write a hash, or leave %1 out of the change"_s.arg(name));
        return std::nullopt;
    }
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(text, &error);
    if (document.isNull()) {
        const bool isScalar = error.error == QJsonParseError::NoError || error.error == QJsonParseError::IllegalValue;
        report.addAt(name, positionOf(text, error.offset), {},
                     isScalar ? u"expected an object at the top"_s : error.errorString(), {});
        return std::nullopt;
    }
    SourceFile file{name, std::move(*json), document.isObject() ? QJsonValue(document.object()) : document.array()};
    for (const auto &duplicate : file.json.duplicates()) {
        const auto first = file.json.positionOf(duplicate.first);
        report.addAt(name, file.json.positionOf(duplicate.offset), duplicate.pointer,
                     u"%1 is there twice, first in line %2"_s.arg(readablePath(duplicate.pointer)).arg(first.line),
                     u"keep one of them"_s);
    }
    return file;
}

DocumentKind kindOf(const QString &file)
{
    return file == "config.json"_L1  ? DocumentKind::Config
           : file == "users.json"_L1 ? DocumentKind::User
           : file == "teams.json"_L1 ? DocumentKind::Team
                                     : DocumentKind::Pipeline;
}

/// The documents in a file: itself, or for users and teams its elements or items.
QList<SourceDocument> documentsIn(const SourceFile &file, DocumentKind kind, Report &report)
{
    const bool mayBeMany = kind == DocumentKind::User || kind == DocumentKind::Team;
    const auto items = file.value.toObject().value("items"_L1);
    const bool hasItems = mayBeMany && items.isArray();
    if (!hasItems && !(mayBeMany && file.value.isArray())) {
        if (file.value.isObject())
            return {{&file, {}, file.value.toObject()}};
        report.add(file, {}, Severity::Error, u"expected an object at the top, got a list"_s);
        return {};
    }
    QList<SourceDocument> documents;
    const auto list = hasItems ? u"/items"_s : QString();
    const QJsonArray array = hasItems ? items.toArray() : file.value.toArray();
    for (qsizetype i = 0; i < array.size(); ++i) {
        const auto pointer = childPointer(list, i);
        if (array[i].isObject())
            documents.append({&file, pointer, array[i].toObject()});
        else if (!report.isFull())
            report.add(file, pointer, Severity::Error, u"%1: expected an object"_s.arg(readablePath(pointer)));
    }
    return documents;
}

bool fitsSchema(const SourceDocument &document, DocumentKind kind, Report &report)
{
    bool fits = true;
    for (const SchemaComplaint &complaint : Schema::of(kind).check(document.object)) {
        if (complaint.isUnknownField)
            report.warn(document, complaint.pointer, complaint.message, complaint.fix);
        else
            report.error(document, complaint.pointer, complaint.message, complaint.fix);
        fits = fits && complaint.isUnknownField;
    }
    return fits;
}

void takeDocument(const SourceDocument &document, DocumentKind kind, Documents &documents, Report &report)
{
    if (!fitsSchema(document, kind, report))
        return;
    switch (kind) {
    case DocumentKind::Config:
        documents.configs.append({document, configFromDocument(document.object)});
        return;
    case DocumentKind::User:
        documents.users.append({document, userFromDocument(document.object)});
        return;
    case DocumentKind::Team:
        documents.teams.append({document, teamFromDocument(document.object)});
        return;
    case DocumentKind::Pipeline:
        // What the schema lets through and the model does not (a script outside of the repository).
        if (const auto pipeline = pipelineDocumentFrom(document.object))
            documents.pipelines.append({document, *pipeline});
        else
            report.error(document, u"/spec"_s, pipeline.error().message);
        return;
    }
}

void checkPresence(const Files &files, Report &report)
{
    const auto paths = files.keys();
    if (std::ranges::none_of(paths, isBlueprintFile))
        report.addWhole({}, Severity::Error, u"there is no config.json and no pipelines/*.json here"_s,
                        u"is this the right branch and config_repo.path?"_s);
    else if (!files.contains(u"config.json"_s))
        report.addWhole(u"config.json"_s, Severity::Warning, u"the file is missing: defaults apply"_s);
}

/// How allowlists are judged, one after the other: each entry is compared with all others, so a Blueprint within all
/// its bounds could take minutes. Behind a bound only what is wrong is looked for, which one entry at a time tells.
class AllowlistWork
{
public:
    explicit AllowlistWork(const ValidatorOptions &options) : m_options(options) {}
    const ValidatorOptions &next(const SourceDocument &document, qsizetype entries, qsizetype inherited, Report &report)
    {
        constexpr qsizetype alone = 300; // what an entry costs by itself, in pairs
        m_work += entries * (entries + inherited + alone);
        if (m_work > maxAllowlistWork && !std::exchange(m_options.egress.errorsOnly, true))
            report.addWhole(document.file->name, Severity::Hint,
                            u"there are so many egress_allowlist entries in this Blueprint that here and in later "
                            "files only errors are looked for"_s);
        return m_options;
    }

private:
    ValidatorOptions m_options;
    qint64 m_work = 0;
};

Snapshot snapshotOf(const Documents &documents)
{
    Snapshot snapshot;
    if (!documents.configs.isEmpty())
        snapshot.config = documents.configs.first().document;
    for (const auto &user : documents.users)
        snapshot.users.insert(user.document.name, user.document);
    for (const auto &team : documents.teams)
        snapshot.teams.insert(team.document.name, team.document);
    for (const auto &pipeline : documents.pipelines)
        snapshot.pipelines.insert(pipeline.document.pipeline.name, pipeline.document);
    return snapshot;
}

} // namespace

bool isBlueprintFile(const QString &path)
{
    if (path == "config.json"_L1 || path == "users.json"_L1 || path == "teams.json"_L1)
        return true;
    return path.startsWith("pipelines/"_L1) && path.endsWith(".json"_L1) && path.count(u'/') == 1 &&
           path.size() > 15; // pipelines/.json
}

Validation validate(const Files &files, const ValidatorOptions &options)
{
    Report report;
    checkPresence(files, report);
    std::deque<SourceFile> sources; // documents point into it
    Documents documents;
    for (auto it = files.begin(); it != files.end(); ++it) {
        if (!isBlueprintFile(it.key()))
            continue;
        auto file = read(it.key(), it.value(), report);
        if (!file)
            continue;
        sources.push_back(std::move(*file));
        const auto kind = kindOf(it.key());
        for (const SourceDocument &document : documentsIn(sources.back(), kind, report)) {
            if (report.isFull() && !options.alwaysSnapshot)
                break;
            takeDocument(document, kind, documents, report);
        }
    }
    QStringList globalAllowlist;
    for (const auto &config : documents.configs) {
        checkConfig(config, options, report);
        globalAllowlist = config.document.egressAllowlist;
    }
    AllowlistWork work(options);
    for (const auto &pipeline : documents.pipelines) {
        if (report.isFull())
            break;
        const auto &bounded =
            work.next(pipeline.source, pipeline.document.egressAllowlist.size(), globalAllowlist.size(), report);
        checkPipeline(pipeline, globalAllowlist, bounded, report);
    }
    checkNames(documents, report);
    // A broken users.json would make every member unknown: one cause, one finding.
    if (!report.hasErrorsIn(u"users.json"_s) && !report.hasErrorsIn(u"teams.json"_s))
        checkReferences(documents, report);
    Validation validation;
    if (!report.hasErrors() || options.alwaysSnapshot)
        validation.snapshot = snapshotOf(documents);
    validation.findings = report.take(options.maxFindings);
    return validation;
}

} // namespace danube::blueprint
