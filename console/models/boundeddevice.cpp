// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/boundeddevice.h"

#include <algorithm>
#include <array>

namespace danube::console {

namespace {

constexpr qint64 readsPerEntry = 16; // of a ZIP file's entry: its two headers with their parts
constexpr qint64 skipBytes = 64 << 10;

} // namespace

BoundedDevice::BoundedDevice(std::unique_ptr<QIODevice> source, bool isStream, const ArchiveLimits &limits,
                             std::stop_token stop)
    : m_source(std::move(source)), m_isStream(isStream), m_limits(limits), m_stop(std::move(stop))
{}

bool BoundedDevice::open(OpenMode mode)
{
    if (mode & WriteOnly)
        return false;
    if (!m_source->isOpen() && !m_source->open(ReadOnly)) {
        setErrorString(m_source->errorString());
        return false;
    }
    return QIODevice::open(ReadOnly | Unbuffered);
}

void BoundedDevice::close()
{
    QIODevice::close();
    m_source->close();
    m_at = 0;
}

qint64 BoundedDevice::size() const
{
    return m_isStream ? m_limits.unpackedBytes : m_source->size();
}

bool BoundedDevice::atEnd() const
{
    return m_end != End::None || m_source->atEnd();
}

void BoundedDevice::renew()
{
    m_end = End::None;
    m_reads = m_bytes = 0;
}

qint64 BoundedDevice::giveUp(End why)
{
    m_end = why;
    return -1;
}

bool BoundedDevice::goOn()
{
    if (m_end == End::None && m_stop.stop_requested())
        m_end = End::Stopped;
    if (m_end == End::None && m_bytes > m_limits.unpackedBytes)
        m_end = End::TooManyBytes;
    return m_end == End::None;
}

bool BoundedDevice::seek(qint64 position)
{
    if (position < 0 || !goOn())
        return false;
    if (!m_isStream || position < m_at) {
        if (!m_source->seek(m_isStream ? 0 : position))
            return false;
        m_at = m_isStream ? 0 : position;
    }
    std::array<char, skipBytes> skipped;
    while (m_at < position) {
        if (!goOn())
            return false;
        const qint64 count = m_source->read(skipped.data(), std::min(skipBytes, position - m_at));
        if (count <= 0)
            return false;
        m_at += count;
        m_bytes += count;
    }
    return QIODevice::seek(position);
}

qint64 BoundedDevice::readData(char *data, qint64 length)
{
    if (!goOn())
        return -1;
    if (length > m_limits.readBytes)
        return giveUp(End::ReadTooLong);
    if (++m_reads > m_limits.entries * readsPerEntry)
        return giveUp(End::TooManyReads);
    const qint64 count = m_source->read(data, length);
    if (count > 0) {
        m_at += count;
        m_bytes += count;
    }
    return count;
}

qint64 BoundedDevice::writeData(const char *, qint64)
{
    return -1;
}

} // namespace danube::console
