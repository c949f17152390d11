// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/egress/flowrecord.h"

#include <simdjson.h>

#include <cstring>

using namespace Qt::StringLiterals;
namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

namespace danube::egress {
namespace {

constexpr qsizetype maxName = 255; // of DNS, and of Kubernetes' names
constexpr qsizetype maxWord = 64;  // of enumerations and addresses
constexpr qsizetype maxList = 32;  // entries of a list that are kept

/// Calls `read(key, value)` for each member; null counts as absent, and what `read` leaves unread is skipped.
template <class Read> error_code eachMember(ondemand::object object, Read read)
{
    for (auto member : object) {
        std::string_view key;
        ondemand::value value;
        if (const auto error = member.unescaped_key().get(key))
            return error;
        if (const auto error = member.value().get(value))
            return error;
        bool isNull = false;
        if (const auto error = value.is_null().get(isNull))
            return error;
        if (isNull)
            continue;
        if (const auto error = read(key, value))
            return error;
    }
    return simdjson::SUCCESS;
}

template <class Read> error_code eachMember(ondemand::value &value, Read read)
{
    ondemand::object object;
    const auto error = value.get_object().get(object);
    return error ? error : eachMember(object, std::move(read));
}

error_code readText(ondemand::value &value, QString &target, qsizetype limit)
{
    std::string_view text;
    if (const auto error = value.get_string().get(text))
        return error;
    target = QString::fromUtf8(QByteArrayView(text).first(std::min<qsizetype>(std::ssize(text), limit)));
    return simdjson::SUCCESS;
}

/// Protobuf writes 32-bit numbers as numbers, 64-bit ones as text.
template <class Number> error_code readNumber(ondemand::value &value, Number &target)
{
    ondemand::json_type type{};
    uint64_t number = 0;
    if (const auto error = value.type().get(type))
        return error;
    const auto error =
        type == ondemand::json_type::string ? value.get_uint64_in_string().get(number) : value.get_uint64().get(number);
    if (error)
        return error;
    if (number > std::numeric_limits<Number>::max())
        return simdjson::NUMBER_OUT_OF_RANGE;
    target = static_cast<Number>(number);
    return simdjson::SUCCESS;
}

template <class Take> error_code eachText(ondemand::value &value, Take take)
{
    ondemand::array array;
    if (const auto error = value.get_array().get(array))
        return error;
    for (auto element : array) {
        std::string_view text;
        if (const auto error = element.get_string().get(text))
            return error;
        take(text);
    }
    return simdjson::SUCCESS;
}

QString withoutDot(QString name)
{
    if (name.endsWith(u'.'))
        name.chop(1);
    return name;
}

error_code readNames(ondemand::value &value, QStringList &names)
{
    return eachText(value, [&](std::string_view text) {
        if (names.size() < maxList && text.size() <= size_t(maxName) + 1)
            names.append(withoutDot(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()))));
    });
}

void takeLabel(std::string_view label, FlowPeer &peer)
{
    constexpr std::string_view job = "danube.dev/job=";
    if (label.starts_with("reserved:world"))
        peer.isWorld = true;
    if (label == "reserved:kube-apiserver")
        peer.isApiServer = true;
    if (label.starts_with("k8s:"))
        label.remove_prefix(4);
    if (label.starts_with(job) && label.size() <= job.size() + maxWord)
        peer.job = QString::fromUtf8(label.data() + job.size(), static_cast<qsizetype>(label.size() - job.size()));
}

error_code readEndpoint(ondemand::value &value, FlowPeer &peer)
{
    return eachMember(value, [&](std::string_view key, ondemand::value &member) {
        if (key == "namespace")
            return readText(member, peer.nameSpace, maxName);
        if (key == "pod_name")
            return readText(member, peer.pod, maxName);
        if (key == "labels")
            return eachText(member, [&](std::string_view label) { takeLabel(label, peer); });
        return simdjson::SUCCESS;
    });
}

error_code readService(ondemand::value &value, QString &service)
{
    QString name;
    QString nameSpace;
    const auto error = eachMember(value, [&](std::string_view key, ondemand::value &member) {
        if (key == "name")
            return readText(member, name, maxName);
        return key == "namespace" ? readText(member, nameSpace, maxName) : simdjson::SUCCESS;
    });
    if (!name.isEmpty() && !nameSpace.isEmpty())
        service = name + u'.' + nameSpace + u".svc"_s;
    return error;
}

error_code readPorts(ondemand::value &value, FlowRecord &record)
{
    return eachMember(value, [&](std::string_view protocol, ondemand::value &member) {
        record.protocol =
            QString::fromUtf8(QByteArrayView(protocol).first(std::min<qsizetype>(std::ssize(protocol), 16)));
        return eachMember(member, [&](std::string_view key, ondemand::value &port) {
            return key == "destination_port" ? readNumber(port, record.port) : simdjson::SUCCESS;
        });
    });
}

error_code readAddresses(ondemand::value &value, FlowRecord &record)
{
    return eachMember(value, [&](std::string_view key, ondemand::value &member) {
        if (key == "source")
            return readText(member, record.source.address, maxWord);
        return key == "destination" ? readText(member, record.destination.address, maxWord) : simdjson::SUCCESS;
    });
}

error_code readDns(ondemand::value &value, DnsRecord &dns)
{
    return eachMember(value, [&](std::string_view key, ondemand::value &member) {
        if (key == "query") {
            const auto error = readText(member, dns.query, maxName + 1);
            dns.query = withoutDot(dns.query);
            return error;
        }
        if (key == "rcode")
            return readNumber(member, dns.code);
        return key == "ips" ? readNames(member, dns.addresses) : simdjson::SUCCESS;
    });
}

error_code readSeventhLayer(ondemand::value &value, FlowRecord &record)
{
    record.isSeventhLayer = true;
    bool isAnswer = false;
    const auto error = eachMember(value, [&](std::string_view key, ondemand::value &member) {
        if (key == "dns")
            return readDns(member, record.dns.emplace());
        if (key != "type")
            return simdjson::SUCCESS;
        QString type;
        const auto failed = readText(member, type, maxWord);
        isAnswer = type == "RESPONSE"_L1;
        return failed;
    });
    if (record.dns)
        record.dns->isAnswer = isAnswer;
    return error;
}

FlowRecord::Verdict verdictOf(const QString &text)
{
    using Verdict = FlowRecord::Verdict;
    static const QHash<QString, Verdict> verdicts{
        {u"FORWARDED"_s, Verdict::Forwarded},
        {u"REDIRECTED"_s, Verdict::Forwarded}, // to a proxy, and on from there
        {u"DROPPED"_s, Verdict::Dropped},
        {u"ERROR"_s, Verdict::Error},
        {u"AUDIT"_s, Verdict::Audit}};
    return verdicts.value(text, Verdict::Other);
}

/// Members that are one word of text.
error_code readWord(std::string_view key, ondemand::value &value, FlowRecord &record)
{
    QString text;
    if (const auto error = readText(value, text, maxWord))
        return error;
    if (key == "time")
        record.time = fromRfc3339(text);
    else if (key == "verdict")
        record.verdict = verdictOf(text);
    else if (key == "drop_reason_desc")
        record.dropReason = text;
    else if (key == "traffic_direction" && text == "EGRESS"_L1)
        record.direction = FlowRecord::Direction::Egress;
    else if (key == "traffic_direction" && text == "INGRESS"_L1)
        record.direction = FlowRecord::Direction::Ingress;
    return simdjson::SUCCESS;
}

error_code readMember(std::string_view key, ondemand::value &value, FlowRecord &record)
{
    if (key == "time" || key == "verdict" || key == "drop_reason_desc" || key == "traffic_direction")
        return readWord(key, value, record);
    if (key == "IP")
        return readAddresses(value, record);
    if (key == "l4")
        return readPorts(value, record);
    if (key == "l7")
        return readSeventhLayer(value, record);
    if (key == "source")
        return readEndpoint(value, record.source);
    if (key == "destination")
        return readEndpoint(value, record.destination);
    if (key == "source_names")
        return readNames(value, record.source.names);
    if (key == "destination_names")
        return readNames(value, record.destination.names);
    if (key == "source_service")
        return readService(value, record.source.service);
    if (key == "destination_service")
        return readService(value, record.destination.service);
    if (key == "is_reply")
        return value.get_bool().get(record.isReply);
    return simdjson::SUCCESS;
}

struct Line
{
    FlowRecord record;
    LostFlows lost;
    bool isFlow = false;
    bool isInEnvelope = false;
    bool isLoss = false;
};

/// {"flow": {…}, "node_name", "time"} as exported, or the flow alone as `-o json` writes it.
error_code readTop(std::string_view key, ondemand::value &value, Line &line)
{
    if (key == "lost_events") {
        line.isLoss = true;
        return eachMember(value, [&](std::string_view name, ondemand::value &member) {
            return name == "num_events_lost" ? readNumber(member, line.lost.count) : simdjson::SUCCESS;
        });
    }
    if (key == "flow") {
        line.isFlow = line.isInEnvelope = true;
        return eachMember(value, [&](std::string_view name, ondemand::value &member) {
            return readMember(name, member, line.record);
        });
    }
    line.isFlow = line.isFlow || key == "verdict";
    return line.isInEnvelope ? simdjson::SUCCESS : readMember(key, value, line.record);
}

} // namespace

struct FlowReader::Buffers
{
    ondemand::parser parser;
    std::vector<char> bytes = std::vector<char>(maxLine + simdjson::SIMDJSON_PADDING);
};

FlowReader::FlowReader() : m_buffers(std::make_unique<Buffers>()) {}
FlowReader::~FlowReader() = default;

Result<FlowLine> FlowReader::read(QByteArrayView line)
{
    if (line.size() > maxLine)
        return fail(ErrorCode::ResourceExhausted, u"flow record: more than %1 bytes"_s.arg(maxLine));
    auto &bytes = m_buffers->bytes;
    std::ranges::copy(line, bytes.begin());
    std::fill_n(bytes.begin() + line.size(), simdjson::SIMDJSON_PADDING, '\0');
    const auto size = static_cast<size_t>(line.size());
    ondemand::document document;
    ondemand::object object;
    Line read;
    auto error = m_buffers->parser.iterate(bytes.data(), size, bytes.size()).get(document);
    if (!error)
        error = document.get_object().get(object);
    if (!error)
        error =
            eachMember(object, [&](std::string_view key, ondemand::value &value) { return readTop(key, value, read); });
    if (!error && !document.at_end())
        error = simdjson::TRAILING_CONTENT;
    if (error)
        return fail(ErrorCode::Protocol, u"flow record: "_s + QString::fromUtf8(simdjson::error_message(error)));
    if (read.isFlow)
        return std::move(read.record);
    if (read.isLoss)
        return read.lost;
    return OtherLine();
}

} // namespace danube::egress
