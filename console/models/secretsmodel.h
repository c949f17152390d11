// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/blueprintworkspace.h"

#include <QAbstractTableModel>

namespace danube::console {

/// A secret as far as anybody is shown it: everything but its value.
struct SecretInfo
{
    QString name;
    QString scope{}; ///< "" = every pipeline that names it; else a pipeline's name
    qint64 version = 0;
    WallTime setAt{};
    WallTime lastUsed{};
    QStringList usedBy{}; ///< as the master says, by pipeline
    bool operator==(const SecretInfo &) const = default;
};
QList<SecretInfo> secretsFromJson(const QJsonObject &answer); ///< {"secrets": [{name, scope?, version, set_at, …}]}

/// A place in the Blueprint that names a secret.
struct SecretReference
{
    QString secret;
    QString user; ///< "web-shop", "git.example.org": for people
    QString file;
    QString pointer; ///< of the text that names it
    QString scope{}; ///< the pipeline whose own secret it may be; empty: only one of every pipeline
    bool operator==(const SecretReference &) const = default;
};
/// Of all files, with their edits; files that are no JSON have none.
QList<SecretReference> secretReferences(BlueprintWorkspace &workspace);
/// Those that get this very secret: the one of a pipeline serves that pipeline only, one of all pipelines (no scope)
/// serves those that have none of their own by that name.
QList<SecretReference> referencesTo(BlueprintWorkspace &workspace, const QList<SecretInfo> &secrets,
                                    const QString &name, const QString &scope);
/// Writes the new name in these places, as edits that can be undone.
Result<void> moveReferences(BlueprintWorkspace &workspace, const QList<SecretReference> &references, const QString &to);

/// Names of secrets: those that the master has and those that the Blueprint asks for.
class SecretsModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        NameColumn,
        ScopeColumn,
        VersionColumn,
        AgeColumn,
        UsedByColumn,
        LastUsedColumn,
        StateColumn,
        ColumnCount
    };
    enum Role { MissingRole = Qt::UserRole };

    struct Row
    {
        SecretInfo info;
        QStringList users; ///< of the Blueprint and of the master, each once
        bool isMissing = false;
        bool operator==(const Row &) const = default;
    };

    explicit SecretsModel(const Clock &clock, QObject *parent = nullptr);

    /// nullopt: the master does not tell, then nothing is called missing; the Blueprint is not loaded, then nobody
    /// knows that no pipeline uses one.
    void setSecrets(const std::optional<QList<SecretInfo>> &secrets,
                    const std::optional<QList<SecretReference>> &references);
    const Row &row(int index) const { return m_rows[index]; }
    int missingCount() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    static Row *rowOf(QList<Row> &rows, const SecretReference &reference);
    const Clock &m_clock;
    QList<Row> m_rows;
    bool m_isKnown = false;
    bool m_areUsersKnown = false;
};

} // namespace danube::console
