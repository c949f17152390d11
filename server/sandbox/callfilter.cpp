// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sandbox/callfilter.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cstddef>

namespace danube::sandbox {
namespace {

#if defined(__x86_64__)
constexpr __u32 nativeArch = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr __u32 nativeArch = AUDIT_ARCH_AARCH64;
#elif defined(__riscv) && __riscv_xlen == 64
constexpr __u32 nativeArch = AUDIT_ARCH_RISCV64;
#else
#error "name the AUDIT_ARCH_ of this architecture"
#endif

// Of i386, whose numbers no header of ours names.
constexpr __u32 i386SocketCall = 102;
constexpr __u32 i386Socket = 359;
constexpr __u32 i386SocketPair = 360;
constexpr __u32 ioUringSetup = 425; // the same everywhere
constexpr __u32 x32Bit = 0x4000'0000;

constexpr __u32 refuseWith(int error)
{
    return SECCOMP_RET_ERRNO | (static_cast<__u32>(error) & SECCOMP_RET_DATA);
}

class Program
{
public:
    void load(std::size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, static_cast<__u32>(offset)); }
    void answer(__u32 action) { add(BPF_RET | BPF_K, action); }
    /// When the loaded value is `value`: `action`.
    void when(__u32 value, __u32 action)
    {
        add(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
        answer(action);
    }
    /// When the loaded value is any of `values`, what `then` adds (it must answer); else what follows.
    template <class Then> void whenAny(std::initializer_list<__u32> values, Then then)
    {
        Program inner;
        then(inner);
        auto left = static_cast<__u8>(values.size());
        for (const __u32 value : values) {
            --left;
            add(BPF_JMP | BPF_JEQ | BPF_K, value, left, left == 0 ? static_cast<__u8>(inner.m_code.size()) : __u8(0));
        }
        m_code.insert(m_code.end(), inner.m_code.begin(), inner.m_code.end());
    }
    void whenAtLeast(__u32 value, __u32 action)
    {
        add(BPF_JMP | BPF_JGE | BPF_K, value, 0, 1);
        answer(action);
    }
    std::vector<sock_filter> take() { return std::move(m_code); }

private:
    void add(int code, __u32 value, __u8 yes = 0, __u8 no = 0)
    {
        m_code.push_back({static_cast<__u16>(code), yes, no, value});
    }
    std::vector<sock_filter> m_code;
};

// The low word of the first argument comes first on little-endian machines, which all of ours are.
void judgeFamily(Program &program)
{
    program.load(offsetof(seccomp_data, args));
    for (const __u32 family : {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK})
        program.when(family, SECCOMP_RET_ALLOW);
    program.answer(refuseWith(EAFNOSUPPORT));
}

void judgeCall(Program &program, std::initializer_list<__u32> socketCalls)
{
    program.load(offsetof(seccomp_data, nr));
    program.when(ioUringSetup, refuseWith(ENOSYS));
    program.whenAny(socketCalls, judgeFamily);
    program.answer(SECCOMP_RET_ALLOW);
}

} // namespace

std::vector<sock_filter> callFilter()
{
    Program program;
    program.load(offsetof(seccomp_data, arch));
    program.whenAny({nativeArch}, [](Program &native) {
#if defined(__x86_64__)
        native.load(offsetof(seccomp_data, nr));
        native.whenAtLeast(x32Bit, refuseWith(ENOSYS));
#endif
        judgeCall(native, {SYS_socket, SYS_socketpair});
    });
#if defined(__x86_64__)
    program.whenAny({AUDIT_ARCH_I386}, [](Program &foreign) {
        foreign.load(offsetof(seccomp_data, nr));
        foreign.when(i386SocketCall, refuseWith(ENOSYS)); // its arguments lie in memory, where no filter sees them
        judgeCall(foreign, {i386Socket, i386SocketPair});
    });
#endif
    program.answer(refuseWith(ENOSYS));
    return program.take();
}

agent::SystemResult<void> applyCallFilter()
{
    auto code = callFilter();
    const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0)
        return agent::refused("filter system calls");
    return {};
}

} // namespace danube::sandbox
