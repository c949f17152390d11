// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/format.h"

#include "console/cli/safetext.h"
#include "console/cli/table.h"

#include <QDateTime>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

constexpr int commandWidth = 60; ///< of a step's command in a table
constexpr int shortCommit = 10;

QString joined(const QStringList &parts, const Style &style)
{
    return parts.join(u' ' + style.paint(Colour::Dim, style.dot()) + u' ');
}

QString stepLabel(const Step &step)
{
    return u"%1 %2"_s.arg(toInt(step.number)).arg(singleLine(step.name));
}

QString field(const QString &name, const QString &value, const Style &style)
{
    return value.isEmpty() ? QString() : u"  "_s + style.paint(Colour::Dim, name.leftJustified(11)) + value + u'\n';
}

QString paramsText(const QMap<QString, QString> &params)
{
    QStringList texts;
    for (auto it = params.begin(); it != params.end(); ++it)
        texts.append(singleLine(it.key()) + u'=' + singleLine(it.value()));
    return texts.join(u' ');
}

QString formatSteps(const QList<Step> &steps, const Style &style)
{
    Table table({{u""_s},
                 {u"STEP"_s, Align::Right},
                 {u"NAME"_s, Align::Left, true},
                 {u"OUTCOME"_s},
                 {u"TIME"_s, Align::Right},
                 {u"COMMAND"_s, Align::Left, true}});
    const Style plain(Terminal{false, false, style.terminal().hasUnicode, style.terminal().width});
    for (const Step &step : steps) {
        const QString outcome = step.outcome ? describe(*step.outcome) : toText(step.state);
        const Colour colour = step.outcome ? colourOf(*step.outcome) : Colour::Blue;
        table.add({{plain.symbol(step), colour},
                   {QString::number(toInt(step.number))},
                   {singleLine(step.name), Colour::Bold},
                   {singleLine(outcome), colour},
                   {step.outcome ? formatDuration(step.outcome->duration) : QString()},
                   {elide(singleLine(step.command), commandWidth, style.ellipsis()), Colour::Dim}});
    }
    return table.isEmpty() ? QString() : u'\n' + table.render(style);
}

} // namespace

QString formatDuration(milliseconds duration)
{
    const auto count = std::max<int64_t>(duration.count(), 0);
    const int64_t tenths = count / 100;
    if (count < 60'000)
        return QString::number(static_cast<double>(tenths) / 10, 'f', 1) + u" s"_s;
    const auto wholeSeconds = count / 1000;
    if (wholeSeconds < 3600)
        return u"%1 m %2 s"_s.arg(wholeSeconds / 60).arg(wholeSeconds % 60, 2, 10, QChar(u'0'));
    return u"%1 h %2 m"_s.arg(wholeSeconds / 3600).arg(wholeSeconds / 60 % 60, 2, 10, QChar(u'0'));
}

QString formatAge(WallTime time, WallTime now)
{
    if (time == WallTime())
        return {};
    const auto age = std::max<int64_t>(std::chrono::duration_cast<seconds>(now - time).count(), 0);
    if (age < 60)
        return u"%1 s ago"_s.arg(age);
    if (age < 3600)
        return u"%1 min ago"_s.arg(age / 60);
    return age < 86400 ? u"%1 h ago"_s.arg(age / 3600) : u"%1 d ago"_s.arg(age / 86400);
}

QString formatTimeOfDay(WallTime time)
{
    if (time == WallTime())
        return {};
    return QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count()).toString(u"HH:mm:ss"_s);
}

QString nameOf(const Job &job)
{
    return u"#%1 of %2"_s.arg(job.number).arg(singleLine(job.pipeline));
}

QString durationOf(const Job &job, WallTime now)
{
    if (job.startedAt == WallTime())
        return {};
    return formatDuration((job.finishedAt == WallTime() ? now : job.finishedAt) - job.startedAt);
}

QString formatJobs(const QList<Job> &jobs, const Style &style, WallTime now)
{
    if (jobs.isEmpty())
        return u"no jobs\n"_s;
    Table table({{u""_s},
                 {u"JOB"_s, Align::Right},
                 {u"PIPELINE"_s, Align::Left, true},
                 {u"STATUS"_s},
                 {u"REF"_s, Align::Left, true},
                 {u"COMMIT"_s},
                 {u"TIME"_s, Align::Right},
                 {u"CREATED"_s, Align::Right},
                 {u"BY"_s, Align::Left, true},
                 {u"ID"_s}});
    const Style plain(Terminal{false, false, style.terminal().hasUnicode, style.terminal().width});
    for (const Job &job : jobs)
        table.add({{plain.symbol(job.state), colourOf(job.state)},
                   {u'#' + QString::number(job.number), Colour::Bold},
                   {singleLine(job.pipeline)},
                   {toText(job.state), colourOf(job.state)},
                   {singleLine(job.branch.isEmpty() ? job.ref : job.branch)},
                   {singleLine(job.commit.left(shortCommit)), Colour::Dim},
                   {durationOf(job, now)},
                   {formatAge(job.createdAt, now)},
                   {singleLine(job.triggeredBy)},
                   {singleLine(job.id.value()), Colour::Dim}});
    return table.render(style);
}

QString formatJob(const protocol::JobDetail &detail, const Style &style, WallTime now)
{
    const Job &job = detail.job;
    QString text = joined(
        {style.symbol(job.state) + u' ' + style.paint(Colour::Bold, u"job "_s + nameOf(job)), style.state(job.state)},
        style);
    if (const QString duration = durationOf(job, now); !duration.isEmpty())
        text += u' ' + style.paint(Colour::Dim, style.dot()) + u' ' + duration;
    text += u'\n';
    text += field(u"id"_s, singleLine(job.id.value()), style);
    text += field(u"reason"_s, singleLine(job.reason), style);
    text += field(u"message"_s, singleLine(job.message), style);
    text += field(u"ref"_s, singleLine(job.branch.isEmpty() ? job.ref : job.branch), style);
    text += field(u"commit"_s, singleLine(job.commit), style);
    text += field(u"repository"_s, singleLine(job.repository), style);
    text += field(u"params"_s, paramsText(job.params), style);
    text += field(u"trigger"_s, singleLine(u"%1 %2"_s.arg(job.triggerType, job.triggeredBy)), style);
    text += field(u"retry of"_s, singleLine(job.retryOf.value()), style);
    text += field(u"created"_s, formatAge(job.createdAt, now), style);
    if (detail.egress)
        text += field(u"egress"_s, singleLine(u"%1 (%2)"_s.arg(detail.egress->level, detail.egress->reason)), style);
    return text + formatSteps(detail.steps, style);
}

QString formatArtifacts(const QList<Artifact> &artifacts, const Style &style)
{
    if (artifacts.isEmpty())
        return u"no artifacts\n"_s;
    Table table({{u"NAME"_s, Align::Left, true}, {u"SIZE"_s, Align::Right}, {u"SHA-256"_s}, {u"ID"_s}});
    for (const Artifact &artifact : artifacts)
        table.add({{singleLine(artifact.name)},
                   {toText(artifact.size)},
                   {singleLine(QString::fromLatin1(artifact.sha256.left(16))), Colour::Dim},
                   {singleLine(artifact.id.value()), Colour::Dim}});
    return table.render(style);
}

QString formatRetention(const QJsonObject &plan, const Style &style)
{
    const auto daysOf = [&plan](QLatin1StringView key) {
        const QJsonValue days = plan.value(key);
        return days.isDouble() ? u"%1 d"_s.arg(days.toInteger()) : u"for ever"_s;
    };
    const auto countOf = [&plan](QLatin1StringView key) { return plan.value(key).toInteger(); };
    QString text = u"logs are kept %1, artifacts %2\n"_s.arg(daysOf("logs_days"_L1), daysOf("artifacts_days"_L1));
    Table table({{u"KIND"_s}, {u"JOB"_s}, {u"SINCE"_s}, {u"SIZE"_s, Align::Right}, {u"NAME"_s, Align::Left, true}});
    const auto add = [&table](const QString &kind, const QJsonObject &each, QLatin1StringView since) {
        table.add({{kind},
                   {singleLine(each.value("job_id"_L1).toString())},
                   {singleLine(each.value(since).toString())},
                   {toText(ByteCount(each.value("size_bytes"_L1).toInteger()))},
                   {singleLine(each.value("name"_L1).toString())}});
    };
    for (const QJsonValue log : plan.value("logs"_L1).toArray())
        add(u"log"_s, log.toObject(), "finished_at"_L1);
    for (const QJsonValue artifact : plan.value("artifacts"_L1).toArray())
        add(u"artifact"_s, artifact.toObject(), "created_at"_L1);
    if (!table.isEmpty())
        text += table.render(style);
    return text + u"the next run removes %1 logs and %2 artifacts: %3\n"_s.arg(countOf("log_count"_L1))
                      .arg(countOf("artifact_count"_L1))
                      .arg(toText(ByteCount(countOf("bytes"_L1))));
}

QString formatPipelines(const QList<Pipeline> &pipelines, const Style &style)
{
    if (pipelines.isEmpty())
        return u"no pipelines\n"_s;
    Table table({{u"NAME"_s},
                 {u"REPOSITORY"_s, Align::Left, true},
                 {u"SCRIPT"_s, Align::Left, true},
                 {u"DESCRIPTION"_s, Align::Left, true}});
    for (const Pipeline &pipeline : pipelines)
        table.add({{singleLine(pipeline.name), Colour::Bold},
                   {singleLine(pipeline.repository)},
                   {singleLine(pipeline.script)},
                   {singleLine(pipeline.description), Colour::Dim}});
    return table.render(style);
}

QString formatHealth(const protocol::Health &health, const protocol::Readiness &readiness, const Style &style)
{
    const QString state =
        readiness.ready ? style.paint(Colour::Green, u"ready"_s) : style.paint(Colour::Red, u"not ready"_s);
    QString text = joined(
        {u"danube-master "_s + singleLine(health.version), state, u"up "_s + formatDuration(health.uptime)}, style);
    text += u'\n';
    for (auto it = readiness.checks.begin(); it != readiness.checks.end(); ++it) {
        const bool isGood = it.value() == "ok"_L1;
        text += u"  "_s + style.symbol(isGood ? JobState::Success : JobState::Failure) + u' ' + singleLine(it.key()) +
                (isGood ? QString() : u": "_s + singleLine(it.value())) + u'\n';
    }
    return text;
}

QString formatStepStart(const Step &step, const Style &style)
{
    const QString label = stepLabel(step);
    QStringList parts{style.symbol(Step{}) + u' ' + style.paint(Colour::Bold, label)};
    if (step.startedAt != WallTime())
        parts.append(style.paint(Colour::Dim, formatTimeOfDay(step.startedAt)));
    const int used = 2 + displayWidth(label) + 3 + 8 + 3;
    const int room = std::max(style.terminal().width - used, 10);
    const QString command = elide(singleLine(step.command), room, style.ellipsis());
    if (!command.isEmpty())
        parts.append(style.paint(Colour::Dim, command));
    return joined(parts, style) + u'\n';
}

QString formatStepEnd(const Step &step, const Style &style)
{
    QStringList parts{style.symbol(step) + u' ' + style.paint(Colour::Bold, stepLabel(step))};
    if (!step.outcome)
        return joined(parts + QStringList{u"still running"_s}, style) + u'\n';
    if (!step.outcome->isSuccess())
        parts.append(style.paint(colourOf(*step.outcome), singleLine(describe(*step.outcome))));
    parts.append(formatDuration(step.outcome->duration));
    return joined(parts, style) + u'\n';
}

QString formatResult(const protocol::JobDetail &detail, const Style &style)
{
    const Job &job = detail.job;
    QString text = style.symbol(job.state) + u' ' + style.paint(Colour::Bold, u"job "_s + nameOf(job)) + u": "_s +
                   style.state(job.state);
    if (job.startedAt != WallTime() && job.finishedAt != WallTime())
        text += u" in "_s + formatDuration(job.finishedAt - job.startedAt);
    text += u'\n';
    if (job.state == JobState::Success)
        return text;
    const auto isWorthTelling = [&job](const Step &step) {
        // That a cancelled job's steps were cancelled goes without saying.
        const bool isExpected =
            job.state == JobState::Cancelled && step.outcome && step.outcome->kind == OutcomeKind::Cancelled;
        return step.outcome && !step.outcome->isSuccess() && !isExpected;
    };
    const bool isNamed = std::ranges::any_of(detail.steps, [&](const Step &step) {
        return isWorthTelling(step) && job.reason.contains(u'\'' + step.name + u'\'');
    });
    if (!job.reason.isEmpty() && !isNamed)
        text += u"  "_s + singleLine(job.reason) + u'\n';
    for (const Step &step : detail.steps) {
        if (!isWorthTelling(step))
            continue;
        text += u"  step '%1': %2\n"_s.arg(singleLine(step.name),
                                           style.paint(colourOf(*step.outcome), singleLine(describe(*step.outcome))));
        text += u"    see: danubectl logs %1 --step %2\n"_s.arg(singleLine(job.id.value())).arg(toInt(step.number));
    }
    return text;
}

} // namespace danube::cli
