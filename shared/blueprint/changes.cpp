// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/changes.h"

#include <QSet>

#include <array>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

constexpr std::array verbs{"added"_L1, "removed"_L1, "changed"_L1};

QString compact(const QJsonObject &object)
{
    return object.isEmpty() ? QString() : QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

template <class E> QString optionalText(const std::optional<E> &value)
{
    return value ? toText(*value) : QString();
}

QString daysText(const std::optional<std::chrono::days> &days)
{
    return days && days->count() > 0 ? QString::number(days->count()) : QString();
}

QString describeTrigger(const Trigger &trigger)
{
    QStringList words{toText(trigger.on)};
    if (!trigger.schedule.isEmpty())
        words.append(trigger.schedule);
    if (!trigger.branches.isEmpty())
        words.append(u"on "_s + trigger.branches.join(", "_L1));
    if (trigger.catchUp)
        words.append(u"catching up "_s + toText(*trigger.catchUp));
    return words.join(u' ');
}

QString describeAuthentication(const GitAuthentication &entry)
{
    static constexpr std::array types{"ssh key"_L1, "token"_L1, "GitHub App"_L1};
    return u"%1 by %2 in secret %3"_s.arg(entry.host, types.at(static_cast<size_t>(entry.type)), entry.secret);
}

/// Compares two versions of one object, field by field.
class Comparison
{
public:
    Comparison(QList<Change> &changes, DocumentKind kind, QString object)
        : m_changes(changes), m_kind(kind), m_object(std::move(object))
    {}

    void value(const QString &field, const QString &before, const QString &after)
    {
        if (before != after)
            m_changes.append({Change::Verb::Changed, m_kind, m_object, field, before, after});
    }
    void list(const QString &field, const QStringList &before, const QStringList &after)
    {
        entries(field, before, after, Change::Verb::Removed);
        entries(field, after, before, Change::Verb::Added);
    }
    void flag(const QString &field, bool before, bool after)
    {
        const auto text = [](bool on) { return on ? u"true"_s : u"false"_s; };
        value(field, text(before), text(after));
    }
    /// A change whose values are nobody's business.
    void hidden(const QString &field, const QString &before, const QString &after)
    {
        if (before != after)
            m_changes.append({Change::Verb::Changed, m_kind, m_object, field, {}, {}});
    }

private:
    void entries(const QString &field, const QStringList &all, const QStringList &others, Change::Verb verb)
    {
        const QSet<QString> known(others.begin(), others.end());
        for (const QString &entry : all) {
            if (known.contains(entry))
                continue;
            const bool isAdded = verb == Change::Verb::Added;
            m_changes.append({verb, m_kind, m_object, field, isAdded ? QString() : entry, isAdded ? entry : QString()});
        }
    }

    QList<Change> &m_changes;
    DocumentKind m_kind;
    QString m_object;
};

template <class T, class Describe> QStringList described(const QList<T> &items, const Describe &describe)
{
    QStringList texts;
    for (const T &item : items)
        texts.append(describe(item));
    return texts;
}

void compare(const ConfigDocument &a, const ConfigDocument &b, Comparison to)
{
    to.list(u"egress_allowlist"_s, a.egressAllowlist, b.egressAllowlist);
    to.value(u"egress_mode"_s, toText(a.egressMode), toText(b.egressMode));
    to.value(u"on_violation"_s, toText(a.onViolation), toText(b.onViolation));
    to.value(u"retention.logs_days"_s, daysText(a.retention.logs), daysText(b.retention.logs));
    to.value(u"retention.artifacts_days"_s, daysText(a.retention.artifacts), daysText(b.retention.artifacts));
    to.value(u"retention.registry_images_days"_s, daysText(a.retention.registryImages),
             daysText(b.retention.registryImages));
    to.value(u"kubernetes.coordinator_image"_s, a.coordinatorImage, b.coordinatorImage);
    to.value(u"observability"_s, compact(a.observability), compact(b.observability));
    to.list(u"git_authentication"_s, described(a.gitAuthentication, describeAuthentication),
            described(b.gitAuthentication, describeAuthentication));
    const auto whole = [](const GitAuthentication &g) {
        return QStringList{describeAuthentication(g), g.username, QString::number(g.appId),
                           QString::number(g.installationId), g.knownHosts.join(u'\n')}
            .join(u'\n');
    };
    to.hidden(u"git_authentication"_s, described(a.gitAuthentication, whole).join(u'\n'),
              described(b.gitAuthentication, whole).join(u'\n'));
}

void compare(const UserDocument &a, const UserDocument &b, Comparison to)
{
    to.value(u"email"_s, a.email, b.email);
    to.hidden(u"password_hash"_s, a.passwordHash, b.passwordHash);
}

void compare(const TeamDocument &a, const TeamDocument &b, Comparison to)
{
    to.list(u"members"_s, a.members, b.members);
    to.flag(u"global_admin"_s, a.globalAdmin, b.globalAdmin);
}

void compare(const PipelineDocument &a, const PipelineDocument &b, Comparison to)
{
    const auto permission = [](const Permission &p) { return p.team + u": "_s + toText(p.level); };
    const auto text = [](auto number) { return QString::number(static_cast<qint64>(number)); };
    to.value(u"description"_s, a.pipeline.description, b.pipeline.description);
    to.value(u"repository"_s, a.pipeline.repository, b.pipeline.repository);
    to.value(u"branch_filter"_s, a.pipeline.branchFilter, b.pipeline.branchFilter);
    to.list(u"triggers"_s, described(a.triggers, describeTrigger), described(b.triggers, describeTrigger));
    to.value(u"script"_s, a.pipeline.script, b.pipeline.script);
    to.value(u"max_duration_seconds"_s, text(a.pipeline.maxDuration.count()), text(b.pipeline.maxDuration.count()));
    to.value(u"worker.image"_s, a.pipeline.image, b.pipeline.image);
    to.list(u"worker.images"_s, a.pipeline.images, b.pipeline.images);
    to.value(u"worker.resources"_s, compact(a.resources), compact(b.resources));
    to.value(u"worker.security"_s, compact(a.security), compact(b.security));
    to.list(u"secrets"_s, a.pipeline.secrets, b.pipeline.secrets);
    to.list(u"egress_allowlist"_s, a.egressAllowlist, b.egressAllowlist);
    to.value(u"egress_mode"_s, optionalText(a.egressMode), optionalText(b.egressMode));
    to.value(u"on_violation"_s, optionalText(a.onViolation), optionalText(b.onViolation));
    to.value(u"concurrency"_s, text(a.pipeline.maxConcurrent), text(b.pipeline.maxConcurrent));
    to.value(u"priority"_s, text(a.pipeline.priority), text(b.pipeline.priority));
    to.list(u"permissions"_s, described(a.permissions, permission), described(b.permissions, permission));
}

template <class Document>
void compareAll(QList<Change> &changes, DocumentKind kind, const QMap<QString, Document> &before,
                const QMap<QString, Document> &after)
{
    for (const QString &name : before.keys()) {
        if (!after.contains(name))
            changes.append({Change::Verb::Removed, kind, name, {}, {}, {}});
        else
            compare(before[name], after[name], Comparison(changes, kind, name));
    }
    for (const QString &name : after.keys()) {
        if (!before.contains(name))
            changes.append({Change::Verb::Added, kind, name, {}, {}, {}});
    }
}

std::optional<DocumentKind> kindFromText(const QString &text)
{
    for (const auto kind : {DocumentKind::Config, DocumentKind::User, DocumentKind::Team, DocumentKind::Pipeline}) {
        if (toText(kind) == text)
            return kind;
    }
    return std::nullopt;
}

} // namespace

QList<Change> changesBetween(const Snapshot &before, const Snapshot &after)
{
    QList<Change> changes;
    compare(before.config, after.config, Comparison(changes, DocumentKind::Config, {}));
    compareAll(changes, DocumentKind::User, before.users, after.users);
    compareAll(changes, DocumentKind::Team, before.teams, after.teams);
    compareAll(changes, DocumentKind::Pipeline, before.pipelines, after.pipelines);
    return changes;
}

QString describe(const Change &change)
{
    const QString verb = verbs[static_cast<size_t>(change.verb)];
    QString object = toText(change.kind).toLower();
    if (!change.object.isEmpty())
        object += u" \"%1\""_s.arg(change.object);
    if (change.field.isEmpty())
        return object + u' ' + verb;
    if (change.verb != Change::Verb::Changed) {
        const QString &entry = change.verb == Change::Verb::Added ? change.after : change.before;
        return u"%1: %2 entry \"%3\" %4"_s.arg(object, change.field, entry, verb);
    }
    if (change.before.isEmpty() && change.after.isEmpty())
        return u"%1: %2 changed"_s.arg(object, change.field);
    const auto shown = [](const QString &value) { return value.isEmpty() ? u"nothing"_s : u'"' + value + u'"'; };
    return u"%1: %2 changed from %3 to %4"_s.arg(object, change.field, shown(change.before), shown(change.after));
}

QJsonObject toJson(const Change &change)
{
    return {{u"change"_s, QString(verbs[static_cast<size_t>(change.verb)])},
            {u"kind"_s, toText(change.kind)},
            {u"object"_s, change.object},
            {u"field"_s, change.field},
            {u"before"_s, change.before},
            {u"after"_s, change.after},
            {u"text"_s, describe(change)}};
}

Change changeFromJson(const QJsonObject &object)
{
    const auto verb = object.value("change"_L1).toString();
    return {verb == "added"_L1     ? Change::Verb::Added
            : verb == "removed"_L1 ? Change::Verb::Removed
                                   : Change::Verb::Changed,
            kindFromText(object.value("kind"_L1).toString()).value_or(DocumentKind::Config),
            object.value("object"_L1).toString(),
            object.value("field"_L1).toString(),
            object.value("before"_L1).toString(),
            object.value("after"_L1).toString()};
}

} // namespace danube::blueprint
