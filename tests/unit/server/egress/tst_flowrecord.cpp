// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/flowrecord.h"

#include <QTest>

using namespace danube;
using namespace danube::egress;
using namespace Qt::StringLiterals;

namespace {

// As Hubble's exporter writes them (field order and nesting of api/v1/flow/flow.proto).
const QByteArray dropped =
    R"({"flow":{"time":"2026-01-31T12:00:00.123456789Z","uuid":"u","verdict":"DROPPED","drop_reason":133,)"
    R"("ethernet":{"source":"aa"},"IP":{"source":"10.0.1.27","destination":"192.0.2.7","ipVersion":"IPv4"},)"
    R"("l4":{"TCP":{"source_port":46348,"destination_port":8443,"flags":{"SYN":true}}},)"
    R"("source":{"ID":5,"identity":9,"namespace":"danube-jobs","labels":["k8s:danube.dev/job=0abcdefghijklmno",)"
    R"("k8s:io.kubernetes.pod.namespace=danube-jobs"],"pod_name":"danube-0abcdefghijklmno"},)"
    R"("destination":{"identity":2,"labels":["reserved:world"]},"Type":"L3_L4","node_name":"n1",)"
    R"("destination_names":["cdn.example.org."],"traffic_direction":"EGRESS","drop_reason_desc":"POLICY_DENIED",)"
    R"("is_reply":false,"Summary":"TCP Flags: SYN"},"node_name":"n1","time":"2027-01-01T00:00:00Z"})";
const QByteArray answer =
    R"({"flow":{"time":"2026-01-31T12:00:01Z","verdict":"FORWARDED","source":{"namespace":"kube-system",)"
    R"("labels":["k8s:k8s-app=kube-dns"]},"destination":{"namespace":"danube-jobs","pod_name":"danube-1"},)"
    R"("l4":{"UDP":{"source_port":53,"destination_port":4000}},"Type":"L7","l7":{"type":"RESPONSE",)"
    R"("latency_ns":"1","dns":{"query":"a.example.org.","ips":["192.0.2.9","2001:db8::9"],"ttl":30,"rcode":5}},)"
    R"("is_reply":true,"source_service":{"name":"kube-dns","namespace":"kube-system"}}})";

FlowRecord recordOf(const QByteArray &line)
{
    FlowReader reader;
    const auto read = reader.read(line);
    if (!read || !std::holds_alternative<FlowRecord>(*read))
        qFatal("no flow: %s", read ? "another line" : qPrintable(read.error().message));
    return std::get<FlowRecord>(*read);
}

} // namespace

class TestFlowRecord : public QObject
{
    Q_OBJECT

private slots:
    void readsADroppedConnection()
    {
        const FlowRecord record = recordOf(dropped);
        QCOMPARE(record.time, fromRfc3339(u"2026-01-31T12:00:00.123Z"_s));
        QCOMPARE(record.verdict, FlowRecord::Verdict::Dropped);
        QCOMPARE(record.dropReason, u"POLICY_DENIED"_s);
        QCOMPARE(record.direction, FlowRecord::Direction::Egress);
        QCOMPARE(record.source.job, u"0abcdefghijklmno"_s);
        QCOMPARE(record.source.nameSpace, u"danube-jobs"_s);
        QCOMPARE(record.source.pod, u"danube-0abcdefghijklmno"_s);
        QCOMPARE(record.destination.address, u"192.0.2.7"_s);
        QCOMPARE(record.destination.names, QStringList(u"cdn.example.org"_s));
        QVERIFY(record.destination.isWorld && !record.source.isWorld && !record.isSeventhLayer && !record.isReply);
        QCOMPARE(record.protocol, u"TCP"_s);
        QCOMPARE(record.port, quint16(8443));
    }

    void readsARefusedQuery()
    {
        const FlowRecord record = recordOf(answer);
        QCOMPARE(record.verdict, FlowRecord::Verdict::Forwarded);
        QVERIFY(record.isReply && record.isSeventhLayer && record.dns);
        QCOMPARE(*record.dns, (DnsRecord{u"a.example.org"_s, {u"192.0.2.9"_s, u"2001:db8::9"_s}, 5, true}));
        QCOMPARE(record.source.service, u"kube-dns.kube-system.svc"_s);
    }

    void readsAFlowWithoutEnvelopeInAnyOrder()
    {
        const FlowRecord record =
            recordOf(R"({"traffic_direction":"INGRESS","verdict":"AUDIT","is_reply":null,)"
                     R"("source":{"labels":["reserved:kube-apiserver"]},"time":"2026-01-31T12:00:00Z"})");
        QCOMPARE(record.verdict, FlowRecord::Verdict::Audit);
        QCOMPARE(record.direction, FlowRecord::Direction::Ingress);
        QVERIFY(record.source.isApiServer);
        QCOMPARE(record.time, fromRfc3339(u"2026-01-31T12:00:00Z"_s));
    }

    void readsOtherLines()
    {
        FlowReader reader;
        QCOMPARE(
            reader.read(R"({"lost_events":{"source":"HUBBLE_RING_BUFFER","num_events_lost":"20"},"time":"x"})").value(),
            FlowLine(LostFlows{20}));
        QCOMPARE(reader.read(R"({"node_status":{"state_change":"NODE_CONNECTED"},"node_name":"n"})").value(),
                 FlowLine(OtherLine()));
        QCOMPARE(reader.read("{}").value(), FlowLine(OtherLine()));
    }

    void refusesWhatIsNoRecord_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("cut") << dropped.chopped(40);
        QTest::newRow("array") << QByteArray("[1]");
        QTest::newRow("text for object") << QByteArray(R"({"flow":{"source":"x"}})");
        QTest::newRow("number for text") << QByteArray(R"({"flow":{"verdict":2}})");
        QTest::newRow("port too large") << QByteArray(R"({"flow":{"l4":{"TCP":{"destination_port":65536}}}})");
        QTest::newRow("negative port") << QByteArray(R"({"flow":{"l4":{"TCP":{"destination_port":-1}}}})");
        QTest::newRow("two in a line") << QByteArray(R"({"flow":{}} {"flow":{}})");
        QTest::newRow("not UTF-8") << QByteArray("{\"flow\":{\"verdict\":\"\xff\"}}");
    }
    void refusesWhatIsNoRecord()
    {
        QFETCH(QByteArray, line);
        FlowReader reader;
        const auto read = reader.read(line);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Protocol);
        QVERIFY(reader.read(dropped)); // the reader is still good
    }

    void boundsWhatItKeeps()
    {
        FlowReader reader;
        const auto tooLong = reader.read(QByteArray(FlowReader::maxLine + 1, ' '));
        QCOMPARE(tooLong.error().code, ErrorCode::ResourceExhausted);
        QByteArray names;
        for (int i = 0; i < 2000; ++i)
            names += "\"n" + QByteArray::number(i) + ".example.org\",";
        const FlowRecord record = recordOf(R"({"flow":{"destination_names":[)" + names.chopped(1) +
                                           R"(],"source":{"pod_name":")" + QByteArray(9000, 'p') + R"("}}})");
        QCOMPARE(record.destination.names.size(), 32);
        QCOMPARE(record.source.pod.size(), 255);
    }
};

QTEST_GUILESS_MAIN(TestFlowRecord)
#include "tst_flowrecord.moc"
