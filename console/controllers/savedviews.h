// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QList>
#include <QObject>
#include <QString>

class QSettings;

namespace danube::console {

/// A named filter line of the jobs table.
struct SavedView
{
    QString name;
    QString filter;       ///< a JobQuery line
    bool builtIn = false; ///< comes with the console and cannot be removed
    bool operator==(const SavedView &) const = default;
};

/// The views of the navigator, in its order: the built-in ones, then the operator's own, kept in the settings file.
class SavedViews : public QObject
{
    Q_OBJECT
public:
    explicit SavedViews(QSettings &settings, QObject *parent = nullptr);
    QList<SavedView> all() const;
    /// Adds it, or replaces the own one of that name. InvalidArgument: a built-in or empty name. ResourceExhausted: a
    /// new one when there are mostViews.
    Result<void> save(const QString &name, const QString &filter);
    void insert(qsizetype ownIndex, const SavedView &view); ///< to undo remove()
    qsizetype remove(const QString &name);                  ///< the index it had among the own ones; -1 = none such

    static constexpr int mostViews = 200;

signals:
    void changed();

private:
    void store();
    QSettings &m_settings;
    QList<SavedView> m_own;
};

} // namespace danube::console
