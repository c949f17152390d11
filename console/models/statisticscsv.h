// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/models/failingsteps.h"
#include "console/models/pipelinestatistics.h"

namespace danube::console {

/// The statistics as a CSV document: a row of headings, then one row for each pipeline. Durations are milliseconds,
/// times RFC 3339 in UTC, the success rate 0..1 with four digits; what is not known is empty. `steps`: of the pipelines
/// whose failing steps were counted, as "test: 12; build: 1".
QByteArray statisticsCsv(const QList<PipelineStatistics> &statistics, const QHash<QString, QList<FailingStep>> &steps);

} // namespace danube::console
