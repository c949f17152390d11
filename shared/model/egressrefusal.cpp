// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/model/egressrefusal.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace danube {
namespace {

QJsonArray numbersToJson(const QList<StepNumber> &steps)
{
    QJsonArray array;
    for (const StepNumber step : steps)
        array.append(static_cast<qint64>(toInt(step)));
    return array;
}

QList<StepNumber> numbersFromJson(const QJsonArray &array)
{
    QList<StepNumber> steps;
    for (qsizetype i = 0; i < std::min(array.size(), EgressRefusal::maxSteps); ++i) {
        const qint64 number = array[i].toInteger(-1);
        if (number >= 0 && number <= UINT32_MAX)
            steps.append(StepNumber(static_cast<uint32_t>(number)));
    }
    return steps;
}

} // namespace

QString toText(RefusalKind kind)
{
    return kind == RefusalKind::WouldBeRefused ? u"would_be_refused"_s : u"refused"_s;
}

std::optional<RefusalKind> refusalKindFromText(QStringView text)
{
    for (const auto kind : {RefusalKind::Refused, RefusalKind::WouldBeRefused}) {
        if (toText(kind) == text)
            return kind;
    }
    return std::nullopt;
}

QJsonObject toJson(const EgressRefusal &refusal)
{
    return {{u"job_id"_s, refusal.job.value()},
            {u"pipeline"_s, refusal.pipeline},
            {u"kind"_s, toText(refusal.kind)},
            {u"host"_s, refusal.host},
            {u"port"_s, refusal.port},
            {u"protocol"_s, refusal.protocol},
            {u"first_at"_s, toRfc3339(refusal.first)},
            {u"last_at"_s, toRfc3339(refusal.last)},
            {u"count"_s, static_cast<qint64>(refusal.count)},
            {u"steps"_s, numbersToJson(refusal.steps)},
            {u"candidates"_s, numbersToJson(refusal.candidates)}};
}

EgressRefusal egressRefusalFromJson(const QJsonObject &object)
{
    const auto text = [&](QLatin1StringView key) { return object.value(key).toString(); };
    return {.job = JobId(text("job_id"_L1)),
            .pipeline = text("pipeline"_L1),
            .kind = refusalKindFromText(text("kind"_L1)).value_or(RefusalKind::Refused),
            .host = text("host"_L1),
            .port = static_cast<quint16>(object.value("port"_L1).toInt()),
            .protocol = text("protocol"_L1),
            .first = fromRfc3339(text("first_at"_L1)),
            .last = fromRfc3339(text("last_at"_L1)),
            .count = object.value("count"_L1).toInteger(),
            .steps = numbersFromJson(object.value("steps"_L1).toArray()),
            .candidates = numbersFromJson(object.value("candidates"_L1).toArray())};
}

} // namespace danube
