#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sources of a danube-guard, a danube-sandbox and a danube-agent whose protections can be taken away one by one, for the
proof that every row of the bypass table can fail (tests/scenario/test_egress_bypass.py). The product's own sources know nothing of it.

guardsoff.py SOURCE OUT: writes OUT/<path> for each file of SWITCHES, changed. A text that is not there exactly once is an error:
these switches must follow the code."""
import pathlib
import sys

GUARD, SANDBOX, AGENT = "server/guard", "server/sandbox", "server/agent"
# (file, what it says, what it says here). The names within isOff() are the switches.
SWITCHES = [
    # names: those on no list are answered and connected to; ports: any of a listed name
    (f"{GUARD}/guardpolicy.cpp", "    return remember(m_remembered, name, [&]",
     '    return isOff("names") || remember(m_remembered, name, [&]'),
    (f"{GUARD}/guardpolicy.cpp", "    return remember(m_remembered, name + ':'",
     "    return isOff(\"names\") || (isOff(\"ports\") && isReachable(name)) || remember(m_remembered, name + ':'"),
    # what a connection begins with
    (f"{GUARD}/gate.cpp", "    return port == 443 ?", '    return isOff("first-bytes") ? Speech::Any : port == 443 ?'),
    (f"{GUARD}/gate.cpp", "    if (hello.serverName.empty())", '    if (hello.serverName.empty() && !isOff("sni"))'),
    (f"{GUARD}/gate.cpp", "    if (hello.serverName != m_name)", '    if (hello.serverName != m_name && !isOff("sni"))'),
    (f"{GUARD}/gate.cpp", "    if (hello.hasEncryptedHello &&", '    if (!isOff("encrypted-hello") && hello.hasEncryptedHello &&'),
    (f"{GUARD}/hostreader.cpp", "    if (framing.hosts != 1)",
     '    if ((framing.hosts == 0 && !isOff("no-host")) || (framing.hosts > 1 && !isOff("two-hosts")))'),
    (f"{GUARD}/hostreader.cpp", "    if (!m_targetHost.empty() &&", '    if (!isOff("target") && !m_targetHost.empty() &&'),
    (f"{GUARD}/hostreader.cpp", "    if (!m_expected.empty() &&", '    if (!isOff("host") && !m_expected.empty() &&'),
    (f"{GUARD}/hostreader.cpp", '        return refuse("CONNECT");', '        return isOff("connect") || refuse("CONNECT");'),
    # addresses that no look-up gave, and those that no name may lead to
    (f"{GUARD}/connection.cpp", "    const std::string *name = m_site.names.nameOf(m_address);\n",
     '    const std::string assumed = m_port == 80 ? "http.allowed.test" : "tls.allowed.test";\n'
     "    const std::string *name = m_site.names.nameOf(m_address);\n"
     '    if (!name && isOff("unassigned"))\n        name = &assumed;\n'),
    (f"{GUARD}/nameservice.cpp", "        const bool isForbidden = !isReachable(",
     '        const bool isForbidden = !isOff("private") && !isReachable('),
    # DNS
    (f"{GUARD}/dnsresponder.cpp", "    if (!isAddressType(query->type))\n        return reply(*query, refused",
     '    if (!isAddressType(query->type) && !isOff("types"))\n        return reply(*query, refused'),
    (f"{GUARD}/dnsresponder.cpp", "    const bool isListed = !name.empty() && query->queryClass == classIn &&",
     '    const bool isListed = !name.empty() && (query->queryClass == classIn || isOff("classes")) &&'),
    (f"{GUARD}/dnsresponder.cpp", "    if (name.empty() || query->queryClass != classIn ||",
     '    if (name.empty() || (query->queryClass != classIn && !isOff("classes")) ||'),
    # the sandbox
    (f"{SANDBOX}/keeper.cpp", "    auto ready = dropPrivileges();\n    if (ready)\n",
     '    auto ready = isOff("capabilities") ? guardsoff::keepPrivileges() : dropPrivileges();\n    if (ready && !isOff("calls"))\n'),
    (f"{SANDBOX}/jobroot.cpp", "            shown = overlay(nothing, source, root + m_visible[index].path);",
     '            shown = isOff("overlays") ? bind(source, root + m_visible[index].path)\n'
     "                                      : overlay(nothing, source, root + m_visible[index].path);"),
    (f"{SANDBOX}/guardstart.cpp", "    return environment;\n",
     '    environment.push_back("DANUBE_TEST_OFF=" + guardsoff::switches);\n    return environment;\n'),
    # the agent, which steps cannot look into, and which drops some capabilities, too
    (f"{AGENT}/launch.cpp", "void dropCapabilities()\n{\n", 'void dropCapabilities()\n{\n    if (isOff("capabilities"))\n        return;\n'),
    (f"{AGENT}/daemon.cpp", "prctl(PR_SET_DUMPABLE, 0);", 'prctl(PR_SET_DUMPABLE, isOff("dumpable") ? 1 : 0);'),
]
OPENING = {GUARD: "namespace danube::guard {\n", SANDBOX: "namespace danube::sandbox {\n", AGENT: "namespace danube::agent {\n"}


def replaced(text, old, new, path):
    if text.count(old) != 1:
        raise SystemExit(f"guardsoff: {path} does not hold {old!r} exactly once: this switch must follow the code")
    return text.replace(old, new)


def main():
    source, out = map(pathlib.Path, sys.argv[1:])
    for path in sorted({path for path, _, _ in SWITCHES}):
        text = (source / path).read_text(encoding="utf-8")
        for _, old, new in (switch for switch in SWITCHES if switch[0] == path):
            text = replaced(text, old, new, path)
        opening = OPENING[str(pathlib.Path(path).parent)]
        text = replaced(text, opening, f"{opening}\nusing guardsoff::isOff;\n", path)
        place = out / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text('#include "tests/support/guardsoff/switches.h"\n\n' + text, encoding="utf-8")


if __name__ == "__main__":
    main()
