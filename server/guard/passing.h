// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/filedescriptor.h"

#include <QByteArray>

#include <expected>
#include <string_view>
#include <vector>

/// Datagrams with descriptors on AF_UNIX sockets (SOCK_SEQPACKET; unix(7), SCM_RIGHTS).
namespace danube::guard {

struct Datagram
{
    QByteArray bytes;
    std::vector<FileDescriptor> descriptors; ///< close-on-exec
};
/// At most `most` bytes and 64 descriptors; errno: EAGAIN = none is there, EMSGSIZE = it is longer, ECONNRESET = the
/// peer is gone.
std::expected<Datagram, int> receiveDatagram(int socket, size_t most);

/// With one descriptor, or -1. 0 or errno.
int sendDatagram(int socket, std::string_view bytes, int descriptor = -1);

} // namespace danube::guard
