// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/passing.h"

#include <cerrno>
#include <cstring>

#include <sys/socket.h>

namespace danube::guard {
namespace {

constexpr size_t maxDescriptors = 64;

} // namespace

std::expected<Datagram, int> receiveDatagram(int socket, size_t most)
{
    Datagram datagram;
    datagram.bytes.resize(static_cast<qsizetype>(most));
    alignas(cmsghdr) char control[CMSG_SPACE(maxDescriptors * sizeof(int))]{};
    iovec part{datagram.bytes.data(), most};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const ssize_t got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (got < 0)
        return std::unexpected(errno);
    for (cmsghdr *each = CMSG_FIRSTHDR(&message); each; each = CMSG_NXTHDR(&message, each)) {
        if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t at = 0; at + sizeof(int) <= each->cmsg_len - CMSG_LEN(0); at += sizeof(int)) {
            int descriptor = -1;
            std::memcpy(&descriptor, CMSG_DATA(each) + at, sizeof descriptor);
            datagram.descriptors.emplace_back(descriptor);
        }
    }
    if (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
        return std::unexpected(EMSGSIZE);
    if (got == 0)
        return std::unexpected(ECONNRESET);
    datagram.bytes.truncate(got);
    return datagram;
}

int sendDatagram(int socket, std::string_view bytes, int descriptor)
{
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))]{};
    iovec part{const_cast<char *>(bytes.data()), bytes.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (descriptor >= 0) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof descriptor);
        std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? errno : 0;
}

} // namespace danube::guard
