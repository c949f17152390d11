// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/ssl.h>

#include <string>
#include <string_view>

namespace danube::bench {

/// One blocking TLS connection, as plain as OpenSSL allows: the yardstick of the ingest bench.
class TlsSocket
{
public:
    TlsSocket(SSL_CTX *context, int descriptor) : m_ssl(SSL_new(context)), m_descriptor(descriptor)
    {
        SSL_set_fd(m_ssl, descriptor);
    }
    ~TlsSocket();
    TlsSocket(const TlsSocket &) = delete;
    TlsSocket &operator=(const TlsSocket &) = delete;

    bool accept() { return SSL_accept(m_ssl) == 1; }
    bool connect() { return SSL_connect(m_ssl) == 1; }
    /// Bytes read; 0 at the end or after an error.
    size_t read(char *data, size_t size);
    bool writeAll(std::string_view bytes);
    /// Says that nothing more comes and waits (at most 10 s) until the peer has gone: closing with its bytes unread
    /// would reset the connection and take away what it has not read yet.
    void endWriting();
    /// Reads up to and with the blank line; what came behind it is in `rest`. Empty: the peer went, or 64 KiB without
    /// one.
    std::string readHead(std::string &rest);

private:
    SSL *m_ssl;
    int m_descriptor;
};

/// A listening socket on 127.0.0.1 and any port; exits with a sentence when there is none.
int listenOnLoopback(unsigned short &port);
int connectToLoopback(unsigned short port);

} // namespace danube::bench
