// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/nearest.h"
#include "shared/blueprint/rules.h"
#include "shared/blueprint/schema.h"

#include <QSet>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

const auto namePointer = u"/metadata/name"_s;

QString placeOf(const SourceDocument &document)
{
    const auto position = document.file->json.locate(document.at(namePointer));
    return u"%1:%2"_s.arg(document.file->name).arg(position.line);
}

template <class Document, class NameOf>
void checkUnique(const QList<Sourced<Document>> &documents, const QString &what, const NameOf &nameOf, Report &report)
{
    QHash<QString, const SourceDocument *> seen;
    for (const auto &[source, document] : documents) {
        if (report.isFull())
            return;
        const QString name = nameOf(document);
        if (const auto *first = seen.value(name))
            report.error(source, namePointer,
                         u"metadata.name: the %1 \"%2\" is defined in %3 already"_s.arg(what, name, placeOf(*first)),
                         u"rename or remove one of them"_s);
        else
            seen.insert(name, &source);
    }
}

void checkFileName(const Sourced<PipelineDocument> &pipeline, Report &report)
{
    const auto &[source, document] = pipeline;
    const auto file = source.file->name.section(u'/', -1).chopped(5); // ".json"
    if (file != document.pipeline.name)
        report.error(
            source, namePointer,
            u"metadata.name: \"%1\" is not the name of its file, %2"_s.arg(document.pipeline.name, source.file->name),
            u"rename the file to pipelines/%1.json, or the pipeline to \"%2\""_s.arg(document.pipeline.name, file));
}

/// Names that are defined: asked for often, gone through seldom.
struct Known
{
    QString what; ///< "user"
    QStringList names;
    QSet<QString> set;
    Known(QString kind, QStringList all)
        : what(std::move(kind)), names(std::move(all)), set(names.cbegin(), names.cend())
    {}
};

void refuseUnknown(const SourceDocument &source, const QString &pointer, const QString &name, const Known &known,
                   Report &report)
{
    constexpr qsizetype helped = 50; // whoever has more of them looks for another cause
    if (report.isFull())
        return;
    const auto meant = report.errors() < helped ? nearest(name, known.names) : QString();
    report.error(source, pointer, u"%1: there is no %2 \"%3\""_s.arg(readablePath(pointer), known.what, name.left(80)),
                 meant.isEmpty() ? u"define it, or remove it here"_s : u"\"%1\" may be meant"_s.arg(meant));
}

void checkTeam(const Sourced<TeamDocument> &team, const Known &users, Report &report)
{
    const auto &[source, document] = team;
    QSet<QString> seen;
    for (qsizetype i = 0; i < document.members.size(); ++i) {
        const auto pointer = childPointer(u"/spec/members"_s, i);
        const QString &member = document.members[i];
        if (!users.set.contains(member))
            refuseUnknown(source, pointer, member, users, report);
        if (seen.contains(member))
            report.warn(source, pointer, u"%1: \"%2\" is a member already"_s.arg(readablePath(pointer), member),
                        u"remove it"_s);
        seen.insert(member);
    }
}

void checkPermissions(const Sourced<PipelineDocument> &pipeline, const Known &teams, Report &report)
{
    const auto &[source, document] = pipeline;
    QSet<QString> seen;
    for (qsizetype i = 0; i < document.permissions.size(); ++i) {
        const auto pointer = childPointer(u"/spec/permissions"_s, i) + u"/team"_s;
        const QString &team = document.permissions[i].team;
        if (!teams.set.contains(team))
            refuseUnknown(source, pointer, team, teams, report);
        if (seen.contains(team))
            report.error(source, pointer,
                         u"%1: \"%2\" has a permission here already"_s.arg(readablePath(pointer), team),
                         u"keep the higher one"_s);
        seen.insert(team);
    }
}

} // namespace

void checkNames(const Documents &documents, Report &report)
{
    checkUnique(documents.users, u"user"_s, [](const UserDocument &user) { return user.name; }, report);
    checkUnique(documents.teams, u"team"_s, [](const TeamDocument &team) { return team.name; }, report);
    checkUnique(documents.pipelines, u"pipeline"_s, [](const PipelineDocument &p) { return p.pipeline.name; }, report);
    for (const auto &pipeline : documents.pipelines)
        checkFileName(pipeline, report);
    QHash<QString, QString> emails;
    for (const auto &[source, user] : documents.users) {
        const auto email = user.email.toLower();
        if (emails.contains(email) && !report.isFull())
            report.error(source, u"/spec/email"_s,
                         u"spec.email: %1 is %2's address already"_s.arg(user.email, emails.value(email)),
                         u"one address signs in one user"_s);
        emails.insert(email, user.name);
    }
}

void checkReferences(const Documents &documents, Report &report)
{
    const auto named = [](const auto &all) {
        QStringList names;
        for (const auto &each : all)
            names.append(each.document.name);
        return names;
    };
    const Known users(u"user"_s, named(documents.users));
    const Known teams(u"team"_s, named(documents.teams));
    for (const auto &team : documents.teams)
        checkTeam(team, users, report);
    for (const auto &pipeline : documents.pipelines)
        checkPermissions(pipeline, teams, report);
}

} // namespace danube::blueprint
