// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIODevice>

#include <memory>
#include <stop_token>

namespace danube::console {

/// How much of an archive is looked at before it counts as one that is made to harm.
struct ArchiveLimits
{
    qint64 entries = 50'000;
    qint64 unpackedBytes = 8LL << 30; ///< read (and decompressed) on the way through
    qint64 readBytes = 64 << 10;      ///< at once: what a header may claim as the length of a name
};

/// Reads another device and gives up beyond its bounds. It stands between a parser that believes what a file says about
/// itself and the file. Going forward in a decompressed stream is reading it, so that counts too.
class BoundedDevice : public QIODevice
{
    Q_OBJECT
public:
    enum class End { None, TooManyReads, TooManyBytes, ReadTooLong, Stopped };

    /// `isStream`: the source can only be read on (and begun again).
    BoundedDevice(std::unique_ptr<QIODevice> source, bool isStream, const ArchiveLimits &limits, std::stop_token stop);

    bool open(OpenMode mode) override;
    void close() override;
    bool seek(qint64 position) override;
    qint64 size() const override;
    bool atEnd() const override;

    End end() const { return m_end; }         ///< why nothing more is read
    qint64 passed() const { return m_bytes; } ///< bytes so far
    void renew();                             ///< counts from the beginning again

protected:
    qint64 readData(char *data, qint64 length) override;
    qint64 writeData(const char *data, qint64 length) override;

private:
    bool goOn();
    qint64 giveUp(End why);

    std::unique_ptr<QIODevice> m_source;
    bool m_isStream;
    ArchiveLimits m_limits;
    std::stop_token m_stop;
    End m_end = End::None;
    qint64 m_at = 0; ///< of the source
    qint64 m_reads = 0;
    qint64 m_bytes = 0;
};

} // namespace danube::console
