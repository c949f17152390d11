// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sandbox/routemessage.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace danube::sandbox {
namespace {

class Message
{
public:
    Message() { append(nlmsghdr{}); }
    template <class Part> void append(const Part &part)
    {
        const auto bytes = std::as_bytes(std::span(&part, 1));
        m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
        pad();
    }
    void attribute(unsigned short type, std::span<const std::byte> value)
    {
        append(rtattr{static_cast<unsigned short>(RTA_LENGTH(value.size())), type});
        m_bytes.insert(m_bytes.end(), value.begin(), value.end());
        pad();
    }
    std::vector<std::byte> finish(nlmsghdr header)
    {
        header.nlmsg_len = static_cast<__u32>(m_bytes.size());
        std::memcpy(m_bytes.data(), &header, sizeof header);
        return std::move(m_bytes);
    }

private:
    void pad() { m_bytes.resize(NLMSG_ALIGN(m_bytes.size())); }
    std::vector<std::byte> m_bytes;
};

} // namespace

std::vector<std::byte> addRouteMessage(const LocalRoute &route)
{
    const bool isSix = route.destination.contains(':');
    std::array<std::byte, sizeof(in6_addr)> address{};
    inet_pton(isSix ? AF_INET6 : AF_INET, route.destination.c_str(), address.data());
    const std::size_t size = isSix ? sizeof(in6_addr) : sizeof(in_addr);

    rtmsg body{};
    body.rtm_family = isSix ? AF_INET6 : AF_INET;
    body.rtm_dst_len = route.prefix;
    body.rtm_table = RT_TABLE_LOCAL;
    body.rtm_protocol = RTPROT_STATIC;
    body.rtm_scope = isSix ? RT_SCOPE_UNIVERSE : RT_SCOPE_HOST;
    body.rtm_type = RTN_LOCAL;
    Message message;
    message.append(body);
    message.attribute(RTA_DST, std::span(address).first(size));
    message.attribute(RTA_OIF, std::as_bytes(std::span(&route.device, 1)));
    nlmsghdr header{};
    header.nlmsg_type = RTM_NEWROUTE;
    header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
    return message.finish(header);
}

int errorOf(std::span<const std::byte> answer)
{
    nlmsghdr header{};
    nlmsgerr error{};
    if (answer.size() < NLMSG_HDRLEN + sizeof error)
        return EBADMSG;
    std::memcpy(&header, answer.data(), sizeof header);
    std::memcpy(&error, answer.data() + NLMSG_HDRLEN, sizeof error);
    return header.nlmsg_type == NLMSG_ERROR ? -error.error : EBADMSG;
}

} // namespace danube::sandbox
