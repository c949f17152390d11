// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sandbox/attemptsocket.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>

namespace danube::sandbox {
namespace {

using Code = std::vector<sock_filter>;

constexpr __u32 packetStart = 96; // bytes that are handed on: an IP header and what follows of TCP's

void add(Code &code, int operation, __u32 value, __u8 yes = 0, __u8 no = 0)
{
    code.push_back({static_cast<__u16>(operation), yes, no, value});
}

void drop(Code &code)
{
    add(code, BPF_RET | BPF_K, 0);
}

void requireEqual(Code &code, __u32 value)
{
    add(code, BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0);
    drop(code);
}

void dropWhenEqual(Code &code, __u32 value)
{
    add(code, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    drop(code);
}

/// TCP's header starts at the index register, or at `base`.
void judgeTcp(Code &code, int mode, __u32 base, std::span<const std::uint16_t> served)
{
    constexpr __u32 destinationPort = 2;
    constexpr __u32 flags = 13;
    constexpr __u32 synAndAck = 0x12;
    constexpr __u32 syn = 0x02;
    add(code, BPF_LD | BPF_B | mode, base + flags);
    add(code, BPF_ALU | BPF_AND | BPF_K, synAndAck);
    requireEqual(code, syn);
    add(code, BPF_LD | BPF_H | mode, base + destinationPort);
    for (const std::uint16_t port : served)
        dropWhenEqual(code, port);
    add(code, BPF_RET | BPF_K, packetStart);
}

Code fourFilter(std::span<const std::uint16_t> served)
{
    Code code;
    add(code, BPF_LD | BPF_B | BPF_ABS, 9); // protocol
    requireEqual(code, IPPROTO_TCP);
    add(code, BPF_LD | BPF_W | BPF_ABS, 16); // destination
    add(code, BPF_ALU | BPF_AND | BPF_K, 0xfffe'0000);
    requireEqual(code, 0xc612'0000);
    add(code, BPF_LD | BPF_H | BPF_ABS, 6); // offset of a fragment
    add(code, BPF_ALU | BPF_AND | BPF_K, 0x1fff);
    requireEqual(code, 0);
    add(code, BPF_LDX | BPF_B | BPF_MSH, 0);
    judgeTcp(code, BPF_IND, 0, served);
    return code;
}

Code sixFilter(std::span<const std::uint16_t> served)
{
    constexpr __u32 header = 40;
    Code code;
    add(code, BPF_LD | BPF_B | BPF_ABS, 6); // next header
    requireEqual(code, IPPROTO_TCP);
    add(code, BPF_LD | BPF_W | BPF_ABS, 24); // destination
    requireEqual(code, 0x0100'0000);
    add(code, BPF_LD | BPF_W | BPF_ABS, 28);
    requireEqual(code, 0);
    judgeTcp(code, BPF_ABS, header, served);
    return code;
}

} // namespace

std::vector<sock_filter> attemptFilter(std::span<const std::uint16_t> served)
{
    const Code four = fourFilter(served);
    const Code six = sixFilter(served);
    Code code;
    // Loopback shows each packet twice.
    add(code, BPF_LD | BPF_W | BPF_ABS, static_cast<__u32>(SKF_AD_OFF + SKF_AD_PKTTYPE));
    dropWhenEqual(code, PACKET_OUTGOING);
    add(code, BPF_LD | BPF_B | BPF_ABS, 0); // version, and more
    add(code, BPF_ALU | BPF_RSH | BPF_K, 4);
    add(code, BPF_JMP | BPF_JEQ | BPF_K, 6, 0, static_cast<__u8>(six.size()));
    code.insert(code.end(), six.begin(), six.end());
    requireEqual(code, 4);
    code.insert(code.end(), four.begin(), four.end());
    return code;
}

agent::SystemResult<agent::Descriptor> openAttemptSocket(std::span<const std::uint16_t> served)
{
    // Without a protocol it hears nothing before its filter is there.
    agent::Descriptor socket(::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket.isOpen())
        return agent::refused("make a packet socket");
    Code code = attemptFilter(served);
    const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
    const int on = 1;
    ::setsockopt(socket.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on); // spares a copy of each packet
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = static_cast<int>(::if_nametoindex("lo"));
    if (::setsockopt(socket.get(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0 ||
        ::bind(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        return agent::refused("hear the job's network");
    return socket;
}

} // namespace danube::sandbox
