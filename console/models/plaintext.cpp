// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/plaintext.h"

#include "console/models/ansi.h"

#include <cstring>

namespace danube::console {

PlainText::PlainText(QByteArrayView raw) : m_raw(raw)
{
    qsizetype removed = 0;
    for (qsizetype from = 0; from < raw.size();) {
        const void *found = memchr(raw.data() + from, ansiEscape, size_t(raw.size() - from));
        if (!found && m_removed.empty())
            return;
        const qsizetype escape = found ? static_cast<const char *>(found) - raw.data() : raw.size();
        if (m_plain.isEmpty())
            m_plain.reserve(raw.size());
        m_plain.append(raw.sliced(from, escape - from));
        from = escape;
        if (!found)
            return;
        const qsizetype length = readAnsiSequence(raw.sliced(escape)).length;
        removed += length;
        m_removed.push_back({m_plain.size(), removed});
        from += length;
    }
}

qsizetype PlainText::rawOffset(qsizetype plain) const
{
    const auto after = std::upper_bound(m_removed.begin(), m_removed.end(), plain,
                                        [](qsizetype value, const Removed &entry) { return value < entry.plain; });
    return after == m_removed.begin() ? plain : plain + std::prev(after)->bytes;
}

} // namespace danube::console
