// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sandbox/callfilter.h"
#include "server/sandbox/guardstart.h"
#include "server/sandbox/hostmounts.h"
#include "server/sandbox/identity.h"
#include "server/sandbox/options.h"
#include "server/sandbox/routemessage.h"

#include <QTest>

#include <linux/audit.h>
#include <linux/rtnetlink.h>
#include <linux/seccomp.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cstring>

using namespace danube::sandbox;
using namespace Qt::StringLiterals;

namespace {

/// What the kernel's interpreter would answer.
__u32 judge(const std::vector<sock_filter> &code, const seccomp_data &data)
{
    __u32 loaded = 0;
    for (std::size_t at = 0; at < code.size(); ++at) {
        const sock_filter &step = code[at];
        if (step.code == (BPF_LD | BPF_W | BPF_ABS))
            std::memcpy(&loaded, reinterpret_cast<const char *>(&data) + step.k, sizeof loaded);
        else if (step.code == (BPF_JMP | BPF_JEQ | BPF_K))
            at += loaded == step.k ? step.jt : step.jf;
        else if (step.code == (BPF_JMP | BPF_JGE | BPF_K))
            at += loaded >= step.k ? step.jt : step.jf;
        else
            return step.k;
    }
    return SECCOMP_RET_KILL_PROCESS;
}

constexpr __u32 noFamily = SECCOMP_RET_ERRNO | EAFNOSUPPORT;
constexpr __u32 noCall = SECCOMP_RET_ERRNO | ENOSYS;

} // namespace

class TestSandboxPlan : public QObject
{
    Q_OBJECT
private slots:
    void readsOptions()
    {
        const char *arguments[] = {"run",        "--dir",          "/j",  "--agent", "/a", "--guard",
                                   "/g",         "--guard-config", "/c",  "--flows", "/f", "--port",
                                   "80",         "--port",         "443", "--port",  "80", "--show",
                                   "/srv/tools", "--orphan-limit", "90"};
        const auto options = readOptions(arguments);
        QVERIFY(options.has_value());
        QCOMPARE(options->directory, std::string("/j"));
        QCOMPARE(options->ports, (std::vector<std::uint16_t>{80, 443}));
        QCOMPARE(options->visible, std::vector<std::string>{"/srv/tools"});
        QCOMPARE(options->orphanLimit, 90U);
    }
    void refusesOptions_data()
    {
        QTest::addColumn<QByteArrayList>("words");
        QTest::newRow("no verb") << QByteArrayList{};
        QTest::newRow("other verb") << QByteArrayList{"walk"};
        QTest::newRow("value missing") << QByteArrayList{"probe", "--show"};
        QTest::newRow("unknown option") << QByteArrayList{"probe", "--hide", "/a"};
        QTest::newRow("relative path") << QByteArrayList{"probe", "--show", "a"};
        QTest::newRow("the root") << QByteArrayList{"probe", "--show", "/"};
        QTest::newRow("dots") << QByteArrayList{"probe", "--show", "/a/../b"};
        QTest::newRow("dots at the end") << QByteArrayList{"probe", "--show", "/a/.."};
        QTest::newRow("port 0") << QByteArrayList{"probe", "--port", "0"};
        QTest::newRow("port 65536") << QByteArrayList{"probe", "--port", "65536"};
        QTest::newRow("limit 0") << QByteArrayList{"probe", "--orphan-limit", "0"};
        QTest::newRow("port with a sign") << QByteArrayList{"probe", "--port", "+80"};
        QTest::newRow("run without a folder") << QByteArrayList{"run", "--agent", "/a"};
    }
    void refusesOptions()
    {
        QFETCH(const QByteArrayList, words);
        std::vector<const char *> arguments;
        for (const QByteArray &word : words)
            arguments.push_back(word.constData());
        const auto options = readOptions(arguments);
        QVERIFY(!options.has_value());
        QVERIFY(!options.error().empty());
    }
    void choosesWhoJobsAre_data()
    {
        QTest::addColumn<uint>("caller");
        QTest::addColumn<QByteArray>("map");
        QTest::addColumn<uint>("inside");
        QTest::addColumn<uint>("outside");
        QTest::addColumn<bool>("isOwn");
        QTest::newRow("root of the machine")
            << 0U << QByteArray("         0          0 4294967295\n") << 0U << 1'900'001'234U << false;
        QTest::newRow("a user") << 1000U << QByteArray("0 0 4294967295\n") << 1000U << 1000U << true;
        QTest::newRow("root of a container") << 0U << QByteArray("0 100000 65536\n") << 0U << 61'234U << false;
        QTest::newRow("root of one id") << 0U << QByteArray("0 1000 1\n") << 0U << 0U << true;
        QTest::newRow("ids in two parts") << 0U << QByteArray("0 1000 1\n1 100000 65536\n") << 0U << 61'234U << false;
        QTest::newRow("no map") << 0U << QByteArray() << 0U << 0U << true;
    }
    void choosesWhoJobsAre()
    {
        QFETCH(const uint, caller);
        QFETCH(const QByteArray, map);
        const Identity identity = chooseIdentity(caller, map.toStdString(), 1234);
        QTEST(uint(identity.inside), "inside");
        QTEST(uint(identity.outside), "outside");
        QTEST(identity.isOwn, "isOwn");
        QVERIFY(identity.isOwn || identity.guard != identity.outside);
    }
    void givesTheGuardItsListenersLast()
    {
        std::vector<Listener> listeners;
        listeners.push_back({"dns-udp", 53, {}});
        listeners.push_back({"lifeline", 0, {}});
        QCOMPARE(firstMessage("{\"job\":\"j\"} \n", listeners).value(),
                 std::string(R"({"job":"j","listeners":[{"kind":"dns-udp","port":53},{"kind":"lifeline"}]})"));
        QCOMPARE(firstMessage("{}", {}).value(), std::string(R"({"listeners":[]})"));
        QVERIFY(!firstMessage("", listeners).has_value());
        QVERIFY(!firstMessage("[]", listeners).has_value());
        QCOMPARE(firstMessage('{' + std::string(70'000, ' ') + "\"a\":\"" + std::string(70'000, 'x') + "\"}", {})
                     .error()
                     .number,
                 E2BIG);
    }
    void findsMountsBelowSystemFolders()
    {
        const char *text = "22 1 8:1 / / rw - ext4 /dev/a rw\n"
                           "23 22 8:2 / /usr rw - ext4 /dev/b rw\n"
                           "24 23 8:3 / /usr/local rw,nosuid shared:4 - ext4 /dev/c rw\n"
                           "25 23 0:3 / /usr/lib/proc rw - proc proc rw\n"
                           "26 22 8:4 / /usrlocal rw - ext4 /dev/d rw\n"
                           "27 22 8:5 / /opt/with\\040blank rw - ext4 /dev/e rw\n"
                           "28 22 8:5 / /opt/with\\040blank rw - ext4 /dev/e rw\n"
                           "broken line\n";
        QCOMPARE(mountsBelow(text, {"/usr", "/opt"}), (std::vector<std::string>{"/opt/with blank", "/usr/local"}));
    }
    void asksForALocalRoute()
    {
        const auto four = addRouteMessage({.destination = "198.18.0.0", .prefix = 15, .device = 1});
        nlmsghdr header;
        rtmsg body;
        std::memcpy(&header, four.data(), sizeof header);
        std::memcpy(&body, four.data() + NLMSG_HDRLEN, sizeof body);
        QCOMPARE(size_t(header.nlmsg_len), four.size());
        QCOMPARE(header.nlmsg_type, __u16(RTM_NEWROUTE));
        QCOMPARE(int(body.rtm_family), AF_INET);
        QCOMPARE(int(body.rtm_dst_len), 15);
        QCOMPARE(int(body.rtm_type), int(RTN_LOCAL));
        QCOMPARE(int(body.rtm_table), int(RT_TABLE_LOCAL));
        const QByteArray bytes(reinterpret_cast<const char *>(four.data()), qsizetype(four.size()));
        QVERIFY(bytes.contains(QByteArray::fromHex("c6120000")));
        const auto six = addRouteMessage({.destination = "100::", .prefix = 64, .device = 1});
        std::memcpy(&body, six.data() + NLMSG_HDRLEN, sizeof body);
        QCOMPARE(int(body.rtm_family), AF_INET6);
        QVERIFY(six.size() > four.size());
    }
    void readsAcknowledgements()
    {
        std::vector<std::byte> answer(NLMSG_HDRLEN + sizeof(nlmsgerr));
        nlmsghdr header{};
        header.nlmsg_type = NLMSG_ERROR;
        nlmsgerr error{};
        error.error = -EPERM;
        std::memcpy(answer.data(), &header, sizeof header);
        std::memcpy(answer.data() + NLMSG_HDRLEN, &error, sizeof error);
        QCOMPARE(errorOf(answer), EPERM);
        QCOMPARE(errorOf(std::span(answer).first(8)), EBADMSG);
        header.nlmsg_type = NLMSG_DONE;
        std::memcpy(answer.data(), &header, sizeof header);
        QCOMPARE(errorOf(answer), EBADMSG);
    }
    void filtersSockets_data()
    {
        QTest::addColumn<uint>("arch");
        QTest::addColumn<int>("call");
        QTest::addColumn<qulonglong>("argument");
        QTest::addColumn<uint>("verdict");
#if defined(__x86_64__)
        const uint native = AUDIT_ARCH_X86_64;
        const uint i386 = AUDIT_ARCH_I386;
        QTest::newRow("x32") << native << int(0x4000'0000 + SYS_socket) << qulonglong(AF_INET) << noCall;
        QTest::newRow("i386 inet") << i386 << 359 << qulonglong(AF_INET) << uint(SECCOMP_RET_ALLOW);
        QTest::newRow("i386 vsock") << i386 << 359 << qulonglong(AF_VSOCK) << noFamily;
        QTest::newRow("i386 socketcall") << i386 << 102 << qulonglong(1) << noCall;
        QTest::newRow("i386 exit") << i386 << 1 << qulonglong(0) << uint(SECCOMP_RET_ALLOW);
        QTest::newRow("another machine's") << uint(AUDIT_ARCH_ARM) << 281 << qulonglong(AF_INET) << noCall;
#else
        const uint native = AUDIT_ARCH_AARCH64;
#endif
        for (const int family : {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK})
            QTest::addRow("family %d", family)
                << native << int(SYS_socket) << qulonglong(family) << uint(SECCOMP_RET_ALLOW);
        for (const int family : {AF_VSOCK, AF_PACKET, AF_BLUETOOTH, AF_ALG, AF_TIPC, AF_XDP, AF_UNSPEC, 45})
            QTest::addRow("no family %d", family) << native << int(SYS_socket) << qulonglong(family) << noFamily;
        // The kernel takes the family as an int: bits above do not make another of it.
        QTest::newRow("high bits") << native << int(SYS_socket) << (qulonglong(1) << 32 | AF_VSOCK) << noFamily;
        QTest::newRow("pair") << native << int(SYS_socketpair) << qulonglong(AF_TIPC) << noFamily;
        QTest::newRow("io_uring") << native << 425 << qulonglong(0) << noCall;
        QTest::newRow("other calls") << native << int(SYS_openat) << qulonglong(0) << uint(SECCOMP_RET_ALLOW);
    }
    void filtersSockets()
    {
        QFETCH(const uint, arch);
        QFETCH(const int, call);
        QFETCH(const qulonglong, argument);
        seccomp_data data{};
        data.nr = call;
        data.arch = arch;
        data.args[0] = argument;
        QTEST(uint(judge(callFilter(), data)), "verdict");
    }
};

QTEST_GUILESS_MAIN(TestSandboxPlan)
#include "tst_sandboxplan.moc"
