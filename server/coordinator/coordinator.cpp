// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/coordinator.h"

#include <QFileInfo>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace danube::coordinator {

constexpr milliseconds stopGrace(5'000);

void say(FILE *stream, const QString &sentence)
{
    const auto line = "danube: " + sentence.toUtf8() + '\n';
    std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stream);
    std::fflush(stream);
}

Coordinator::Coordinator(Environment environment, Secret token)
    : m_environment(std::move(environment)),
      m_dialer(m_environment.rpcDialer < 0 ? nullptr : std::make_unique<RpcDialer>(m_environment.rpcDialer)),
      m_client({.endpoint = m_environment.rpc, .token = std::move(token), .dialer = m_dialer.get()}),
      m_checkout(m_environment, m_client),
      m_script(m_environment)
{
    connect(&m_script, &ScriptProcess::finished, this, &Coordinator::end);
    connect(&m_script, &ScriptProcess::failed, this, &Coordinator::giveUp);
}

void Coordinator::start()
{
    const QJsonObject body{{u"job_id"_s, m_environment.job.value()}, {u"state"_s, u"running"_s}};
    m_client.post("/rpc/report-status", body, this, [this](const Result<QJsonObject> &answer) {
        if (!answer)
            return giveUp(u"the master refused the job: "_s + answer.error().message);
        getSource();
    });
}

void Coordinator::getSource()
{
    m_checkout.start([this](const Result<CopiedTree> &copied) {
        if (!copied)
            return giveUp(copied.error().message);
        const auto branch = m_environment.branch.isEmpty() ? QString() : u" ("_s + m_environment.branch + u')';
        say(stdout, u"%1 at %2%3"_s.arg(m_environment.repository, m_environment.commit.left(12), branch));
        runScript();
    });
}

void Coordinator::runScript()
{
    if (m_stopping)
        return;
    if (!QFileInfo(m_checkout.directory() + u'/' + m_environment.script).isFile())
        return giveUp(u"%1 is not in %2 at commit %3"_s.arg(m_environment.script, m_environment.repository,
                                                            m_environment.commit));
    m_running = true;
    const auto channel = m_script.start(m_checkout.directory());
    if (!channel)
        return giveUp(channel.error().message);
    m_calls = std::make_unique<ScriptCalls>(m_environment, m_client, *channel);
}

void Coordinator::stop()
{
    if (std::exchange(m_stopping, true))
        return;
    if (m_running)
        m_script.stop(stopGrace);
    else
        emit finished(terminated);
}

void Coordinator::giveUp(const QString &sentence)
{
    m_running = false;
    say(stderr, sentence);
    emit finished(setUpFailed);
}

void Coordinator::end(int exitCode)
{
    m_running = false;
    emit finished(m_stopping ? terminated : exitCode);
}

} // namespace danube::coordinator
