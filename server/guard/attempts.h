// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/site.h"

#include <string_view>

namespace danube::guard {

/// Where the first packet of a TCP connection (IPv4 or IPv6, from the IP header on) was sent; nothing for other bytes.
std::optional<Endpoint> attemptedPlace(std::string_view packet);

/// Records connections that the kernel refused: to ports that no entry names, so that nothing listens there. The
/// packet socket (docs/formats/guard.md, kind "attempts") lets through no others.
class Attempts final : public EventSink
{
public:
    Attempts(Site &site, FileDescriptor socket);
    ~Attempts();

private:
    static constexpr int packetsAtOnce = 64; ///< the rest in the next turn; the kernel drops what is too much

    void onEvents(int tag, uint32_t events) override;
    void note(const Endpoint &place);

    Site &m_site;
    FileDescriptor m_socket;
    EventLoop::WatchId m_watch;
};

} // namespace danube::guard
