// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/jobs/engineworld.h"

#include "server/logs/logreader.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace danube::tests {

Result<Secret> MemorySecrets::value(const QString &key, const QString & /*pipeline*/) const
{
    const auto found = values.constFind(key);
    if (found == values.constEnd())
        return fail(ErrorCode::NotFound, u"secret %1"_s.arg(key));
    return Secret(QByteArray(found->constData(), found->size()));
}

std::vector<Secret> MemorySecrets::masks(const QString &key) const
{
    std::vector<Secret> all;
    if (auto present = value(key, {}))
        all.push_back(std::move(*present));
    for (const QByteArray &given : remembered.value(key)) {
        if (given != values.value(key))
            all.emplace_back(QByteArray(given.constData(), given.size()));
    }
    return all;
}

Result<void> MemorySecrets::remember(const QString &key, const Secret &value)
{
    if (isForgetful)
        return fail(ErrorCode::Unavailable, u"secret %1 cannot be noted"_s.arg(key));
    if (QByteArrayList &given = remembered[key]; !given.contains(value.reveal()))
        given.prepend(QByteArray(value.reveal().constData(), value.reveal().size()));
    return {};
}

EngineWorld::EngineWorld()
    : source(directory.filePath(u"source"_s)), keyring(auth::Keyring::fromKey(Secret(QByteArray(32, 'k'))))
{
    settings.maxConcurrentJobs = 4;
    settings.rpcUrl = u"http://127.0.0.1:9000"_s;
    settings.killGrace = milliseconds(1000);
    settings.tick = milliseconds(2);
    addPipeline({});
}

EngineWorld::~EngineWorld()
{
    crash();
}

void EngineWorld::addPipeline(const PipelineOptions &options)
{
    QJsonObject spec{{u"repository"_s, u"https://git.example.org/%1.git"_s.arg(options.name)},
                     {u"script"_s, u"danubefile.py"_s},
                     {u"max_duration_seconds"_s, options.maxDuration},
                     {u"priority"_s, options.priority},
                     {u"secrets"_s, QJsonArray::fromStringList(options.secrets)},
                     {u"worker"_s, QJsonObject{{u"image"_s, u"debian:13"_s}}}};
    if (options.maxConcurrent > 0)
        spec.insert(u"concurrency"_s, options.maxConcurrent);
    const QJsonObject document{{u"apiVersion"_s, u"danube.dev/v1"_s},
                               {u"kind"_s, u"Pipeline"_s},
                               {u"metadata"_s, QJsonObject{{u"name"_s, options.name}}},
                               {u"spec"_s, spec}};
    QDir(directory.path()).mkpath(u"blueprint/pipelines"_s);
    QFile file(directory.filePath(u"blueprint/pipelines/%1.json"_s.arg(options.name)));
    if (file.open(QIODevice::WriteOnly))
        file.write(QJsonDocument(document).toJson());
    file.close();
    if (const auto loaded = pipelines.load(directory.filePath(u"blueprint"_s)); !loaded)
        qFatal("%s", qPrintable(loaded.error().message));
}

void EngineWorld::removePipelines()
{
    QDir(directory.filePath(u"blueprint"_s)).removeRecursively();
    (void)pipelines.load(directory.filePath(u"blueprint"_s));
}

bool EngineWorld::start()
{
    m_logs = std::make_unique<logs::LogService>(directory.filePath(u"logs"_s), clock);
    m_executor = std::make_unique<FakeExecutor>(cluster, *m_logs);
    m_executor->faults = faults;
    m_engine = std::make_unique<jobs::Engine>(
        jobs::EngineServices{clock, activeStore(), *m_logs, *m_executor, keyring, secrets, source, pipelines},
        settings);
    connect(m_engine.get(), &jobs::Engine::jobEnded, this, [this](const Job &job) { ended.append(job.id); });
    return m_engine->recover().has_value();
}

store::Store &EngineWorld::activeStore()
{
    if (realStore)
        return *realStore;
    return store;
}

void EngineWorld::crash()
{
    m_engine.reset();
    m_executor.reset();
    m_logs.reset();
}

Call<Job> EngineWorld::trigger(const QString &pipeline, const QString &ref)
{
    Call<Job> call;
    m_engine->trigger({.pipeline = pipeline, .ref = ref, .params = {}, .principal = principal}, this, call.callback());
    return call;
}

Call<Job> EngineWorld::cancel(const JobId &job)
{
    Call<Job> call;
    m_engine->cancel(job, principal, this, call.callback());
    return call;
}

Call<Job> EngineWorld::retry(const JobId &job)
{
    Call<Job> call;
    m_engine->retry(job, principal, this, call.callback());
    return call;
}

Call<protocol::RunStepAnswer> EngineWorld::runStep(const JobId &job, const QString &script, const QString &request,
                                                   bool capture)
{
    protocol::RunStepRequest body;
    body.job = job;
    body.command = script;
    body.request = RequestId(request);
    body.captureOutput = capture;
    return runStep(body);
}

Call<protocol::RunStepAnswer> EngineWorld::runStep(const protocol::RunStepRequest &request)
{
    Call<protocol::RunStepAnswer> call;
    m_engine->runStep(request.job, request, this, call.callback());
    return call;
}

Call<QByteArray> EngineWorld::getSecret(const JobId &job, const QString &key)
{
    Call<QByteArray> call;
    m_engine->getSecret(job, {job, key}, this, call.callback());
    return call;
}

Call<QString> EngineWorld::reportStatus(const protocol::ReportStatusRequest &request)
{
    Call<QString> call;
    m_engine->reportStatus(request.job, request, this, call.callback());
    return call;
}

JobId EngineWorld::triggered(const QString &pipeline)
{
    const auto call = trigger(pipeline);
    return waitUntil([&call] { return call.isDone(); }) && *call.result->operator->() ? call.value().id : JobId();
}

JobId EngineWorld::running(const QString &pipeline)
{
    const JobId job = triggered(pipeline);
    return waitFor(job, JobState::Running) ? job : JobId();
}

// Not QTest::qWaitFor, which sleeps 10 ms between looks: scenarios look thousands of times.
bool EngineWorld::waitUntil(const std::function<bool()> &condition, milliseconds limit)
{
    const QDeadlineTimer deadline(limit);
    QTimer wakeUp;
    wakeUp.start(milliseconds(1));
    while (!condition()) {
        if (deadline.hasExpired())
            return false;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
    return true;
}

bool EngineWorld::waitFor(const JobId &job, JobState state)
{
    return waitUntil([this, &job, state] { return row(job).state == state; });
}

bool EngineWorld::waitForStep(const JobId &job, StepNumber step, StepState state)
{
    return waitUntil([this, &job, step, state] {
        const auto steps = activeStore().steps(job);
        return steps && std::ranges::any_of(*steps, [step, state](const Step &each) {
                   return each.number == step && each.state == state;
               });
    });
}

bool EngineWorld::waitForEnd(const JobId &job)
{
    return waitUntil([this, &job] { return ended.contains(job); });
}

QByteArray EngineWorld::logOf(const JobId &job, StepNumber step, LogStream stream) const
{
    const auto reader = logs::LogReader::open(directory.filePath(u"logs"_s), job);
    if (!reader || !(*reader)->refresh())
        return {};
    const auto extract = (*reader)->extract({.step = step, .stream = stream}, 1 << 30);
    return extract ? extract->bytes : QByteArray();
}

} // namespace danube::tests
