// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/listing.h"

#include <QTest>

using namespace danube;
using namespace danube::egress;
using namespace Qt::StringLiterals;

class TestListing : public QObject
{
    Q_OBJECT

private slots:
    void saysWhatEnforcingWouldDo_data()
    {
        QTest::addColumn<QString>("protocol");
        QTest::addColumn<QStringList>("names");
        QTest::addColumn<int>("port");
        QTest::addColumn<bool>("isWorld");
        QTest::addColumn<bool>("expected");
        const auto query = [](const char *name, bool expected) {
            QTest::newRow(qPrintable(u"query "_s + QString::fromUtf8(name)))
                << u"DNS"_s << QStringList(QString::fromUtf8(name)) << 0 << false << expected;
        };
        query("github.com", true);
        query("GitHub.com", true);
        query("evil.example.com", false);
        query("a.cdn.example.com", true);
        query("only.example.org", true); // port 8443 only, but the name is asked for
        query("master.danube-system.svc.cluster.local", true);
        query("github.com.danube-jobs.svc.cluster.local", true);
        query("1.2.3.4.5.6.7.8.9.cluster.local", false);
        query("cluster.local.example.com", false);
        query("..", false);
        const auto row = [](const char *name, const char *protocol, const QStringList &names, int port, bool isWorld,
                            bool expected) {
            QTest::newRow(name) << QString::fromUtf8(protocol) << names << port << isWorld << expected;
        };
        const QStringList github{u"github.com"_s};
        row("listed", "TCP", github, 443, true, true);
        row("other port", "TCP", github, 22, true, false);
        row("own port", "TCP", {u"only.example.org"_s}, 8443, true, true);
        row("not own port", "TCP", {u"only.example.org"_s}, 443, true, false);
        row("QUIC", "UDP", github, 443, true, false);
        row("ping", "ICMPv4", github, 0, true, false);
        row("address alone", "TCP", {}, 443, true, false);
        row("one of its names", "TCP", {u"x.example.net"_s, u"github.com"_s}, 443, true, true);
        row("resolver", "UDP", {u"kube-dns.kube-system.svc"_s}, 53, false, true);
        row("foreign resolver", "UDP", {}, 53, true, false);
        row("master", "TCP", {u"master.danube-system.svc"_s}, 9000, false, true);
        row("master's REST", "TCP", {u"master.danube-system.svc"_s}, 8080, false, false);
        row("API server", "TCP", {u"kubernetes.default.svc"_s}, 443, false, false);
        row("unnamed pod", "TCP", {}, 5000, false, true);
    }
    void saysWhatEnforcingWouldDo()
    {
        QFETCH(QString, protocol);
        QFETCH(QStringList, names);
        QFETCH(int, port);
        QFETCH(bool, isWorld);
        QFETCH(bool, expected);
        const Attempt attempt{.job = JobId(u"j"_s),
                              .outcome = Attempt::Outcome::LetThrough,
                              .time = {},
                              .protocol = protocol,
                              .port = static_cast<quint16>(port),
                              .address = u"192.0.2.1"_s,
                              .names = names,
                              .isWorld = isWorld};
        const Allowlists lists{.base = {u"github.com"_s, u"no entry"_s},
                               .pipeline = {u"*.cdn.example.com"_s, u"only.example.org:8443"_s}};
        QCOMPARE(isListed(attempt, lists), expected);
    }
};

QTEST_GUILESS_MAIN(TestListing)
#include "tst_listing.moc"
