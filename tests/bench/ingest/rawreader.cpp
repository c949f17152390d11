// SPDX-License-Identifier: GPL-3.0-or-later
// The yardstick of the ingest bench: reads one exec with bare OpenSSL, parses its frames, writes channel 1 to a file.
// It verifies, masks, indexes and syncs nothing. rawreader PORT BYTES FILE
#include "tests/bench/ingest/tlssocket.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace danube::bench;

namespace {

class FrameWriter
{
public:
    explicit FrameWriter(int file) : m_file(file) {}

    bool isClosed() const { return m_isClosed; }
    void feed(const char *data, size_t size)
    {
        while (size > 0) {
            const size_t used = m_left > 0 ? takePayload(data, size) : takeHead(*data);
            data += used;
            size -= used;
        }
    }

private:
    size_t takeHead(char byte)
    {
        m_head[m_headSize++] = static_cast<unsigned char>(byte);
        if (m_headSize < 2)
            return 1;
        const unsigned length = m_head[1] & 0x7f;
        const size_t wanted = length == 126 ? 4 : (length == 127 ? 10 : 2);
        if (m_headSize < wanted)
            return 1;
        m_left = wanted == 2 ? length : 0;
        for (size_t i = 2; i < wanted; ++i)
            m_left = m_left << 8 | m_head[i];
        m_isClosed = (m_head[0] & 0xf) == 8;
        m_headSize = 0;
        m_channel = -1;
        return 1;
    }
    size_t takePayload(const char *data, size_t size)
    {
        size_t taken = 0;
        if (m_channel < 0) {
            m_channel = *data;
            taken = 1;
            --m_left;
        }
        const size_t part = std::min(m_left, size - taken);
        if (m_channel == 1 && write(m_file, data + taken, part) != static_cast<ssize_t>(part))
            exit(1);
        m_left -= part;
        return taken + part;
    }

    int m_file;
    std::array<unsigned char, 10> m_head{};
    size_t m_headSize = 0;
    size_t m_left = 0;
    int m_channel = -1;
    bool m_isClosed = false;
};

} // namespace

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: rawreader PORT BYTES FILE\n", stderr);
        return 2;
    }
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    TlsSocket socket(context, connectToLoopback(static_cast<unsigned short>(atoi(argv[1]))));
    const std::string request =
        std::string("GET /api/v1/namespaces/n/pods/p/exec?command=lines&command=") + argv[2] +
        "&stdout=true HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n";
    std::string rest;
    if (!socket.connect() || !socket.writeAll(request) || !socket.readHead(rest).starts_with("HTTP/1.1 101"))
        return 1;
    FrameWriter writer(open(argv[3], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    writer.feed(rest.data(), rest.size());
    static char buffer[256 << 10];
    while (!writer.isClosed()) {
        const size_t got = socket.read(buffer, sizeof buffer);
        if (got == 0)
            return 1;
        writer.feed(buffer, got);
    }
    return 0;
}
