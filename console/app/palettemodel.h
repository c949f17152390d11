// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QIcon>

#include <functional>

namespace danube::console {

/// One thing the command palette can do.
struct PaletteEntry
{
    enum class Kind { Action, Page, Job, Profile, Host, Line };
    Kind kind = Kind::Action;
    QString title;
    QString hint; ///< at the right: keys, state, address
    QString iconName;
    std::function<void()> run;
};

/// What a typed text leaves of the entries. Prefixes: ">" actions and pages, "#" jobs, "@" profiles, ":" a line of the
/// open log. Words match in any order; entries where a word begins with what was typed come first.
class PaletteModel : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role { HintRole = Qt::UserRole, KindRole };
    /// All entries for a text; asked anew for each.
    using Source = std::function<QList<PaletteEntry>(QChar prefix, const QString &rest)>;

    explicit PaletteModel(QObject *parent = nullptr) : QAbstractListModel(parent) {}
    void addSource(Source source) { m_sources.append(std::move(source)); }
    void setText(const QString &text);
    const PaletteEntry &entry(int row) const { return m_entries[row]; }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

    static constexpr int most = 200; ///< rows

private:
    QList<Source> m_sources;
    QList<PaletteEntry> m_entries;
};

} // namespace danube::console
