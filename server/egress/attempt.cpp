// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/attempt.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace danube::egress {
namespace {

constexpr int refusedCode = 5; // RFC 1035, 4.1.1: what Cilium's DNS proxy answers

// Of Cilium's reasons for a drop, those that a policy is the cause of.
constexpr std::array policyReasons{"POLICY_DENIED"_L1, "POLICY_DENY"_L1, "AUTH_REQUIRED"_L1};

bool isAnswer(const FlowRecord &record)
{
    return record.dns && record.dns->isAnswer;
}

std::optional<Attempt::Outcome> outcomeOf(FlowRecord::Verdict verdict)
{
    switch (verdict) {
    case FlowRecord::Verdict::Dropped:
        return Attempt::Outcome::Refused;
    case FlowRecord::Verdict::Audit:
        return Attempt::Outcome::WouldBeRefused;
    case FlowRecord::Verdict::Forwarded:
        return Attempt::Outcome::LetThrough;
    default:
        return std::nullopt;
    }
}

std::optional<Attempt::Outcome> outcomeOfQuery(const FlowRecord &record)
{
    if (record.dns->isAnswer) // the query itself has been told of already, unless it was refused
        return record.dns->code == refusedCode ? std::optional(Attempt::Outcome::Refused) : std::nullopt;
    return outcomeOf(record.verdict);
}

std::optional<Attempt::Outcome> outcomeOfConnection(const FlowRecord &record)
{
    if (record.isReply || record.direction != FlowRecord::Direction::Egress)
        return std::nullopt;
    const bool isByPolicy = record.isSeventhLayer || std::ranges::contains(policyReasons, record.dropReason);
    if (record.verdict == FlowRecord::Verdict::Dropped && !isByPolicy)
        return std::nullopt;
    return outcomeOf(record.verdict);
}

QStringList namesOf(const FlowPeer &peer)
{
    if (!peer.names.isEmpty())
        return peer.names;
    if (peer.isApiServer)
        return {u"kubernetes.default.svc"_s};
    return peer.service.isEmpty() ? QStringList() : QStringList(peer.service);
}

} // namespace

std::optional<JobId> jobOf(const FlowRecord &record, const QString &jobsNamespace)
{
    constexpr auto podPrefix = "danube-"_L1; // podNameOf() of server/executors/kubernetes
    const FlowPeer &peer = isAnswer(record) ? record.destination : record.source;
    if (peer.nameSpace != jobsNamespace)
        return std::nullopt;
    const QString id =
        peer.job.isEmpty() && peer.pod.startsWith(podPrefix) ? peer.pod.sliced(podPrefix.size()) : peer.job;
    return isSafeId(id) ? std::optional(JobId(id)) : std::nullopt;
}

std::optional<Attempt> attemptOf(const FlowRecord &record, const QString &jobsNamespace)
{
    const auto job = jobOf(record, jobsNamespace);
    const auto outcome = record.dns ? outcomeOfQuery(record) : outcomeOfConnection(record);
    if (!job || !outcome)
        return std::nullopt;
    Attempt attempt{.job = *job,
                    .outcome = *outcome,
                    .time = record.time,
                    .protocol = u"DNS"_s,
                    .port = 0,
                    .address = {},
                    .names = {},
                    .isWorld = false};
    if (record.dns) {
        attempt.names = {record.dns->query};
        return attempt;
    }
    attempt.protocol = record.protocol.isEmpty() ? u"other"_s : record.protocol;
    attempt.port = record.port;
    attempt.address = record.destination.address;
    attempt.names = namesOf(record.destination);
    attempt.isWorld = record.destination.isWorld;
    return attempt;
}

} // namespace danube::egress
