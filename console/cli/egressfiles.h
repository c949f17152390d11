// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/options.h"
#include "shared/egress/policy.h"

namespace danube::cli {

/// One allowlist on disk.
struct EgressList
{
    QString file;
    QString pipeline; ///< empty = for every job
    QStringList entries;
    egress::Mode mode = egress::Mode::Enforce;
};

/// The lists of some files: at most one for every job, any number of pipelines'.
struct EgressLists
{
    EgressList base;
    QList<EgressList> pipelines;

    egress::PolicyRequest request() const;
};

/// FILE is a Blueprint's config.json or pipeline document, a JSON array of entries, a text with one entry a line ('#'
/// begins a comment), or a directory with config.json and pipelines/*.json. Errors name the file. At most 1 MiB each.
Result<EgressLists> readEgressLists(const QStringList &files);

/// What is asked: the HOST of `explain`, the --host options of `test`.
QStringList egressHosts(const Options &options);

/// --cilium, --instance, --namespace, --service, --cidr.
Result<egress::PolicySettings> egressSettings(const Options &options);

} // namespace danube::cli
