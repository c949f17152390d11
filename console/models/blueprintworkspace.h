// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/blueprintdocument.h"
#include "shared/blueprint/changes.h"
#include "shared/blueprint/validator.h"

#include <QTimer>

#include <memory>

namespace danube::console {

/// The Blueprint that edits stand on, as the master gave it.
struct BlueprintBase
{
    QString commit{};     ///< the branch's head
    QString repository{}; ///< URL without credentials
    QString branch{};
    blueprint::Files files{};
    bool mayPush = true;
    bool operator==(const BlueprintBase &) const = default;
};

/// A master's Blueprint under edit: one document per file, what the validator says of all of them together, and what
/// the edits mean. Findings follow edits after 300 ms of quiet, or at once by validateNow(). GUI thread.
class BlueprintWorkspace : public QObject
{
    Q_OBJECT
public:
    static constexpr milliseconds findingsDelay{300};
    static constexpr QLatin1StringView configFile{"config.json"};

    explicit BlueprintWorkspace(const Clock &clock, QObject *parent = nullptr);
    ~BlueprintWorkspace() override;

    /// A fresh Blueprint; edits are lost, so callers ask isModified() first. Documents stay the same objects.
    void load(BlueprintBase base);
    bool isLoaded() const { return m_loaded; }
    const BlueprintBase &base() const { return m_base; }

    /// Made when first asked for. config.json is there even when the repository has none yet; other paths of no file
    /// give a null pointer.
    BlueprintDocument *document(const QString &path);
    QStringList paths() const; ///< config.json first
    bool isModified() const;
    blueprint::Files files() const;        ///< with the edits
    blueprint::Files changedFiles() const; ///< only those that differ from the base

    const QList<blueprint::Finding> &findings() const { return m_findings; } ///< as last validated
    bool hasErrors() const { return blueprint::hasErrors(m_findings); }
    QList<blueprint::Change> changes() const { return m_changes; } ///< of the edits; empty while there are errors
    const blueprint::Snapshot &before() const { return m_before; }
    const std::optional<blueprint::Snapshot> &after() const { return m_after; } ///< none while there are errors
    void validateNow();
    const egress::LintOptions &lintOptions() const { return m_options.egress; }
    void setLintOptions(const egress::LintOptions &options);

    /// The master has committed `sent`, which changedFiles() held then; what was edited since goes on being an edit.
    void markCommitted(const QString &commit, const blueprint::Files &sent);
    /// The branch is at `base` now, and `merged` are the edits on top of it, by path.
    void rebase(BlueprintBase base, const blueprint::Files &merged);

signals:
    void loaded();
    void edited(const QString &path);
    void modifiedChanged();
    void findingsChanged(); ///< also changes(), before() and after()

private:
    blueprint::Files validated(const blueprint::Files &files) const;
    QByteArray startText(const QString &path) const;
    void judgeBase();
    void follow(BlueprintDocument &document);

    const Clock &m_clock;
    BlueprintBase m_base;
    bool m_loaded = false;
    std::map<QString, std::unique_ptr<BlueprintDocument>> m_documents;
    blueprint::ValidatorOptions m_options;
    QList<blueprint::Finding> m_findings;
    QList<blueprint::Change> m_changes;
    blueprint::Snapshot m_before;
    std::optional<blueprint::Snapshot> m_after;
    QTimer m_timer;
};

} // namespace danube::console
