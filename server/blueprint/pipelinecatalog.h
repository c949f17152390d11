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
    /// Reads <directory>/pipelines/*.json; errors name file and field. A missing directory is an empty catalog.
    Result<void> load(const QString &directory);
    /// Everything anew, from a Blueprint that was accepted.
    void replace(const Snapshot &snapshot);
    std::optional<Pipeline> find(const QString &name) const;
    QList<Pipeline> all() const;
    QList<PipelineDocument> documents() const { return m_documents.values(); }

private:
    QMap<QString, PipelineDocument> m_documents; ///< by name
};

} // namespace danube::blueprint
