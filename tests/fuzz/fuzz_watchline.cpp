// SPDX-License-Identifier: GPL-3.0-or-later
// A watch's stream: cut anywhere it gives the same lines within the limit; the machine takes any line, tells of no
// object twice in the same version, and always knows what to do next.
#include "server/kube/linesplitter.h"
#include "server/kube/watchmachine.h"
#include "tests/fuzz/require.h"

using namespace danube;
using namespace danube::kube;

namespace {

constexpr qsizetype limit = 300;

/// All lines, or nothing when one was too long.
std::optional<QList<QByteArray>> split(QByteArrayView bytes, qsizetype piece)
{
    LineSplitter splitter(limit);
    QList<QByteArray> lines;
    for (qsizetype at = 0; at < bytes.size(); at += piece) {
        auto some = splitter.feed(bytes.sliced(at, std::min(piece, bytes.size() - at)));
        if (!some)
            return std::nullopt;
        lines += *some;
    }
    return lines;
}

bool isWaitOrRequest(WatchMachine &machine)
{
    const WatchStep step = machine.next();
    const auto *wait = std::get_if<DoWait>(&step);
    return !wait || (wait->delay > milliseconds(0) && wait->delay <= std::chrono::hours(2));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const QByteArrayView bytes(reinterpret_cast<const char *>(data + 1), static_cast<qsizetype>(size - 1));
    const auto lines = split(bytes, std::max<qsizetype>(bytes.size(), 1));
    require(lines == split(bytes, data[0] % 7 + 1));

    WatchMachine machine(1);
    machine.onListed({}, QStringLiteral("1"));
    std::ignore = machine.next();
    for (const QByteArray &line : lines.value_or(QList<QByteArray>())) {
        require(line.size() <= limit && !line.isEmpty() && !line.contains('\n'));
        if (!machine.onLine(line)) {
            require(!machine.onLine(line)); // the stream is over
            machine.onEnded();
            require(machine.failuresInARow() > 0 && isWaitOrRequest(machine));
            continue;
        }
        const auto again = machine.onLine(line);
        require(again && again->isEmpty());
    }
    machine.onEnded();
    require(isWaitOrRequest(machine));
    std::ignore =
        readRefusal(data[0] * 3, bytes.first(std::min<qsizetype>(bytes.size(), 8)).toByteArray(), bytes.toByteArray())
            .toError(QStringLiteral("x"));
    return 0;
}
