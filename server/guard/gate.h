// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/guard/clienthello.h"
#include "server/guard/hostreader.h"

#include <utility>

namespace danube::guard {

/// What a connection must begin with.
enum class Speech {
    Tls,  ///< port 443
    Http, ///< port 80
    Any,  ///< other ports: TLS and HTTP are told by their first bytes and judged, all else by the address alone
    Free, ///< the master's RPC: the address alone decides
};
Speech speechOf(uint16_t port);

/// Whether hellos that may hide a name are let through when their outer name is right.
enum class EncryptedHello { Refuse, Outer };

/// Judges the first bytes of one connection against the name its address was given for. Pure.
class Gate
{
public:
    enum class State {
        More, ///< undecided
        Open, ///< takePassed() may go upstream
        Shut, ///< refused
    };
    Gate(std::string name, uint16_t port, Speech speech, EncryptedHello encryptedHello);

    State feed(std::string_view bytes);
    State state() const { return m_state; }
    /// The server spoke before the client: neither TLS nor HTTP do. Opens a gate that has seen nothing, on ports where
    /// the address may decide.
    void serverSpoke();
    bool hasHeard() const { return m_hasHeard; }
    bool mayServerSpeakFirst() const { return m_speech == Speech::Any || m_speech == Speech::Free; }

    /// What came so far and may be sent on. Only when Open.
    std::string takePassed();
    /// All that came so far, as it came: what audit mode sends on, whatever was judged.
    std::string takeRaw() { return std::exchange(m_raw, {}); }
    /// For plain HTTP: judges all that the client sends from now on. nullptr: nothing more is judged.
    HostReader *requests() { return m_isHttp ? &m_requests : nullptr; }
    /// The name that the client gave, where it gave one: SNI or Host.
    const std::string &namedHost() const { return m_namedHost; }
    std::string_view reason() const { return m_reason; } ///< when Shut: a few words
    /// What a refused client is told in its own protocol before the end; empty: nothing.
    std::string refusal() const;
    bool isTls() const { return m_isTls; }

private:
    State judgeTls(std::string_view bytes);
    State judgeHttp(std::string_view bytes);
    State shut(std::string_view reason);

    std::string m_name;
    Speech m_speech;
    EncryptedHello m_encryptedHello;
    State m_state = State::More;
    bool m_hasHeard = false;
    bool m_isTls = false;
    bool m_isHttp = false;
    std::string m_raw;
    std::string m_passed; // of m_raw, for HTTP: whole heads and bodies
    ClientHelloReader m_hello;
    HostReader m_requests;
    std::string m_namedHost;
    std::string_view m_reason;
};

} // namespace danube::guard
