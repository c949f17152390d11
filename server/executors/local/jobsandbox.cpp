// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/local/jobsandbox.h"

#include "server/executors/local/agentprocess.h"

#include <QFile>
#include <QSaveFile>

#include <csignal>

using namespace Qt::StringLiterals;

namespace danube::local {
namespace {

constexpr qint64 maxSentence = 2'000;

Result<void> writeConfig(const QString &path, const QByteArray &text)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        return fail(ErrorCode::Io, u"write %1: %2"_s.arg(path, file.errorString()));
    return {};
}

} // namespace

QStringList JobSandbox::arguments() const
{
    QStringList arguments{u"run"_s,
                          u"--dir"_s,
                          m_settings.jobFolder,
                          u"--agent"_s,
                          m_settings.agentProgram,
                          u"--guard"_s,
                          m_settings.programs.guardProgram,
                          u"--guard-config"_s,
                          folder() + u"/guard.json"_s,
                          u"--flows"_s,
                          m_settings.programs.flowsFile,
                          u"--orphan-limit"_s,
                          QString::number(m_settings.orphanLimit.count())};
    for (const quint16 port : m_settings.guard.ports)
        arguments << u"--port"_s << QString::number(port);
    for (const QString &path : m_settings.programs.visible)
        arguments << u"--show"_s << path;
    return arguments;
}

Result<void> JobSandbox::start()
{
    if (m_isStarted || isAlive())
        return {};
    m_isStarted = true;
    if (auto written = writeConfig(folder() + u"/guard.json"_s, m_settings.guard.config); !written)
        return written;
    return agentprocess::spawn(agentprocess::Detached{.program = m_settings.programs.program,
                                                      .arguments = arguments(),
                                                      .directory = folder(),
                                                      .logFile = folder() + u"/sandbox.log"_s,
                                                      .environment = m_settings.environment});
}

bool JobSandbox::isAlive() const
{
    return agentprocess::lifeOf(folder()) != agentprocess::Life::Dead;
}

QString JobSandbox::obituary() const
{
    QFile file(folder() + u"/end"_s);
    if (file.open(QIODevice::ReadOnly))
        return QString::fromUtf8(file.read(maxSentence)).trimmed();
    return {};
}

void JobSandbox::kill() const
{
    for (const pid_t pid : agentprocess::findSandboxes(m_settings.jobFolder))
        ::kill(pid, SIGKILL);
}

} // namespace danube::local
