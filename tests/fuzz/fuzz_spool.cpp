// SPDX-License-Identifier: GPL-3.0-or-later
// A spool whose file was overwritten with arbitrary bytes at an arbitrary place: it reads back as written, or is
// damaged.
#include "server/agent/spool.h"

#include <sys/mman.h>

#include <cstdlib>

using namespace danube::agent;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SpoolFrame parsed;
    if (parseFrame({data, size}, parsed) == ParseStatus::Ok && parsed.data.size() + frameOverhead > size)
        abort();
    ByteReader in(ByteView(data, size));
    const std::uint16_t place = in.u16();
    const PerStream offsets{in.u8(), in.u8()};
    const HmacKey key = stepKey(HmacKey(viewOf("key")), 1);
    int file = -1;
    Spool spool([&file]() -> SystemResult<Descriptor> { return Descriptor(file = memfd_create("fuzz", MFD_CLOEXEC)); },
                key, 1, 0);
    const std::string text(100, 'x');
    for (int i = 0; i < 4; ++i) {
        if (!spool.append(i % 2 == 0 ? StreamId::Stdout : StreamId::Stderr, viewOf(text), 1))
            abort();
    }
    const ByteView wrong = in.rest();
    if (pwrite(file, wrong.data(), wrong.size(), place % 700) < 0)
        return 0;
    auto cursor = spool.seek(offsets);
    Bytes frame;
    while (cursor) {
        const auto more = spool.read(*cursor, frame);
        if (!more || !*more)
            break;
        if (parseFrame(frame, parsed) != ParseStatus::Ok || std::string(parsed.data.begin(), parsed.data.end()) != text)
            abort(); // wrong bytes came through
    }
    return 0;
}
