// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nghttp2/nghttp2.h>

#include <sys/socket.h>

#include <string>

/// Sends all that a session has to say, blocking, in as few calls as it takes; `output` is memory to use again. False:
/// the peer is gone.
inline bool sendAll(nghttp2_session *session, int socket, std::string &output)
{
    const uint8_t *bytes = nullptr;
    for (output.clear();;) {
        const auto size = nghttp2_session_mem_send2(session, &bytes);
        if (size <= 0)
            break;
        output.append(reinterpret_cast<const char *>(bytes), static_cast<size_t>(size));
    }
    for (size_t sent = 0; sent < output.size();) {
        const auto size = send(socket, output.data() + sent, output.size() - sent, MSG_NOSIGNAL);
        if (size <= 0)
            return false;
        sent += static_cast<size_t>(size);
    }
    return true;
}
