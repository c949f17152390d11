// SPDX-License-Identifier: GPL-3.0-or-later
// Exit records: as bytes, and as content under a good MAC. What opens must seal to the same bytes again.
#include "server/agent/exitrecord.h"
#include "server/executors/link/linkclient.h"

#include <cstdlib>

using namespace danube::agent;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const HmacKey key = stepKey(HmacKey(viewOf("key")), 1);
    if (openExitRecord({data, size}, key, 1))
        abort(); // nobody guesses a MAC
    Bytes bytes(data, data + size);
    constexpr std::string_view purpose("danube exit 1 record\0", 21);
    ByteWriter(bytes).raw(key.mac({viewOf(purpose), ByteView(data, size)}));
    const auto record = openExitRecord(bytes, key, 1);
    if (!record)
        return 0;
    const danube::StepOutcome outcome = danube::link::toOutcome(*record);
    if (outcome.isSuccess() != (record->kind == ExitKind::Exited && record->code == 0))
        abort();
    if (record->message.size() <= maxExitMessage && sealExitRecord(*record, key) != bytes)
        abort();
    return 0;
}
