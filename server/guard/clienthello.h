// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace danube::guard {

/// What a TLS client says before anything is encrypted (RFC 8446, 4.1.2; RFC 6066, 3).
struct ClientHello
{
    std::string serverName;         ///< canonical: lower case, no dot at the end; empty = no SNI
    bool hasEncryptedHello = false; ///< encrypted_client_hello, real or GREASE: the name may be another one inside
    bool operator==(const ClientHello &) const = default;
};

/// Reads a ClientHello from a TCP stream cut anywhere, also where it is spread over records of any size. Unknown
/// extensions and GREASE (RFC 8701) are passed over; what two readers could take for two names is refused. Pure.
class ClientHelloReader
{
public:
    static constexpr size_t maxHandshake = 32 << 10; ///< bytes of the hello; real ones have 0.2 to 18 KiB
    static constexpr size_t maxRecords = 2048;       ///< that it may be spread over

    enum class State { More, Complete, Broken };
    /// Bytes after the hello's last record are not looked at.
    State feed(std::string_view bytes);
    State state() const { return m_state; }
    const ClientHello &hello() const { return m_hello; } ///< when Complete
    std::string_view defect() const { return m_defect; } ///< when Broken: a few words

private:
    State breakOff(std::string_view defect);
    State takeFragment(std::string_view fragment);
    std::string_view readBody(std::string_view body);
    std::string_view readExtensions(std::string_view extensions);
    std::string_view readServerNames(std::string_view list);

    State m_state = State::More;
    std::string_view m_defect;
    std::string m_header; // of the record that comes
    size_t m_recordLeft = 0;
    size_t m_records = 0;
    std::string m_handshake;
    ClientHello m_hello;
};

} // namespace danube::guard
