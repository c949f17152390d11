// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/local/localjob.h"

#include "server/executors/local/agentprocess.h"
#include "server/executors/local/removetree.h"

#include <QDir>
#include <QThread>

#include <csignal>

using namespace Qt::StringLiterals;

namespace danube::local {
namespace {

constexpr int dialerDescriptor = 3; ///< danube-sandbox passes it to the coordinator's agent under this number
constexpr milliseconds sandboxCheckInterval{20};
constexpr milliseconds sandboxPatience{15'000};

QString markerOf(const JobId &job)
{
    return u"DANUBE_JOB_MARKER="_s + job.value();
}

Result<void> makeFolders(const QString &folder)
{
    for (const auto &name : {u""_s, u"/coordinator"_s, u"/worker"_s, u"/workspace"_s, u"/home"_s, u"/tmp"_s,
                             u"/private"_s, u"/sandbox"_s}) {
        const QString path = folder + name;
        const bool made =
            QDir().mkpath(path) && QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        if (!made)
            return fail(ErrorCode::Io, u"make the job's folder "_s + path);
    }
    return {};
}

} // namespace

LocalJob::LocalJob(const LocalSettings &settings, jobs::JobLaunch launch, Keys keys, GuardPlan guard,
                   logs::LogService &logs)
    : m_settings(settings),
      m_launch(std::move(launch)),
      m_folder(settings.jobsDirectory + u'/' + m_launch.job.id.value()),
      m_sandbox(makeSandbox(std::move(guard))),
      m_coordinator(containerSettings(u"coordinator"_s, std::move(keys.coordinator), logs), this),
      m_worker(containerSettings(u"worker"_s, std::move(keys.worker), logs), this)
{
    m_sandboxCheck.setInterval(sandboxCheckInterval);
    connect(&m_sandboxCheck, &QTimer::timeout, this, &LocalJob::checkSandbox);
    for (LocalContainer *container : {&m_coordinator, &m_worker}) {
        const QString name = container == &m_worker ? u"worker"_s : u"coordinator"_s;
        connect(container, &LocalContainer::up, this, &LocalJob::onUp);
        connect(container, &LocalContainer::gone, this, &LocalJob::onGone);
        connect(container, &LocalContainer::died, this,
                [this, name](const QString &reason) { onContainerLost(name, reason); });
    }
    connect(&m_worker.link(), &link::ContainerLink::stepStarted, this, &LocalJob::stepStarted);
    connect(&m_worker.link(), &link::ContainerLink::stepFinished, this, &LocalJob::stepFinished);
    connect(&m_coordinator.link(), &link::ContainerLink::stepStarted, this, [this] {
        m_started = true;
        emit started();
    });
    connect(&m_coordinator.link(), &link::ContainerLink::stepFinished, this,
            [this](StepNumber, const StepOutcome &outcome) {
                m_coordinatorEnd = outcome;
                if (outcome.kind == OutcomeKind::Lost)
                    onContainerLost(u"coordinator"_s, outcome.message);
                else
                    emit coordinatorExited(outcome);
            });
}

std::unique_ptr<JobSandbox> LocalJob::makeSandbox(GuardPlan guard) const
{
    if (!m_settings.sandbox)
        return nullptr;
    return std::make_unique<JobSandbox>(JobSandbox::Settings{.programs = *m_settings.sandbox,
                                                             .guard = std::move(guard),
                                                             .agentProgram = m_settings.agentProgram,
                                                             .jobFolder = m_folder,
                                                             .environment = agentEnvironment(),
                                                             .orphanLimit = m_settings.orphanLimit});
}

QStringList LocalJob::agentEnvironment() const
{
    QStringList environment;
    for (const auto &[variable, value] : baseEnvironment())
        environment.append(variable + u'=' + value);
    environment.append(markerOf(m_launch.job.id));
    return environment;
}

LocalContainer::Settings LocalJob::containerSettings(const QString &name, Secret key, logs::LogService &logs) const
{
    return {.job = m_launch.job.id,
            .directory = folder(name),
            .agentProgram = m_settings.agentProgram,
            .environment = agentEnvironment(),
            .key = std::move(key),
            .logs = &logs,
            .mode = m_launch.mode,
            .orphanLimit = m_settings.orphanLimit,
            .sandbox = m_sandbox.get()};
}

jobs::Environment LocalJob::baseEnvironment() const
{
    return {{u"PATH"_s, u"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"_s},
            {u"HOME"_s, folder(u"home"_s)},
            {u"TMPDIR"_s, folder(u"tmp"_s)},
            {u"LANG"_s, u"C.UTF-8"_s},
            {u"CI"_s, u"true"_s},
            {u"DANUBE_WORKSPACE"_s, folder(u"workspace"_s)}};
}

void LocalJob::open()
{
    if (m_launch.mode == jobs::LaunchMode::StartOrAttach) {
        if (auto made = makeFolders(m_folder); !made)
            return onContainerLost({}, made.error().message);
    }
    m_coordinator.open();
    m_worker.open();
}

void LocalJob::tellAgain()
{
    if (!m_lost.isEmpty()) {
        emit lost(m_lost);
        return;
    }
    if (m_started)
        emit started();
    if (m_coordinatorEnd)
        emit coordinatorExited(*m_coordinatorEnd);
}

link::StepSpec LocalJob::coordinatorSpec() const
{
    jobs::Environment environment = m_launch.coordinatorEnvironment;
    environment.append({{u"DANUBE_RPC_URL"_s, m_launch.rpcUrl},
                        {u"DANUBE_TOKEN"_s, QString::fromLatin1(m_launch.token.reveal())},
                        {u"DANUBE_PRIVATE_DIR"_s, folder(u"private"_s)},
                        {u"DANUBE_SDK_DIR"_s, m_settings.sdkDirectory}});
    if (m_sandbox)
        environment.append({u"DANUBE_RPC_DIALER_FD"_s, QString::number(dialerDescriptor)});
    return {.argv = {m_settings.coordinatorProgram},
            .environment = environment,
            .workingDirectory = folder(u"private"_s),
            .limits = {}};
}

void LocalJob::onUp()
{
    if (++m_up < 2)
        return;
    // Only now, with both keys handed over, may anything of the job run.
    const bool mayStart = m_launch.mode == jobs::LaunchMode::StartOrAttach;
    m_coordinator.link().start(StepNumber::Coordinator, mayStart ? std::optional(coordinatorSpec()) : std::nullopt);
}

// "/workspace/x", "x" and "" are the contract's ways to name a place in the workspace.
QString LocalJob::workingDirectory(const QString &wanted) const
{
    QString inside = wanted == "/workspace"_L1 || wanted.startsWith("/workspace/"_L1) ? wanted.mid(10) : wanted;
    const QString clean = QDir::cleanPath(folder(u"workspace"_s) + u'/' + inside);
    const bool isInside = clean == folder(u"workspace"_s) || clean.startsWith(folder(u"workspace"_s) + u'/');
    return isInside ? clean : folder(u"workspace"_s);
}

void LocalJob::startStep(const jobs::StepLaunch &step)
{
    if (!m_lost.isEmpty()) {
        emit stepFinished(step.number, StepOutcome{.message = u"the job's processes are gone"_s});
        return;
    }
    std::optional<link::StepSpec> spec;
    if (!step.argv.isEmpty())
        spec = link::StepSpec{.argv = step.argv,
                              .environment = step.environment,
                              .workingDirectory = workingDirectory(step.workingDirectory),
                              .timeout = step.timeout,
                              .grace = m_settings.killGrace,
                              .limits = {}};
    m_worker.link().start(step.number, std::move(spec));
}

void LocalJob::killStep(StepNumber step, jobs::KillReason reason)
{
    const auto cause = reason == jobs::KillReason::Timeout ? link::KillCause::Timeout : link::KillCause::Cancelled;
    m_worker.link().kill(step, cause, m_settings.killGrace);
}

void LocalJob::onContainerLost(const QString &name, const QString &reason)
{
    // An agent that goes after its work was told is no loss; the coordinator's end was told already.
    const bool isTold = name == "coordinator"_L1 && m_coordinatorEnd.has_value();
    if (isTold || m_releasing || !m_lost.isEmpty())
        return;
    m_lost = name.isEmpty() ? reason : u"the %1 was lost: %2"_s.arg(name, reason);
    emit lost(m_lost);
}

void LocalJob::release(milliseconds grace)
{
    m_releasing = true;
    m_coordinator.close(grace);
    m_worker.close(grace);
}

void LocalJob::onGone()
{
    if (++m_gone < 2)
        return;
    if (m_sandbox)
        m_sandboxCheck.start();
    else
        emit ended();
}

// It ends by itself once its agents have, when the guard has written its last records.
void LocalJob::checkSandbox()
{
    if (m_sandbox->isAlive()) {
        if (++m_sandboxChecks * sandboxCheckInterval > sandboxPatience)
            m_sandbox->kill();
        return;
    }
    m_sandboxCheck.stop();
    emit ended();
}

Result<void> LocalJob::removeLeftovers(const QString &folder, const JobId &job)
{
    constexpr int rounds = 50; // a process that forks faster than it is found
    for (int round = 0; round < rounds; ++round) {
        QList<pid_t> pids = findByMarker(markerOf(job));
        for (const auto &name : {u"/coordinator"_s, u"/worker"_s})
            pids += agentprocess::find(folder + name);
        pids += agentprocess::findSandboxes(folder);
        if (pids.isEmpty())
            return removeTree(folder);
        for (const pid_t pid : pids)
            ::kill(pid, SIGKILL);
        QThread::msleep(10);
    }
    return fail(ErrorCode::Timeout, u"processes of job %1 do not end"_s.arg(job.value()));
}

} // namespace danube::local
