# SPDX-License-Identifier: GPL-3.0-or-later
"""What a step may try to reach what is on no list, one function a row. Runs as a step: TARGETS (JSON, by environment) says where the
test's own servers are. Prints {row: "reached: …" | "refused: …"}. A row succeeds when it got an answer that the guard should not let
it have; anything it raises is a refusal.

Each row says what guards against it, and the test shows the row succeeding without that: "sandbox" (local.egress = "off"), "plain" (a
network namespace with routes and servers, in which nothing else is), "process" (a process of this machine that nothing surrounds), or
the switches of guardsoff.py that take single protections out of the guard, the sandbox or the agent."""
import array
import ctypes
import json
import os
import signal
import socket
import ssl
import struct

ROWS = {}
T = json.loads(os.environ.get("TARGETS", "{}"))
RESOLVER = ("127.0.0.53", 53)
A, TXT, AAAA, HTTPS, AXFR, ANY = 1, 16, 28, 65, 252, 255
libc = ctypes.CDLL(None, use_errno=True)


def row(guard):
    def note(function):
        ROWS[function.__name__] = (function, guard)
        return function
    return note


def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def tcp(host, port, say=b"hello\n"):
    with socket.create_connection((host, port), timeout=5) as connection:
        connection.sendall(say)
        got = connection.recv(100)
    if not got:
        raise ConnectionError("closed without a word")
    return got


def udp(host, port, say=b"hello", family=socket.AF_INET):
    with socket.socket(family, socket.SOCK_DGRAM) as mine:
        mine.settimeout(2)
        mine.connect((host, port))
        mine.send(say)
        return mine.recv(500)


def unix(path):
    with socket.socket(socket.AF_UNIX) as mine:
        mine.settimeout(3)
        mine.connect(path)
        return mine.recv(100)


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    return made


def tls(address, sni, port=443, family=0):
    with socket.create_connection((address, port), timeout=5) as raw, context().wrap_socket(raw, server_hostname=sni) as connection:
        return connection.recv(100) or b"a handshake"


def address_of(name, family=socket.AF_INET):
    return socket.getaddrinfo(name, None, family, socket.SOCK_STREAM)[0][4][0]


def http(name, text):
    with socket.create_connection((address_of(name), 80), timeout=5) as connection:
        connection.sendall(text)
        got = connection.recv(1000)
    if not got.startswith(b"HTTP/1.1 200"):
        raise ConnectionError(repr(got[:60]))
    return got


def query(name, kind, over="udp", server=RESOLVER, number=1):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    text = struct.pack("!6H", 7, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", kind, number)
    if over == "udp":
        answer = udp(*server, text)
    else:
        with socket.create_connection(server, timeout=5) as connection:
            connection.sendall(struct.pack("!H", len(text)) + text)
            answer = connection.recv(2000)[2:]
    code, answers = answer[3] & 15, struct.unpack("!H", answer[6:8])[0]
    if code or not answers:
        raise ConnectionError(f"rcode {code}, {answers} answers")
    return answer


def request_netlink(kind, body):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as route:
        route.settimeout(3)
        route.send(struct.pack("=IHHII", 16 + len(body), kind, 0x605, 1, 0) + body)
        error = struct.unpack("=i", route.recv(4096)[16:20])[0]
    if error:
        raise OSError(-error, os.strerror(-error))
    return b"done"


# By address

@row("sandbox")
def loopback_of_the_host():
    return tcp("127.0.0.1", T["tcp"])

@row("sandbox")
def loopback_of_the_host_by_ipv6():
    return tcp("::1", T["tcp6"])

@row("sandbox")
def loopback_by_a_mapped_address():
    return tcp("::ffff:127.0.0.1", T["tcp"])

@row("sandbox")
def loopback_by_the_unspecified_address():
    return tcp("0.0.0.0", T["tcp"])

@row("sandbox")
def loopback_by_another_of_its_addresses():
    return tcp("127.0.0.2", T["tcp"])

@row("sandbox")
def rest_port_of_the_master():
    return tcp("127.0.0.1", T["rest"], b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")

@row("sandbox")
def rpc_port_of_the_master():
    return tcp("127.0.0.1", T["rpc"], b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0")

@row("sandbox")
def udp_server_of_the_host():
    return udp("127.0.0.1", T["udp"])

@row("sandbox")
def doh_server_by_address():
    return tls("127.0.0.1", "doh.forbidden.test", T["tls"])

@row("plain")
def raw_ipv4_443():
    return tls("192.0.2.10", "tls.allowed.test")

@row("plain")
def raw_ipv4_80():
    return tcp("203.0.113.1", 80, b"GET / HTTP/1.1\r\nHost: http.allowed.test\r\n\r\n")

@row("plain")
def raw_ipv6():
    return tls("2001:db8::1", "tls.allowed.test")

@row("plain")
def metadata_address():
    return tcp("169.254.169.254", 80, b"GET / HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n")

@row("plain")
def metadata_address_by_ipv6():
    return tcp("fd00:ec2::254", 80, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")

@row("unassigned")
def unassigned_address():
    return tls("198.18.200.200", "tls.allowed.test")

@row("unassigned")
def unassigned_address_of_the_other_half():
    return tls("198.19.255.254", "tls.allowed.test")

@row("unassigned")
def unassigned_ipv6_address():
    return tls("100::dead:beef", "tls.allowed.test")

@row("unassigned")
def unassigned_address_by_http():
    return tcp("198.18.200.201", 80, b"GET / HTTP/1.1\r\nHost: http.allowed.test\r\n\r\n")

@row("plain")
def fast_open():
    with socket.socket() as mine:
        mine.sendto(b"hello", 0x20000000, ("198.51.100.1", 443))
        return mine.recv(100)


# By name

@row("names")
def name_on_no_list():
    return tls(address_of("forbidden.test"), "forbidden.test")

@row("names")
def name_on_no_list_by_ipv6():
    return tls(address_of("forbidden.test", socket.AF_INET6), "forbidden.test")

@row("sni")
def other_name_at_an_allowed_address():
    return tls(address_of("tls.allowed.test"), "forbidden.test")

@row("sni")
def other_name_at_an_allowed_ipv6_address():
    return tls(address_of("tls.allowed.test", socket.AF_INET6), "forbidden.test")

@row("sni")
def no_name_at_an_allowed_address():
    return tls(address_of("tls.allowed.test"), None)

@row("host")
def other_host_at_an_allowed_address():
    return http("http.allowed.test", b"GET / HTTP/1.1\r\nHost: forbidden.test\r\n\r\n")

@row("host")
def other_host_in_a_second_request():
    with socket.create_connection((address_of("http.allowed.test"), 80), timeout=5) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: http.allowed.test\r\n\r\n")
        first = connection.recv(1000)
        assert first.startswith(b"HTTP/1.1 200"), first
        connection.sendall(b"GET / HTTP/1.1\r\nHost: forbidden.test\r\n\r\n")
        got = connection.recv(1000)
    if not got.startswith(b"HTTP/1.1 200"):
        raise ConnectionError(repr(got[:60]))
    return got

@row("two-hosts")
def two_hosts_in_one_request():
    return http("http.allowed.test", b"GET / HTTP/1.1\r\nHost: http.allowed.test\r\nHost: forbidden.test\r\n\r\n")

@row("target")
def absolute_form_of_another_host():
    return http("http.allowed.test", b"GET http://forbidden.test/ HTTP/1.1\r\nHost: http.allowed.test\r\n\r\n")

@row("connect")
def connect_through_an_allowed_host():
    return http("http.allowed.test", b"CONNECT forbidden.test:443 HTTP/1.1\r\nHost: http.allowed.test\r\n\r\n")

@row("host+no-host")
def no_host_at_all():
    return http("http.allowed.test", b"GET / HTTP/1.0\r\n\r\n")

@row("ports")
def other_port_of_an_allowed_name():
    return tls(address_of("tls.allowed.test"), "tls.allowed.test", 8443)

@row("first-bytes")
def plain_bytes_on_443():
    got = tcp(address_of("tls.allowed.test"), 443, b"SSH-2.0-tunnel\r\n")
    if got.startswith(b"\x15\x03"):
        raise ConnectionError("a TLS alert")
    return got

@row("plain")
def a_port_that_nobody_serves():
    return tls(address_of("tls.allowed.test"), "tls.allowed.test", 9443)

@row("private")
def name_that_leads_to_this_machine():
    return tcp(address_of("rebound.test"), T["tcp"])

@row("private")
def name_that_leads_to_this_machine_by_ipv6():
    return tcp(address_of("rebound6.test", socket.AF_INET6), T["tcp6"])

@row("encrypted-hello")
def encrypted_hello():
    """The outer name is the right one; what the inner one is nobody between can see."""
    def part(kind, body):
        return struct.pack("!HH", kind, len(body)) + body
    name = b"tls.allowed.test"
    extensions = part(0, struct.pack("!HBH", len(name) + 3, 0, len(name)) + name) + part(10, b"\0\2\0\x17") + part(11, b"\1\0") + \
        part(13, b"\0\4\4\3\x08\4") + part(0xfe0d, b"\0\0\1\0\1\7\0\x20" + bytes(32) + b"\0\x20" + bytes(32))
    body = b"\3\3" + bytes(range(32)) + b"\0" + b"\0\4\xc0\x2b\xc0\x2f" + b"\1\0" + struct.pack("!H", len(extensions)) + extensions
    hello = b"\1\0" + struct.pack("!H", len(body)) + body
    got = tcp(address_of("tls.allowed.test"), 443, b"\x16\3\1" + struct.pack("!H", len(hello)) + hello)
    if got[:1] != b"\x16":
        raise ConnectionError("a TLS alert")
    return got[:20]

@row("plain")
def quic_at_an_allowed_address():
    return udp(address_of("tls.allowed.test"), 443, b"\xc0" + b"\0" * 1199)

@row("plain")
def quic_at_a_raw_address():
    return udp("192.0.2.10", 443, b"\xc0" + b"\0" * 1199)


# By DNS

@row("sandbox")
def another_resolver():
    return udp("127.0.0.1", T["dns"])

@row("plain")
def another_resolver_on_port_53():
    return udp("192.0.2.53", 53)

@row("plain")
def another_resolver_by_tcp():
    return tcp("198.51.100.53", 53)

@row("names")
def a_name_over_tcp():
    return query("forbidden.test", A, "tcp")

@row("names")
def tunnel_below_an_allowed_name():
    return query("0123456789abcdef." * 3 + "deep.tls.allowed.test", A)

@row("types")
def tunnel_in_txt():
    return query("tls.allowed.test", TXT)

@row("types")
def encrypted_hello_keys():
    return query("tls.allowed.test", HTTPS)

@row("types")
def every_type():
    return query("tls.allowed.test", ANY)

@row("names+types")
def zone_transfer():
    return query("allowed.test", AXFR, "tcp")

@row("classes+names+types")
def chaos_class():
    return query("version.bind", TXT, number=3)

@row("names+types")
def reverse_lookup():
    return query("1.2.0.192.in-addr.arpa", 12)


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


def attempt(function):
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(20)
        try:
            said = f"reached: {function()!r:.80}"
        except BaseException as error:
            said = f"refused: {type(error).__name__}: {error}"
        os.write(theirs, said.encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said or "refused: killed"


def attempt_all(only=None):
    """`only`: a guard, or names of rows with commas between."""
    chosen = (only or "").split(",")
    return {name: attempt(function) for name, (function, guard) in ROWS.items() if not only or guard == only or name in chosen}


if __name__ == "__main__":
    print(json.dumps(attempt_all(os.environ.get("ONLY"))))
