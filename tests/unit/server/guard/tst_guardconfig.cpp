// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/guard/guardconfig.h"

#include <QTest>

using namespace danube;
using namespace danube::guard;
using namespace Qt::StringLiterals;

class TestGuardConfig : public QObject
{
    Q_OBJECT

    static QJsonObject least()
    {
        return {{u"job"_s, u"0abcdefghijklmno"_s},
                {u"mode"_s, u"enforce"_s},
                {u"listeners"_s, QJsonArray{QJsonObject{{u"kind"_s, u"lifeline"_s}}}}};
    }
    static Result<GuardConfig> parse(const QJsonObject &object)
    {
        return parseGuardConfig(QJsonDocument(object).toJson());
    }

private slots:
    void readsTheLeast()
    {
        const auto config = parse(least());
        QVERIFY2(config.has_value(), config ? "" : qPrintable(config.error().message));
        QCOMPARE(config->jobsNamespace, u"danube-jobs"_s);
        QCOMPARE(config->limits, Limits());
        QVERIFY(config->encryptedHello == EncryptedHello::Refuse && config->mode == egress::Mode::Enforce);
        QVERIFY(!config->rpc && !config->resolver);
    }
    void readsAll()
    {
        QJsonObject object = least();
        object[u"mode"] = u"audit"_s;
        object[u"entries"] = QJsonArray{u"a.org"_s, u"*.b.org:8443"_s};
        object[u"cilium_version"] = u"1.18"_s;
        object[u"namespace"] = u"jobs"_s;
        object[u"rpc"] = u"[::1]:9000"_s;
        object[u"hosts"] = QJsonObject{{u"A.org."_s, QJsonArray{u"127.0.0.1:1"_s, u"::1"_s}}};
        object[u"private_ok"] = QJsonArray{u"B.org"_s};
        object[u"ech"] = u"outer"_s;
        object[u"limits"] = QJsonObject{{u"connections"_s, 7}, {u"hello_ms"_s, 50}};
        object[u"listeners"] =
            QJsonArray{QJsonObject{{u"kind"_s, u"dns-udp"_s}, {u"address"_s, u"127.0.0.53:53"_s}},
                       QJsonObject{{u"kind"_s, u"tcp6"_s}, {u"port"_s, 443}}, QJsonObject{{u"kind"_s, u"lifeline"_s}}};
        const auto config = parse(object);
        QVERIFY2(config.has_value(), config ? "" : qPrintable(config.error().message));
        QVERIFY(config->mode == egress::Mode::Audit && config->encryptedHello == EncryptedHello::Outer);
        QCOMPARE(config->entries.size(), 2);
        QCOMPARE(config->cilium, (egress::CiliumVersion{1, 18}));
        QCOMPARE(config->rpc->port, uint16_t(9000));
        QCOMPARE(config->hosts.at("a.org").size(), size_t(2));
        QVERIFY(config->mayBePrivate.contains("b.org"));
        QCOMPARE(config->limits.connections, 7);
        QCOMPARE(config->limits.hello, milliseconds(50));
        QCOMPARE(config->listeners[1], (Listener{Listener::Kind::Tcp, 443}));
    }
    void refuses_data()
    {
        QTest::addColumn<QString>("member");
        QTest::addColumn<QJsonValue>("value");
        const auto row = [](const char *name, const QString &member, const QJsonValue &value) {
            QTest::newRow(name) << member << value;
        };
        row("job with a slash", u"job"_s, u"a/b"_s);
        row("no job", u"job"_s, QJsonValue());
        row("no mode", u"mode"_s, QJsonValue());
        row("unknown mode", u"mode"_s, u"off"_s);
        row("entry that is none", u"entries"_s, QJsonArray{u"a.org"_s, u"192.0.2.1"_s});
        row("unknown member", u"private-ok"_s, QJsonArray{});
        row("rpc by name", u"rpc"_s, u"localhost:9000"_s);
        row("resolver without port", u"resolver"_s, u"127.0.0.1"_s);
        row("host without address", u"hosts"_s, QJsonObject{{u"a.org"_s, QJsonArray{}}});
        row("host by name", u"hosts"_s, QJsonObject{{u"a.org"_s, QJsonArray{u"b.org"_s}}});
        row("one bad address of two", u"hosts"_s, QJsonObject{{u"a.org"_s, QJsonArray{u"x"_s, u"127.0.0.1"_s}}});
        row("pattern as private", u"private_ok"_s, QJsonArray{u"*.a.org"_s});
        row("ech", u"ech"_s, u"allow"_s);
        row("limit", u"limits"_s, QJsonObject{{u"connections"_s, 0}});
        row("unknown limit", u"limits"_s, QJsonObject{{u"halfopen"_s, 1}});
        row("no lifeline", u"listeners"_s, QJsonArray{});
        row("no port", u"listeners"_s,
            QJsonArray{QJsonObject{{u"kind"_s, u"lifeline"_s}}, QJsonObject{{u"kind"_s, u"tcp"_s}}});
        row("unknown kind", u"listeners"_s, QJsonArray{QJsonObject{{u"kind"_s, u"udp"_s}}});
    }
    void refuses()
    {
        QFETCH(QString, member);
        QFETCH(QJsonValue, value);
        QJsonObject object = least();
        object[member] = value;
        const auto config = parse(object);
        QVERIFY(!config.has_value());
        QCOMPARE(config.error().code, ErrorCode::InvalidArgument);
        QVERIFY2(config.error().message.contains(member), qPrintable(config.error().message));
    }
    void refusesWhatIsNoObject()
    {
        QVERIFY(!parseGuardConfig("[]") && !parseGuardConfig("") && !parseGuardConfig("{"));
    }
};

QTEST_APPLESS_MAIN(TestGuardConfig)
#include "tst_guardconfig.moc"
