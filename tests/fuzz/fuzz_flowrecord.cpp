// SPDX-License-Identifier: GPL-3.0-or-later
// Any line is a record, a loss, another line or an error; what is kept is bounded, and the same line read again, by a
// reader that has seen others, says the same.
#include "server/egress/attempt.h"
#include "tests/fuzz/require.h"

using namespace danube;
using namespace danube::egress;

namespace {

void checkPeer(const FlowPeer &peer)
{
    require(peer.nameSpace.size() <= 255 && peer.pod.size() <= 255 && peer.address.size() <= 64);
    require(peer.names.size() <= 32 && peer.job.size() <= 64 && peer.service.size() <= 520);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView line(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    static FlowReader used;
    FlowReader fresh;
    const auto read = used.read(line);
    require(read == fresh.read(line));
    if (!read || !std::holds_alternative<FlowRecord>(*read))
        return 0;
    const auto &record = std::get<FlowRecord>(*read);
    checkPeer(record.source);
    checkPeer(record.destination);
    require(!record.dns || (record.dns->query.size() <= 256 && record.dns->addresses.size() <= 32));
    if (const auto attempt = attemptOf(record, QStringLiteral("danube-jobs")))
        require(isSafeId(attempt->job.value()) && attempt->host().size() <= 520);
    return 0;
}
