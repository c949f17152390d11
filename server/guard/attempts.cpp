// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/attempts.h"

#include "server/guard/hostname.h"

#include <cerrno>

#include <sys/epoll.h>
#include <sys/socket.h>

using namespace Qt::StringLiterals;

namespace danube::guard {
namespace {

constexpr size_t fourHeader = 20;
constexpr size_t sixHeader = 40;
constexpr size_t addressSize = 16;
constexpr size_t upToPorts = 4;
constexpr char tcp = 6;

uint8_t byteAt(std::string_view bytes, size_t at)
{
    return static_cast<uint8_t>(bytes[at]);
}

uint16_t portAt(std::string_view bytes, size_t at)
{
    return static_cast<uint16_t>(byteAt(bytes, at) << 8 | byteAt(bytes, at + 1));
}

std::optional<Endpoint> placeOfSix(std::string_view packet)
{
    if (packet.size() < sixHeader + upToPorts || packet[6] != tcp)
        return std::nullopt;
    std::array<uint8_t, addressSize> address{};
    for (size_t i = 0; i < address.size(); ++i)
        address[i] = byteAt(packet, sixHeader - addressSize + i);
    return Endpoint{IpAddress::v6(address), portAt(packet, sixHeader + 2)};
}

std::optional<Endpoint> placeOfFour(std::string_view packet)
{
    const size_t header = packet.empty() ? 0 : 4U * (byteAt(packet, 0) & 0xf);
    if (header < fourHeader || packet.size() < header + upToPorts || packet[9] != tcp)
        return std::nullopt;
    uint32_t address = 0;
    for (size_t i = 16; i < fourHeader; ++i)
        address = address << 8 | byteAt(packet, i);
    return Endpoint{IpAddress::v4(address), portAt(packet, header + 2)};
}

} // namespace

std::optional<Endpoint> attemptedPlace(std::string_view packet)
{
    const int version = packet.empty() ? 0 : byteAt(packet, 0) >> 4;
    if (version == 6)
        return placeOfSix(packet);
    return version == 4 ? placeOfFour(packet) : std::nullopt;
}

Attempts::Attempts(Site &site, FileDescriptor socket) : m_site(site), m_socket(std::move(socket))
{
    m_watch = m_site.loop.watch(m_socket.get(), EPOLLIN, *this);
}

Attempts::~Attempts()
{
    m_site.loop.unwatch(m_watch);
}

void Attempts::onEvents(int, uint32_t)
{
    std::array<char, 128> packet{};
    for (int i = 0; i < packetsAtOnce; ++i) {
        const ssize_t size = recv(m_socket.get(), packet.data(), packet.size(), 0);
        if (size < 0) {
            if (errno != EAGAIN && errno != EINTR)
                m_site.loop.unwatch(m_watch); // no records are better than none but them
            return;
        }
        if (const auto place = attemptedPlace({packet.data(), static_cast<size_t>(size)}))
            note(*place);
    }
}

void Attempts::note(const Endpoint &place)
{
    if (const std::string *name = m_site.names.nameOf(place.address))
        return m_site.ledger.unserved(*name, place.address, place.port);
    m_site.ledger.refused({}, place.address, place.port, "no-name",
                          u"%1 is no address that a look-up of this job gave"_s.arg(toQString(place.address.text())));
}

} // namespace danube::guard
