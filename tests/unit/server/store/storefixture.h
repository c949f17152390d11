// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/store/store.h"

#include <QTest>

namespace danube::tests {

/// Makes an asynchronous store call answer here: `await<Job>([&](auto done) { store.insertJob(job, &context, done);
/// })`.
template <class T, class Call> Result<T> await(Call call)
{
    std::optional<Result<T>> answer;
    call([&answer](Result<T> result) { answer = std::move(result); });
    if (!QTest::qWaitFor([&answer] { return answer.has_value(); }, 20'000))
        return fail(ErrorCode::Timeout, QStringLiteral("no answer within 20 s"));
    return *answer;
}

inline Job sampleJob(const QString &id)
{
    Job job;
    job.id = JobId(id);
    job.pipeline = QStringLiteral("build");
    job.repository = QStringLiteral("https://github.com/example/project");
    job.ref = QStringLiteral("main");
    job.branch = QStringLiteral("main");
    job.triggerType = QStringLiteral("api");
    job.triggeredBy = QStringLiteral("admin");
    job.params = {{QStringLiteral("mode"), QStringLiteral("fast \u00fc \"x\"")}};
    job.createdAt = WallTime(milliseconds(1'750'000'000'123));
    return job;
}

inline Step sampleStep(const JobId &job, uint32_t number)
{
    Step step;
    step.job = job;
    step.number = StepNumber(number);
    step.name = QStringLiteral("compile");
    step.command = QStringLiteral("make -j2");
    step.request = RequestId(QStringLiteral("request-%1").arg(number));
    step.bodyHash = QByteArray("\0\xff\x01", 3);
    step.timeout = milliseconds(90'000);
    return step;
}

inline Result<Job> insert(store::Store &store, QObject &context, const Job &job)
{
    return await<Job>([&](auto done) { store.insertJob(job, &context, std::move(done)); });
}

} // namespace danube::tests
