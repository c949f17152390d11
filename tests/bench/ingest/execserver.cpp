// SPDX-License-Identifier: GPL-3.0-or-later
// An API server as far as one exec of the ingest bench needs it: GET of the pod and discovery for kubectl, and an exec
// whose command "lines N" sends N bytes of log lines in frames of 1 + 32 KiB, then a status and a close, as real
// servers do. execserver CERT KEY: prints its port. execserver sha256 N: prints the digest of those bytes.
#include "tests/bench/ingest/tlssocket.h"

#include <openssl/evp.h>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

using namespace danube::bench;
using namespace std::string_view_literals;

namespace {

constexpr size_t blockSize = 32 << 10;

// Lines of 100 bytes, no two of a block alike.
std::string makeBlock()
{
    std::string block;
    for (int i = 0; block.size() < blockSize; ++i) {
        char line[128];
        snprintf(line, sizeof line,
                 "2026-01-02T03:04:05.%06d step 12 compiling src/module%04d/file%05d.cpp with the usual flags, no "
                 "warnings\n",
                 i, i % 37, i);
        block += line;
    }
    block.resize(blockSize);
    block.back() = '\n';
    return block;
}

std::string frame(char channel, std::string_view payload)
{
    const size_t size = payload.size() + 1;
    std::string bytes{'\x82'};
    if (size < 126) {
        bytes += static_cast<char>(size);
    } else {
        bytes += '\x7e';
        bytes += static_cast<char>(size >> 8);
        bytes += static_cast<char>(size & 0xff);
    }
    return (bytes += channel).append(payload);
}

std::string headerOf(std::string_view head, std::string_view name)
{
    const auto same = [](char a, char b) { return tolower(a) == tolower(b); };
    const auto found = std::search(head.begin(), head.end(), name.begin(), name.end(), same);
    if (found == head.end())
        return {};
    const auto begin = static_cast<size_t>(found - head.begin()) + name.size();
    return std::string(head.substr(begin, head.find("\r\n", begin) - begin));
}

std::string acceptOf(const std::string &key)
{
    const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[20];
    EVP_Digest(text.data(), text.size(), digest, nullptr, EVP_sha1(), nullptr);
    unsigned char encoded[32];
    const int size = EVP_EncodeBlock(encoded, digest, sizeof digest);
    return {reinterpret_cast<char *>(encoded), static_cast<size_t>(size)};
}

const std::string &wholeBlock()
{
    static const std::string block = makeBlock();
    return block;
}

/// Of less than a block: its end, so that the last line is whole.
std::string_view lastBlock(size_t bytes)
{
    return std::string_view(wholeBlock()).substr(blockSize - bytes);
}

bool sendLines(TlsSocket &socket, size_t bytes)
{
    static const std::string wholeFrame = frame(1, wholeBlock());
    for (; bytes >= blockSize; bytes -= blockSize) {
        if (!socket.writeAll(wholeFrame))
            return false;
    }
    return bytes == 0 || socket.writeAll(frame(1, lastBlock(bytes)));
}

int printDigest(size_t bytes)
{
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    EVP_DigestInit_ex(digest, EVP_sha256(), nullptr);
    for (; bytes >= blockSize; bytes -= blockSize)
        EVP_DigestUpdate(digest, wholeBlock().data(), blockSize);
    EVP_DigestUpdate(digest, lastBlock(bytes).data(), bytes);
    unsigned char result[32];
    EVP_DigestFinal_ex(digest, result, nullptr);
    EVP_MD_CTX_free(digest);
    for (const unsigned char byte : result)
        printf("%02x", byte);
    puts("");
    return 0;
}

void serveExec(TlsSocket &socket, const std::string &head)
{
    const bool knowsV5 = headerOf(head, "\r\nsec-websocket-protocol: ").find("v5.") != std::string::npos;
    const std::string answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
        acceptOf(headerOf(head, "\r\nsec-websocket-key: ")) + "\r\nSec-WebSocket-Protocol: " + (knowsV5 ? "v5" : "v4") +
        ".channel.k8s.io\r\n\r\n";
    const auto count = head.find("command=lines&command=");
    const size_t bytes = count == std::string::npos ? 0 : strtoull(head.c_str() + count + 22, nullptr, 10);
    if (!socket.writeAll(answer) || !socket.writeAll(frame(1, {})) || !sendLines(socket, bytes))
        return;
    socket.writeAll(frame(3, R"({"metadata":{},"status":"Success"})"sv));
    socket.writeAll("\x88\x02\x03\xe8"sv);
    socket.endWriting();
}

std::string bodyFor(const std::string &target)
{
    if (target == "/api" || target.starts_with("/api?"))
        return R"({"kind":"APIVersions","versions":["v1"]})";
    if (target.starts_with("/apis"))
        return R"({"kind":"APIGroupList","apiVersion":"v1","groups":[]})";
    if (target.starts_with("/api/v1/namespaces/"))
        return R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","namespace":"n","uid":"1"},"spec":{"containers":[{"name":"main","image":"i"}]},"status":{"phase":"Running"}})";
    if (target.starts_with("/api/v1"))
        return R"({"kind":"APIResourceList","apiVersion":"v1","groupVersion":"v1","resources":[{"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod","verbs":["get"],"shortNames":["po"]},{"name":"pods/exec","singularName":"","namespaced":true,"kind":"PodExecOptions","verbs":["create","get"]}]})";
    return {};
}

void serve(SSL_CTX *context, int descriptor)
{
    TlsSocket socket(context, descriptor);
    std::string rest;
    for (std::string head = socket.accept() ? socket.readHead(rest) : ""; !head.empty(); head = socket.readHead(rest)) {
        if (!headerOf(head, "\r\nsec-websocket-key: ").empty())
            return serveExec(socket, head);
        const auto begin = head.find(' ') + 1;
        const std::string body = bodyFor(head.substr(begin, head.find(' ', begin) - begin));
        const std::string status = body.empty() ? "404 Not Found" : "200 OK";
        std::string answer = "HTTP/1.1 ";
        answer.append(status).append("\r\nContent-Type: application/json\r\nContent-Length: ");
        socket.writeAll(answer.append(std::to_string(body.size())).append("\r\n\r\n").append(body));
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (argc == 3 && argv[1] == "sha256"sv)
        return printDigest(strtoull(argv[2], nullptr, 10));
    signal(SIGPIPE, SIG_IGN);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (argc != 3 || SSL_CTX_use_certificate_file(context, argv[1], SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, argv[2], SSL_FILETYPE_PEM) != 1) {
        fputs("usage: execserver CERT KEY | execserver sha256 N\n", stderr);
        return 2;
    }
    unsigned short port = 0;
    const int listener = listenOnLoopback(port);
    printf("%d\n", port);
    fflush(stdout);
    while (true) {
        if (const int descriptor = accept(listener, nullptr, nullptr); descriptor >= 0)
            std::thread(serve, context, descriptor).detach();
    }
}
