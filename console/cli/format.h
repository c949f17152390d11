// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/style.h"
#include "shared/protocol/restmessages.h"

namespace danube::cli {

// What commands print, as pure functions of values. Texts end with a newline unless they are parts of a line.

QString formatDuration(milliseconds duration);  ///< "0.4 s", "12.3 s", "3 m 05 s", "2 h 03 m"
QString formatAge(WallTime time, WallTime now); ///< "12 s ago", "5 min ago", "3 h ago", "2 d ago"; "" for no time
QString formatTimeOfDay(WallTime time);         ///< local "12:00:01"
/// "#17 of web" for sentences.
QString nameOf(const Job &job);
/// How long the job has been going or took; "" before its start.
QString durationOf(const Job &job, WallTime now);

QString formatJobs(const QList<Job> &jobs, const Style &style, WallTime now);
QString formatJob(const protocol::JobDetail &detail, const Style &style, WallTime now);
QString formatArtifacts(const QList<Artifact> &artifacts, const Style &style);
QString formatPipelines(const QList<Pipeline> &pipelines, const Style &style);
/// Of GET /retention.
QString formatRetention(const QJsonObject &plan, const Style &style);
QString formatHealth(const protocol::Health &health, const protocol::Readiness &readiness, const Style &style);

/// "▶ 1 build · 12:00:01 · make all", cut to the terminal's width.
QString formatStepStart(const Step &step, const Style &style);
/// "✔ 1 build · 12.3 s", "✘ 2 test · exit code 3 · 0.4 s".
QString formatStepEnd(const Step &step, const Style &style);
/// The last lines of a followed job: its result, and after anything but success the steps that did not succeed, each
/// with its outcome and the command that shows more.
QString formatResult(const protocol::JobDetail &detail, const Style &style);

} // namespace danube::cli
