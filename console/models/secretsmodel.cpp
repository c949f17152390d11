// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/secretsmodel.h"

#include "console/models/words.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

void collectPipeline(QList<SecretReference> &references, const QString &file, const QJsonObject &document)
{
    const QString user = document["metadata"_L1]["name"_L1].toString();
    const QJsonArray secrets = document["spec"_L1]["secrets"_L1].toArray();
    for (qsizetype i = 0; i < secrets.size(); ++i)
        references.append({secrets[i].toString(), user, file, u"/spec/secrets/%1"_s.arg(i), user});
}

void collectConfig(QList<SecretReference> &references, const QString &file, const QJsonObject &document)
{
    const QJsonArray entries = document["spec"_L1]["git_authentication"_L1].toArray();
    for (qsizetype i = 0; i < entries.size(); ++i) {
        const QJsonObject entry = entries[i].toObject();
        if (entry.contains("secret"_L1))
            references.append({entry.value("secret"_L1).toString(), entry.value("host"_L1).toString(), file,
                               u"/spec/git_authentication/%1/secret"_s.arg(i)});
    }
}

} // namespace

QList<SecretInfo> secretsFromJson(const QJsonObject &answer)
{
    QList<SecretInfo> secrets;
    for (const QJsonValue item : answer.value("secrets"_L1).toArray()) {
        SecretInfo info{.name = item["name"_L1].toString(),
                        .scope = item["scope"_L1].toString(),
                        .version = item["version"_L1].toInteger(),
                        .setAt = fromRfc3339(item["set_at"_L1].toString()),
                        .lastUsed = fromRfc3339(item["last_used_at"_L1].toString()),
                        .usedBy = {}};
        for (const QJsonValue user : item["used_by"_L1].toArray())
            info.usedBy.append(user.toString());
        if (!info.name.isEmpty())
            secrets.append(info);
    }
    return secrets;
}

QList<SecretReference> secretReferences(BlueprintWorkspace &workspace)
{
    QList<SecretReference> references;
    const blueprint::Files files = workspace.files();
    for (const auto &[file, text] : files.asKeyValueRange()) {
        const QJsonObject document = QJsonDocument::fromJson(text).object();
        const QString kind = document.value("kind"_L1).toString();
        if (kind == "Pipeline"_L1)
            collectPipeline(references, file, document);
        else if (kind == "Config"_L1)
            collectConfig(references, file, document);
    }
    return references;
}

QList<SecretReference> referencesTo(BlueprintWorkspace &workspace, const QList<SecretInfo> &secrets,
                                    const QString &name, const QString &scope)
{
    const auto hasOwn = [&](const SecretReference &reference) {
        return !reference.scope.isEmpty() && std::ranges::any_of(secrets, [&](const SecretInfo &secret) {
            return secret.name == name && secret.scope == reference.scope;
        });
    };
    QList<SecretReference> references = secretReferences(workspace);
    references.removeIf([&](const SecretReference &reference) {
        return reference.secret != name || (scope.isEmpty() ? hasOwn(reference) : reference.scope != scope);
    });
    return references;
}

Result<void> moveReferences(BlueprintWorkspace &workspace, const QList<SecretReference> &references, const QString &to)
{
    QMap<QString, QList<BlueprintDocument::Edit>> edits; // by file: one step to undo each
    for (const SecretReference &reference : references) {
        edits[reference.file].append([pointer = reference.pointer, to](const QByteArray &text) {
            return blueprint::setValue(text, pointer, to);
        });
    }
    for (const auto &[file, list] : edits.asKeyValueRange()) {
        const QString from = references.constFirst().secret;
        const auto done = workspace.document(file)->edit(SecretsModel::tr("Rename %1 to %2").arg(from, to), list);
        if (!done)
            return std::unexpected(done.error().in(file));
    }
    return {};
}

SecretsModel::SecretsModel(const Clock &clock, QObject *parent) : QAbstractTableModel(parent), m_clock(clock) {}

void SecretsModel::setSecrets(const std::optional<QList<SecretInfo>> &secrets,
                              const std::optional<QList<SecretReference>> &references)
{
    QList<Row> rows;
    for (const SecretInfo &info : secrets.value_or(QList<SecretInfo>()))
        rows.append({info, info.usedBy, false});
    for (const SecretReference &reference : references.value_or(QList<SecretReference>())) {
        Row *row = rowOf(rows, reference);
        if (!row)
            rows.append({{.name = reference.secret}, {reference.user}, secrets.has_value()});
        else if (!row->users.contains(reference.user))
            row->users.append(reference.user);
    }
    std::ranges::stable_sort(rows, {}, [](const Row &row) { return std::pair(!row.isMissing, row.info.name); });
    if (rows == m_rows && m_isKnown == secrets.has_value() && m_areUsersKnown == references.has_value())
        return;
    beginResetModel(); // another answer of the master; nothing is edited here
    m_rows = std::move(rows);
    m_isKnown = secrets.has_value();
    m_areUsersKnown = references.has_value();
    endResetModel();
}

// As the master looks: the pipeline's own first, then the one of every pipeline.
SecretsModel::Row *SecretsModel::rowOf(QList<Row> &rows, const SecretReference &reference)
{
    for (const QString &scope : {reference.scope, QString()}) {
        const auto found = std::ranges::find_if(
            rows, [&](const Row &row) { return row.info.name == reference.secret && row.info.scope == scope; });
        if (found != rows.end())
            return &*found;
    }
    return nullptr;
}

int SecretsModel::missingCount() const
{
    return static_cast<int>(std::ranges::count(m_rows, true, &Row::isMissing));
}

int SecretsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int SecretsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant SecretsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const Row &row = m_rows[index.row()];
    if (role == MissingRole)
        return row.isMissing;
    if (role == Qt::ToolTipRole && index.column() == UsedByColumn)
        return row.users.join(u'\n');
    if (role != Qt::DisplayRole)
        return {};
    const bool isThere = m_isKnown && !row.isMissing;
    switch (index.column()) {
    case NameColumn:
        return row.info.name;
    case ScopeColumn:
        return !isThere ? QString() : row.info.scope.isEmpty() ? tr("All pipelines") : row.info.scope;
    case VersionColumn:
        return isThere && row.info.version > 0 ? QVariant(row.info.version) : QVariant();
    case AgeColumn:
        return isThere ? timeText(row.info.setAt, m_clock.wall()) : QString();
    case UsedByColumn:
        return row.users.isEmpty()
                   ? m_areUsersKnown ? tr("nobody") : tr("not known")
                   : tr("%n: %1", nullptr, static_cast<int>(row.users.size())).arg(row.users.join(u", "_s));
    case LastUsedColumn:
        return !isThere                          ? QString()
               : row.info.lastUsed == WallTime() ? tr("never")
                                                 : timeText(row.info.lastUsed, m_clock.wall());
    case StateColumn:
        return row.isMissing ? tr("missing") : isThere ? tr("defined") : tr("not known");
    default:
        return {};
    }
}

QVariant SecretsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn:
        return tr("Name");
    case ScopeColumn:
        return tr("For");
    case VersionColumn:
        return tr("Version");
    case AgeColumn:
        return tr("Set");
    case UsedByColumn:
        return tr("Used by");
    case LastUsedColumn:
        return tr("Last used");
    case StateColumn:
        return tr("State");
    default:
        return {};
    }
}

} // namespace danube::console
