// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/report.h"
#include "shared/blueprint/validator.h"

namespace danube::blueprint {

/// A typed document and where it came from.
template <class Document> struct Sourced
{
    SourceDocument source;
    Document document;
};

/// All documents that fit their schemas.
struct Documents
{
    QList<Sourced<ConfigDocument>> configs;
    QList<Sourced<UserDocument>> users;
    QList<Sourced<TeamDocument>> teams;
    QList<Sourced<PipelineDocument>> pipelines;
};

// What a schema cannot say about one document.
void checkConfig(const Sourced<ConfigDocument> &config, const ValidatorOptions &options, Report &report);
void checkPipeline(const Sourced<PipelineDocument> &pipeline, const QStringList &globalAllowlist,
                   const ValidatorOptions &options, Report &report);
// What one document says about others.
void checkNames(const Documents &documents, Report &report);
void checkReferences(const Documents &documents, Report &report);

} // namespace danube::blueprint
