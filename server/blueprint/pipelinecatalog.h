// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/documents.h"

#include <QMap>

namespace danube::blueprint {

/// The pipelines of the configuration in force. Control thread. load() is all or nothing: after an error the last good
/// configuration stays.
class PipelineCatalog
{
public:
    /// A Blueprint as a directory, judged as a repository's would be (shared/blueprint/validator.h). Errors name file,
    /// line and field of the first finding; warnings are logged. A directory that is missing, holds nothing or is not
    /// named ("") is an empty catalog.
    Result<void> load(const QString &directory);
    /// Everything anew, from a Blueprint that was accepted.
    void replace(const Snapshot &snapshot);
    /// Whether there was a configuration at all: until a Blueprint's first sync an empty catalog says nothing.
    bool isKnown() const { return m_isKnown; }
    std::optional<Pipeline> find(const QString &name) const;
    QList<Pipeline> all() const;
    QList<PipelineDocument> documents() const { return m_documents.values(); }
    /// What load() read last, when it is a whole Blueprint: with a config.json.
    const std::optional<Snapshot> &directorySnapshot() const { return m_directorySnapshot; }

private:
    QMap<QString, PipelineDocument> m_documents; ///< by name
    std::optional<Snapshot> m_directorySnapshot;
    bool m_isKnown = false;
};

} // namespace danube::blueprint
