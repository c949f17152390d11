// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/mastercommands.h"

#include "console/cli/format.h"
#include "console/cli/safetext.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace

void HealthCommand::start()
{
    m_context.client().health(this, [this](const Result<protocol::Health> &health) {
        if (!health)
            return finishWith(health.error());
        m_context.client().readiness(this, [this, health = *health](const Result<protocol::Readiness> &readiness) {
            takeReadiness(health, readiness);
        });
    });
}

void HealthCommand::takeReadiness(const protocol::Health &health, const Result<protocol::Readiness> &readiness)
{
    if (!readiness)
        return finishWith(readiness.error());
    if (m_context.wantsJson()) {
        QJsonObject both = protocol::toJson(health);
        both.insert(u"readiness"_s, protocol::toJson(*readiness));
        printJson(compact(both));
    } else {
        m_context.output.print(formatHealth(health, *readiness, m_context.output.style()));
    }
    finish(readiness->ready ? ExitCode::Success : ExitCode::Failure);
}

void PipelinesCommand::start()
{
    fetch({.route = protocol::RouteId::Pipelines}, [this](const QJsonObject &body) -> Result<QString> {
        const auto pipelines = protocol::pipelinesFromJson(body);
        if (!pipelines)
            return std::unexpected(pipelines.error());
        return formatPipelines(*pipelines, m_context.output.style());
    });
}

void RetentionCommand::start()
{
    fetch({.route = protocol::RouteId::Retention}, [this](const QJsonObject &body) -> Result<QString> {
        return formatRetention(body, m_context.output.style());
    });
}

void VersionCommand::start()
{
    if (!m_context.wantsJson())
        m_context.output.print(QStringLiteral("danubectl " DANUBE_VERSION "\n"));
    m_context.client().version(this, [this](const Result<QString> &version) {
        if (!version)
            return finishWith(version.error());
        const QString url = m_context.session.endpoint().baseUrl.toDisplayString();
        if (m_context.wantsJson())
            printJson(
                compact({{u"client"_s, QStringLiteral(DANUBE_VERSION)}, {u"server"_s, *version}, {u"url"_s, url}}));
        else
            m_context.output.print(u"danube-master %1 at %2\n"_s.arg(singleLine(*version), url));
        finish(ExitCode::Success);
    });
}

} // namespace danube::cli
