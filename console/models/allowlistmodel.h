// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/blueprintdocument.h"
#include "console/models/entrywords.h"
#include "shared/egress/linter.h"

#include <QAbstractTableModel>
#include <QPointer>

namespace danube::console {

/// What a master knows of the use of an entry.
struct EntryUse
{
    qint64 jobs = 0; ///< of the last 30 days
    WallTime last{};
    bool operator==(const EntryUse &) const = default;
};
using EntryUses = QHash<QString, EntryUse>; ///< by the entry's canonical text

/// An allowlist as a table over its document: rows are the elements of the array, edits go to the text and come back
/// from it. Follows undo, the text editor and merges without resetting: rows are inserted, removed and changed.
class AllowlistModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { PatternColumn, KindColumn, MeaningColumn, UsedColumn, LastSeenColumn, FindingColumn, ColumnCount };
    enum Role { EntryRole = Qt::UserRole, KindRole, SeverityRole }; ///< severity: int, -1 = no finding
    static constexpr QLatin1StringView pointer{"/spec/egress_allowlist"};

    explicit AllowlistModel(const Clock &clock, QObject *parent = nullptr);

    void setDocument(BlueprintDocument *document);
    BlueprintDocument *document() const { return m_document; }
    void setLintOptions(const egress::LintOptions &options); ///< with the inherited list of a pipeline's
    const egress::LintOptions &lintOptions() const { return m_options; }
    void setUses(std::optional<EntryUses> uses); ///< nullopt: the master does not record them
    bool knowsUses() const { return m_uses.has_value(); }

    const QStringList &entries() const { return m_entries; }
    const QList<egress::Finding> &findings() const { return m_findings; }
    const egress::Finding *findingOf(int row) const; ///< the gravest
    QList<int> redundantRows() const;                ///< duplicates and shadowed ones

    // Edits of the text; errors say why nothing happened.
    Result<void> add(const QStringList &entries); ///< each where a sorted list has it, else before the last one
    Result<void> removeRows(const QList<int> &rows);
    Result<void> edit(int row, const QString &entry);
    Result<void> sort();
    Result<void> applyFix(const egress::Finding &finding);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;

signals:
    void entriesChanged();
    void refused(const QString &why); ///< an edit in the table that could not be made

private:
    struct Row
    {
        EntryWords words;
        int finding = -1; ///< index
    };
    void follow();
    void judge();
    void insertAndRemove(const QStringList &now);
    QVariant display(int at, int column) const;
    QString toolTip(int at, int column) const;
    const EntryUse *useOf(const QString &entry) const;

    const Clock &m_clock;
    QPointer<BlueprintDocument> m_document;
    egress::LintOptions m_options;
    std::optional<EntryUses> m_uses;
    QStringList m_entries;
    QList<Row> m_rows;
    QList<egress::Finding> m_findings;
};

} // namespace danube::console
