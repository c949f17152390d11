// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of a JobSession: what was refused of the network, artifacts, raw events.
#include "console/controllers/jobsession.h"
#include "console/models/words.h"
#include "shared/api/download.h"
#include "shared/api/session.h"
#include "shared/model/egressrefusal.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

// Host and protocol are bytes of a job: one line each, whatever they are.
QString singleLine(QString text)
{
    for (QChar &character : text) {
        if (character.category() == QChar::Other_Control || character == QChar::LineSeparator ||
            character == QChar::ParagraphSeparator)
            character = QChar::ReplacementCharacter;
    }
    return text;
}

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
    m_session.client().send(call, this, [this](const Result<api::Answer> &answer) {
        const auto body = answer.and_then([](const api::Answer &given) { return given.json(); });
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

void JobSession::loadArtifacts()
{
    m_wantsArtifacts = true;
    m_session.client().artifacts(m_job.id, this, [this](const Result<QList<Artifact>> &artifacts) {
        if (artifacts) {
            m_artifactList = *artifacts;
            QList<RowsModel::Row> rows;
            for (const Artifact &artifact : *artifacts)
                rows.append({{artifact.name, QLocale().formattedDataSize(toInt(artifact.size)),
                              QString::fromLatin1(artifact.sha256), timeText(artifact.createdAt, m_clock.wall())}});
            m_artifacts.setRows(rows);
            m_artifactsNote = rows.isEmpty() ? tr("This job has left no artifacts.") : QString();
        } else {
            m_artifactsNote = tr("Ask for artifacts: %1").arg(artifacts.error().message);
        }
        emit tablesChanged();
    });
}

void JobSession::saveArtifact(int row, const QString &target)
{
    if (row < 0 || row >= m_artifactList.size())
        return;
    auto *download = new api::Download(m_session.client(), m_artifactList[row], target, this);
    connect(download, &api::Download::progressed, this, [this, target](qint64 received, qint64 total) {
        const qint64 percent = total > 0 ? received * 100 / total : 100;
        emit told(tr("Saving %1: %2 %").arg(target).arg(percent));
    });
    connect(download, &api::Download::finished, this, [this, download, target](const Result<void> &result) {
        download->deleteLater();
        if (result)
            emit told(tr("Saved %1; its digest is right.").arg(target));
        else
            emit problem(result.error().message);
    });
    download->start();
}

void JobSession::keepEvent(const QString &kind, const QString &subject, const QJsonObject &body)
{
    const QString text = QString::fromUtf8(QJsonDocument(body).toJson(QJsonDocument::Compact));
    m_events.append({{timeText(m_clock.wall(), m_clock.wall()), kind, subject, text}}, mostEvents);
}

} // namespace danube::console
