// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/keyring.h"
#include "server/blueprint/pipelinecatalog.h"
#include "server/jobs/engine.h"
#include "server/logs/logservice.h"
#include "server/secrets/secretsource.h"
#include "tests/support/fakeclock.h"
#include "tests/support/jobs/fakeexecutor.h"
#include "tests/support/jobs/fakesource.h"
#include "tests/support/jobs/memorystore.h"

#include <QTemporaryDir>

namespace danube::tests {

class MemorySecrets final : public secrets::SecretSource
{
public:
    Result<Secret> value(const QString &key, const QString &pipeline) const override;
    std::vector<Secret> masks(const QString &key) const override;
    Result<void> remember(const QString &key, const Secret &value) override;
    void set(const QString &key, const QByteArray &value) ///< as the real ones do, so that everybody notices
    {
        values[key] = value;
        noteChange();
    }
    QMap<QString, QByteArray> values;
    QMap<QString, QByteArrayList> remembered; ///< newest first
    bool isForgetful = false;                 ///< remember() fails
};

/// An answer that may have come.
template <class T> struct Call
{
    std::shared_ptr<std::optional<Result<T>>> result = std::make_shared<std::optional<Result<T>>>();
    int count() const { return *m_count; }
    bool isDone() const { return result->has_value(); }
    bool failedWith(ErrorCode code) const { return isDone() && !**result && (*result)->error().code == code; }
    const T &value() const { return result->value().value(); }
    QString message() const { return isDone() && !**result ? (*result)->error().message : QString(); }
    auto callback() const
    {
        return [result = result, count = m_count](Result<T> answer) {
            ++*count;
            result->emplace(std::move(answer));
        };
    }

private:
    std::shared_ptr<int> m_count = std::make_shared<int>(0);
};

struct PipelineOptions
{
    QString name = QStringLiteral("build");
    int maxConcurrent = 0;
    int priority = 0;
    QStringList secrets{};
    int maxDuration = 3600;
};

/// An engine with everything around it: containers, store, logs and secrets outlive it, so that crash() and start() are
/// what a killed and restarted master is. Time stands still until the clock is advanced.
class EngineWorld : public QObject
{
public:
    EngineWorld();
    ~EngineWorld() override;

    void addPipeline(const PipelineOptions &options); ///< takes effect at once
    void removePipelines();
    jobs::EngineSettings settings;
    bool start(); ///< a new master; false when it could not recover
    void crash(); ///< the master is gone without a word
    jobs::Engine &engine() { return *m_engine; }
    FakeExecutor &executor() { return *m_executor; }
    logs::LogService &logs() { return *m_logs; }

    Call<Job> trigger(const QString &pipeline = QStringLiteral("build"), const QString &ref = {});
    Call<Job> cancel(const JobId &job);
    Call<Job> retry(const JobId &job);
    Call<protocol::RunStepAnswer> runStep(const JobId &job, const QString &script, const QString &request = {},
                                          bool capture = false);
    Call<protocol::RunStepAnswer> runStep(const protocol::RunStepRequest &request);
    Call<QByteArray> getSecret(const JobId &job, const QString &key);
    Call<QString> reportStatus(const protocol::ReportStatusRequest &request);

    JobId triggered(const QString &pipeline = QStringLiteral("build"));   ///< waits for the answer
    JobId running(const QString &pipeline = QStringLiteral("build"));     ///< waits until it runs; empty on failure
    bool waitFor(const JobId &job, JobState state);                       ///< by the store
    bool waitForStep(const JobId &job, StepNumber step, StepState state); ///< by the store
    bool waitForEnd(const JobId &job);                                    ///< until jobEnded
    static bool waitUntil(const std::function<bool()> &condition, milliseconds limit = milliseconds(10'000));
    Job row(const JobId &job) const { return activeStore().job(job).value_or(Job{}); }
    store::Store &activeStore();
    const store::Store &activeStore() const { return const_cast<EngineWorld *>(this)->activeStore(); }
    QByteArray logOf(const JobId &job, StepNumber step, LogStream stream) const;

    QTemporaryDir directory;
    FakeClock clock;
    FakeCluster cluster;
    MemoryStore store;
    std::unique_ptr<store::Store> realStore; ///< used instead, when there is one
    FakeSource source;
    MemorySecrets secrets;
    ExecutorFaults faults; ///< of executors made by start()
    blueprint::PipelineCatalog pipelines;
    auth::Keyring keyring;
    QList<JobId> ended; ///< by jobEnded, over all masters
    Principal principal{.kind = Principal::Kind::User, .name = QStringLiteral("ada")};

private:
    std::unique_ptr<logs::LogService> m_logs;
    std::unique_ptr<FakeExecutor> m_executor;
    std::unique_ptr<jobs::Engine> m_engine;
};

} // namespace danube::tests
