// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/statisticscsv.h"

#include "console/models/csv.h"

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

QStringList milliseconds3(const Percentiles &percentiles)
{
    if (percentiles.count == 0)
        return {{}, {}, {}};
    QStringList fields;
    for (const milliseconds value : {percentiles.p50, percentiles.p90, percentiles.p99})
        fields.append(QString::number(value.count()));
    return fields;
}

QString stepsText(const QList<FailingStep> &steps)
{
    QStringList texts;
    for (const FailingStep &step : steps)
        texts.append(u"%1: %2"_s.arg(step.name).arg(step.jobs));
    return texts.join(u"; "_s);
}

} // namespace

QByteArray statisticsCsv(const QList<PipelineStatistics> &statistics, const QHash<QString, QList<FailingStep>> &steps)
{
    QByteArray document = csvRow({u"pipeline"_s, u"runs"_s, u"succeeded"_s, u"failed"_s, u"timed_out"_s, u"cancelled"_s,
                                  u"unfinished"_s, u"success_rate"_s, u"run_p50_ms"_s, u"run_p90_ms"_s, u"run_p99_ms"_s,
                                  u"queue_p50_ms"_s, u"queue_p90_ms"_s, u"queue_p99_ms"_s, u"last_state"_s,
                                  u"last_job"_s, u"last_ended_at"_s, u"failing_steps"_s});
    for (const PipelineStatistics &one : statistics) {
        QStringList fields{one.pipeline};
        for (const int count : {one.runs(), one.succeeded, one.failed, one.timedOut, one.cancelled, one.unfinished})
            fields.append(QString::number(count));
        const auto rate = one.successRate();
        fields.append(rate ? QString::number(*rate, 'f', 4) : QString());
        fields += milliseconds3(one.run);
        fields += milliseconds3(one.queue);
        fields.append(one.last ? toText(one.last->state) : QString());
        fields.append(one.last ? QString::number(one.last->number) : QString());
        fields.append(one.last ? toRfc3339(one.last->finishedAt) : QString());
        fields.append(stepsText(steps.value(one.pipeline)));
        document += csvRow(fields);
    }
    return document;
}

} // namespace danube::console
