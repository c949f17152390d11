// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of a JobSession: what was refused of the network, raw events.
#include "console/controllers/jobsession.h"
#include "console/models/foreigntext.h"
#include "console/models/words.h"
#include "shared/api/session.h"
#include "shared/model/egressrefusal.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

QString stepsOf(const EgressRefusal &refusal)
{
    QStringList steps;
    for (const StepNumber step : refusal.steps)
        steps.append(QString::number(toInt(step)));
    for (const StepNumber step : refusal.candidates)
        steps.append(QString::number(toInt(step)) + u'?');
    return steps.join(u", "_s);
}

RowsModel::Row rowOf(const EgressRefusal &refusal, WallTime now)
{
    const bool isReal = refusal.kind == RefusalKind::Refused;
    return {{singleLine(refusal.host), refusal.port == 0 ? u"-"_s : QString::number(refusal.port),
             singleLine(refusal.protocol), QLocale().toString(qlonglong(refusal.count)), stepsOf(refusal),
             timeText(refusal.last, now),
             isReal ? JobSession::tr("refused") : JobSession::tr("let through: the policy only watches")},
            isReal ? RowsModel::Level::Problem : RowsModel::Level::Warning};
}

} // namespace

void JobSession::loadRefusals()
{
    m_wantsRefusals = true;
    QUrlQuery query;
    query.addQueryItem(u"job"_s, m_job.id.value());
    const api::Call call{.route = protocol::RouteId::EgressDenied, .query = query};
    m_session.client().sendJson(call, this, [this](const Result<QJsonObject> &body) {
        QList<RowsModel::Row> rows;
        for (const QJsonValue entry : body ? body->value("refusals"_L1).toArray() : QJsonArray())
            rows.append(rowOf(egressRefusalFromJson(entry.toObject()), m_clock.wall()));
        if (body)
            m_refusalsNote = rows.isEmpty() ? tr("Nothing was refused.") : QString();
        else if (body.error().code == ErrorCode::NotFound)
            m_refusalsNote = tr("This master does not tell what it refuses.");
        else
            m_refusalsNote = tr("Ask for refused connections: %1").arg(body.error().message);
        if (body)
            m_refusals.setRows(rows);
        emit tablesChanged();
    });
}

void JobSession::keepEvent(const QString &kind, const QString &subject, const QJsonObject &body)
{
    const QString text = QString::fromUtf8(QJsonDocument(body).toJson(QJsonDocument::Compact));
    m_events.append({{timeText(m_clock.wall(), m_clock.wall()), kind, subject, text}}, mostEvents);
}

} // namespace danube::console
