# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of egressattacks.py that try the machine: its sockets, its protocols, its settings, its namespaces and processes."""
import array
import ctypes
import os
import socket
import struct

from egresstable import T, check, libc, row, tcp, unix


def request_netlink(kind, body):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as route:
        route.settimeout(3)
        route.send(struct.pack("=IHHII", 16 + len(body), kind, 0x605, 1, 0) + body)
        error = struct.unpack("=i", route.recv(4096)[16:20])[0]
    if error:
        raise OSError(-error, os.strerror(-error))
    return b"done"


# By Unix sockets

@row("sandbox")
def unix_socket_of_the_host():
    return unix(T["unix"])

@row("sandbox")
def unix_socket_in_shared_memory():
    return unix(T["unix_shm"])

@row("sandbox")
def unix_socket_in_a_folder_that_is_shown():
    assert os.path.exists(T["unix_shown"])
    return unix(T["unix_shown"])

@row("sandbox")
def abstract_socket_of_the_host():
    return unix("\0" + T["abstract"])

@row("sandbox")
def unix_socket_by_another_process():
    """As /proc/<pid>/root shows it, of whichever process."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            return unix(f"/proc/{pid}/root{T['unix']}")
        except OSError as error:
            last = error
    raise last


# By protocols that know of no namespace, or of no port

def attempt_socket(family, kind, protocol=0):
    socket.socket(family, kind, protocol).close()
    return b"a socket"

@row("calls+capabilities")
def packet_socket():
    return attempt_socket(socket.AF_PACKET, socket.SOCK_RAW)

@row("capabilities")
def raw_ipv4_socket():
    return attempt_socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)

@row("capabilities")
def raw_ipv6_socket():
    return attempt_socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)

@row("capabilities")
def icmp():
    return attempt_socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)

@row("plain")
def icmp_by_a_ping_socket():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP) as mine:
        mine.settimeout(2)
        mine.sendto(b"\x08\0\0\0\0\0\0\0ping", ("192.0.2.1", 0))
        return mine.recv(100)

@row("sandbox")
def vsock():
    """Virtual machines talk to their host by these, whatever network they have."""
    return attempt_socket(socket.AF_VSOCK, socket.SOCK_STREAM)

@row("plain")
def sctp():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132) as mine:
        mine.settimeout(3)
        mine.connect(("192.0.2.1", 443))
    return b"connected"

@row("calls")
def bluetooth():
    return attempt_socket(31, socket.SOCK_RAW)

@row("calls")
def tipc():
    return attempt_socket(30, socket.SOCK_STREAM)

@row("calls")
def io_uring():
    check(libc.syscall(425, 1, ctypes.create_string_buffer(120)))
    return b"a ring"


# By the network's own settings

@row("capabilities")
def a_route_of_its_own():
    body = struct.pack("=8BI", socket.AF_INET, 24, 0, 0, 254, 4, 0, 1, 0) + struct.pack("=HH4s", 8, 1, socket.inet_aton("192.0.2.0")) + \
        struct.pack("=HHI", 8, 4, 1)
    return request_netlink(24, body)

@row("capabilities")
def an_address_of_its_own():
    body = struct.pack("=4BI", socket.AF_INET, 24, 0, 0, 1) + struct.pack("=HH4s", 8, 2, socket.inet_aton("192.0.2.1"))
    return request_netlink(20, body)

@row("capabilities")
def a_device_of_its_own():
    for number, kind in enumerate((b"dummy", b"veth", b"bridge", b"ifb")):
        name = struct.pack("=HH8s", 12, 3, b"danube%d\0" % number)
        about = struct.pack("=HH8s", 12, 1, kind.ljust(8, b"\0"))
        try:
            return request_netlink(16, struct.pack("=BxHiII", 0, 0, 0, 0, 0) + name + struct.pack("=HH", 4 + len(about), 18) + about)
        except OSError as error:
            last = error
    raise last

@row("capabilities")
def forwarding():
    with open("/proc/sys/net/ipv4/ip_forward", "w") as file:
        file.write("1")
    return b"written"

@row("process")
def another_device():
    with socket.socket() as mine:
        mine.setsockopt(socket.SOL_SOCKET, 25, T["device"].encode() + b"\0")
    return b"bound"

@row("capabilities")
def transparent_addresses():
    with socket.socket() as mine:
        mine.setsockopt(socket.SOL_IP, 19, 1)
    return b"set"


# By other namespaces and processes

@row("sandbox")
def namespaces_of_the_host():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{pid}/ns/net") == T["host_network"]:
                return b"seen"
        except OSError:
            pass
    raise ProcessLookupError("no process of the host")

@row("capabilities")
def enter_the_first_process():
    """Only to be told that it is the job's own, and may not be entered."""
    check(libc.setns(os.open("/proc/1/ns/mnt", os.O_RDONLY), 0))
    return b"entered"

@row("process")
def through_namespaces_of_its_own():
    if libc.unshare(0x40000000) < 0:
        check(libc.unshare(0x10000000 | 0x40000000))
    check(libc.setns(os.open(f"/proc/{T['agent']}/ns/net", os.O_RDONLY), 0x40000000))
    return tcp("127.0.0.1", T["tcp"])

@row("overlays")
def write_access_by_mounts_of_its_own():
    assert os.path.isdir(T["shown"])
    if libc.unshare(0x10000000 | 0x00020000) == 0:
        libc.mount(None, T["shown"].encode(), None, 32 | 4096, None)
    with open(f"{T['shown']}/danube-was-here", "w"):
        return b"written"

@row("capabilities")
def below_the_mounts():
    if libc.umount2(b"/etc", 2) < 0:
        check(libc.unshare(0x10000000 | 0x00020000))
        check(libc.umount2(b"/etc", 2))
    return b"unmounted"

@row("sandbox")
def a_file_of_the_host():
    with open(T["host_file"], "rb") as file:
        return file.read(10)

@row("sandbox")
def keys_of_the_master():
    with open(T["master_key"], "rb") as file:
        return file.read(4)

@row("overlays")
def a_program_of_the_host():
    with open(f"{T['shown']}/tool", "ab") as file:
        file.write(b"# changed\n")
    return b"written"

@row("process")
def signal_to_the_guard():
    os.kill(T["guard"], 0)
    return b"there"

@row("process")
def trace_the_guard():
    check(libc.ptrace(0x4206, T["guard"], 0, 0))
    return b"traced"

@row("dumpable")
def trace_the_agent():
    check(libc.ptrace(0x4206, T["agent"], 0, 0))
    return b"traced"

@row("dumpable")
def descriptors_of_the_agent():
    return os.readlink("/proc/1/fd/3").encode()

@row("process")
def descriptors_of_the_guard():
    return os.pidfd_open(T["guard"], 0) and b"opened"

@row("process")
def inherited_descriptors():
    for number in range(3, 200):
        try:
            kind = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue
        if "socket" in kind or "anon_inode" in kind:
            return kind.encode()
    raise OSError("none")

@row("process")
def the_coordinators_way_to_the_master():
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, fileno=3) as dialer:
        dialer.send(b"dial\n")
        text, passed, _, _ = dialer.recvmsg(100, socket.CMSG_SPACE(4))
        return text + bytes(len(array.array("i", passed[0][2])))

@row("process")
def devices_of_the_host():
    for name in ("vsock", "net/tun", "mem", "kmsg", "vda", "sda", "fuse", "kvm"):
        if os.path.exists(f"/dev/{name}"):
            return name.encode()
    raise FileNotFoundError("none")

@row("process")
def programs_with_privileges():
    PR_GET_NO_NEW_PRIVS = 39
    if libc.prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1:
        raise PermissionError("none are gained")
    return b"gained"

@row("capabilities")
def capabilities():
    with open("/proc/self/status") as file:
        sets = {line.split(":")[0]: int(line.split(":")[1], 16) for line in file if line.startswith("Cap")}
    if any(sets.values()):
        return repr(sets).encode()
    raise PermissionError("none")

@row("process")
def proxies_of_the_host():
    found = [name for name in os.environ if name.lower().endswith("_proxy")]
    if found:
        return ",".join(found).encode()
    raise LookupError("none")

@row("sandbox")
def names_of_the_hosts_file():
    """The host's own answer for its name leads to it; inside the name is the job's own loopback."""
    return tcp("localhost", T["tcp"])
