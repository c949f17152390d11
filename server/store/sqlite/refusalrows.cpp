// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/sqlite/refusalrows.h"

using namespace Qt::StringLiterals;

namespace danube::store {
namespace {

QString textOf(const QList<StepNumber> &steps)
{
    QStringList numbers;
    for (const StepNumber step : steps)
        numbers.append(QString::number(toInt(step)));
    return numbers.join(u',');
}

QList<StepNumber> stepsOf(const QString &text)
{
    QList<StepNumber> steps;
    for (const QString &number : text.split(u',', Qt::SkipEmptyParts))
        steps.append(StepNumber(number.toUInt()));
    return steps;
}

#define REFUSAL_COLUMNS "job, kind, host, port, protocol, pipeline, first_at, last_at, count, steps, candidates"

Result<EgressRefusal> refusalFromRow(const Statement &row)
{
    const auto kind = refusalKindFromText(row.text(1));
    if (!kind)
        return fail(ErrorCode::DataLoss,
                    u"a refusal of job %1 has the unknown kind '%2'"_s.arg(row.text(0), row.text(1)));
    return EgressRefusal{.job = JobId(row.text(0)),
                         .pipeline = row.text(5),
                         .kind = *kind,
                         .host = row.text(2),
                         .port = static_cast<quint16>(row.number(3)),
                         .protocol = row.text(4),
                         .first = row.time(6),
                         .last = row.time(7),
                         .count = row.number(8),
                         .steps = stepsOf(row.text(9)),
                         .candidates = stepsOf(row.text(10))};
}

} // namespace

Result<void> saveRefusalRows(Database &database, const QList<EgressRefusal> &refusals)
{
    for (const EgressRefusal &refusal : refusals) {
        auto statement = database.prepare(
            "INSERT INTO egress_refusals (" REFUSAL_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (job, kind, host, port, protocol) DO UPDATE SET first_at = excluded.first_at, "
            "last_at = excluded.last_at, count = excluded.count, steps = excluded.steps, "
            "candidates = excluded.candidates");
        if (!statement)
            return std::unexpected(statement.error());
        statement->bind(refusal.job.value()).bind(toText(refusal.kind)).bind(refusal.host).bind(int64_t(refusal.port));
        statement->bind(refusal.protocol).bind(refusal.pipeline).bind(refusal.first).bind(refusal.last);
        statement->bind(refusal.count).bind(textOf(refusal.steps)).bind(textOf(refusal.candidates));
        if (auto done = statement->run(); !done)
            return std::unexpected(done.error().in(u"save refusals of job %1"_s.arg(refusal.job.value())));
    }
    return {};
}

Result<QList<EgressRefusal>> readRefusals(Database &database, const JobId &job)
{
    auto statement =
        database.prepare("SELECT " REFUSAL_COLUMNS " FROM egress_refusals WHERE job = ? ORDER BY first_at, host, port");
    if (!statement)
        return std::unexpected(statement.error());
    statement->bind(job.value());
    return statement->all<EgressRefusal>(refusalFromRow);
}

Result<QList<EgressRefusal>> readRefusals(Database &database, const RefusalFilter &filter)
{
    auto statement = database.prepare("SELECT " REFUSAL_COLUMNS " FROM egress_refusals WHERE pipeline = ? AND "
                                      "last_at >= ? ORDER BY last_at DESC LIMIT ?");
    if (!statement)
        return std::unexpected(statement.error());
    statement->bind(filter.pipeline).bind(filter.since).bind(int64_t(filter.limit));
    return statement->all<EgressRefusal>(refusalFromRow);
}

} // namespace danube::store
