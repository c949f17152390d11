// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/extentscan.h"

#include "console/models/ansi.h"
#include "console/models/lineend.h"
#include "console/models/plaintext.h"

namespace danube::console {

namespace {

constexpr int mostLines = 48; // of one extent; the whole of it costs about as much
constexpr int mostInVain = 256;
constexpr int mostPassedOver = 16;

} // namespace

ExtentScan::ExtentScan(const LogPattern &pattern, QByteArrayView log, std::function<bool()> isStopped)
    : m_pattern(pattern),
      m_log(log),
      m_isStopped(std::move(isStopped)),
      m_needle(pattern.needle()),
      m_inVain(mostInVain + 1) // the first extent tunes it
{}

Result<LogExtent> ExtentScan::scan(int64_t begin, int64_t end)
{
    LogExtent extent{.begin = begin, .end = end};
    if (m_needle && m_passOver == 0) {
        retune(extent);
        const auto complete = scanLines(extent);
        if (!complete)
            return std::unexpected(complete.error());
        if (*complete) {
            m_passedOver = 0;
            return extent;
        }
        // Many lines have it. Likely more of the next extents are so, too.
        m_passOver = m_passedOver = std::clamp(m_passedOver * 2, 1, mostPassedOver);
        extent = {.begin = begin, .end = end};
    } else if (m_passOver > 0) {
        --m_passOver;
    }
    if (auto scanned = scanText(extent, begin, end); !scanned)
        return std::unexpected(scanned.error());
    return extent;
}

// The lines that may have the needle; false when there are too many of them.
Result<bool> ExtentScan::scanLines(LogExtent &extent)
{
    const QByteArrayView bytes = m_log.sliced(extent.begin, extent.end - extent.begin);
    int looked = 0;
    for (qsizetype at = m_needle->find(bytes, 0, ansiEscape); at >= 0; ++looked) {
        if (looked == mostLines)
            return false;
        const qsizetype from = at == 0 ? 0 : bytes.first(at).lastIndexOf('\n') + 1;
        const qsizetype to = std::min(lineEndAfter(bytes, at) + 1, bytes.size());
        const int64_t before = extent.count;
        if (auto scanned = scanText(extent, extent.begin + from, extent.begin + to); !scanned)
            return std::unexpected(scanned.error());
        m_inVain += extent.count == before;
        at = m_needle->find(bytes, to, ansiEscape);
    }
    return true;
}

Result<void> ExtentScan::scanText(LogExtent &extent, int64_t from, int64_t to) const
{
    const PlainText plain(m_log.sliced(from, to - from));
    const QByteArrayView text = plain.text();
    qsizetype lineEnd = -1;
    return m_pattern.scan(text, [&](qsizetype at, qsizetype stop) {
        ++extent.count;
        const int64_t place = from - extent.begin + at * (to - from) / text.size();
        extent.mask |= uint64_t(1) << (place * 64 / (extent.end - extent.begin));
        if (at > lineEnd) {
            ++extent.lines;
            lineEnd = lineEndAfter(text, stop);
        }
        return extent.count % 1024 != 0 || !m_isStopped();
    });
}

void ExtentScan::retune(const LogExtent &extent)
{
    if (m_inVain <= mostInVain)
        return;
    m_inVain = 0;
    m_needle->tune(m_log.sliced(extent.begin, extent.end - extent.begin), ansiEscape);
}

} // namespace danube::console
