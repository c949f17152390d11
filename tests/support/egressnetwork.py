# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of egressattacks.py that try the network: by address, by name and by DNS."""
import socket
import struct

from egresstable import A, ANY, AXFR, HTTPS, T, TXT, address_of, http, query, row, tcp, tls, udp


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
