// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/config.h"

#include <QHostAddress>

#include <array>
#include <variant>

// Header-only: the shared library is built with exceptions, which no module may let through.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.hpp>

using namespace Qt::StringLiterals;

namespace danube::config {
namespace {

/// A value as the file or the environment gives it. The environment knows only text; a setter converts.
using Value = std::variant<QString, int64_t, bool, QStringList>;

/// What a setter answers: nothing, or what it expected.
using Expected = std::optional<QString>;

struct Setting
{
    const char *key; ///< "section.key"
    Expected (*set)(Config &, const Value &);
    bool (*differs)(const Config &, const Config &); ///< nullptr: SIGHUP applies it
};

Expected setText(QString &target, const Value &value, const QStringList &allowed = {})
{
    const auto *text = std::get_if<QString>(&value);
    if (text && (allowed.isEmpty() || allowed.contains(*text))) {
        target = *text;
        return {};
    }
    return allowed.isEmpty() ? u"a string"_s : u"\""_s + allowed.join(u"\" or \""_s) + u'"';
}

Expected setInteger(int &target, const Value &value, int minimum, int maximum)
{
    bool ok = std::holds_alternative<int64_t>(value);
    const qint64 number =
        ok ? std::get<int64_t>(value)
           : (std::holds_alternative<QString>(value) ? std::get<QString>(value).toLongLong(&ok) : qint64(0));
    if (!ok || number < minimum || number > maximum)
        return u"a whole number from %1 to %2"_s.arg(minimum).arg(maximum);
    target = static_cast<int>(number);
    return {};
}

Expected setBoolean(bool &target, const Value &value)
{
    const auto *text = std::get_if<QString>(&value);
    if (const auto *flag = std::get_if<bool>(&value))
        target = *flag;
    else if (text && (*text == "true"_L1 || *text == "false"_L1))
        target = *text == "true"_L1;
    else
        return u"true or false"_s;
    return {};
}

Expected setByteCount(ByteCount &target, const Value &value)
{
    const auto *text = std::get_if<QString>(&value);
    const auto parsed = text ? parseByteCount(*text) : fail(ErrorCode::InvalidArgument, {});
    if (!parsed)
        return u"a byte count such as \"2 GiB\""_s;
    target = *parsed;
    return {};
}

Expected setList(QStringList &target, const Value &value, const QStringList &allowed)
{
    QStringList entries;
    if (const auto *list = std::get_if<QStringList>(&value))
        entries = *list;
    else if (const auto *text = std::get_if<QString>(&value))
        entries = text->split(u',', Qt::SkipEmptyParts);
    const bool fits =
        !entries.isEmpty() && std::ranges::all_of(entries, [&](const QString &e) { return allowed.contains(e); });
    if (!fits)
        return u"a list of "_s + allowed.join(u", "_s);
    target = entries;
    return {};
}

Expected setAddress(ListenAddress &target, const Value &value)
{
    const auto *text = std::get_if<QString>(&value);
    const auto colon = text ? text->lastIndexOf(u':') : -1;
    bool portOk = false;
    const auto port = colon > 0 ? text->mid(colon + 1).toUShort(&portOk) : quint16(0);
    QString host = colon > 0 ? text->left(colon) : QString();
    if (host.startsWith(u'[') && host.endsWith(u']'))
        host = host.mid(1, host.size() - 2);
    if (!portOk || QHostAddress(host).isNull())
        return u"an address and port such as \"127.0.0.1:8080\" or \"[::1]:8080\""_s;
    target = {host, port};
    return {};
}

const std::array settings{
    Setting{"server.bind_address", [](Config &c, const Value &v) { return setAddress(c.httpAddress, v); },
            [](const Config &a, const Config &b) { return a.httpAddress != b.httpAddress; }},
    Setting{"server.websocket_address", [](Config &c, const Value &v) { return setAddress(c.webSocketAddress, v); },
            [](const Config &a, const Config &b) { return a.webSocketAddress != b.webSocketAddress; }},
    Setting{"server.rpc_address", [](Config &c, const Value &v) { return setAddress(c.rpcAddress, v); },
            [](const Config &a, const Config &b) { return a.rpcAddress != b.rpcAddress; }},
    Setting{"server.data_dir", [](Config &c, const Value &v) { return setText(c.dataDirectory, v); },
            [](const Config &a, const Config &b) { return a.dataDirectory != b.dataDirectory; }},
    Setting{"config_repo.directory", [](Config &c, const Value &v) { return setText(c.blueprintDirectory, v); },
            nullptr},
    Setting{"executor.kind", [](Config &c, const Value &v) { return setText(c.executorKind, v, {u"local"_s}); },
            [](const Config &a, const Config &b) { return a.executorKind != b.executorKind; }},
    Setting{"local.egress", [](Config &c, const Value &v) { return setText(c.localEgress, v, {u"off"_s}); },
            [](const Config &a, const Config &b) { return a.localEgress != b.localEgress; }},
    Setting{"auth.mode", [](Config &c, const Value &v) { return setText(c.authMode, v, {u"dev"_s}); },
            [](const Config &a, const Config &b) { return a.authMode != b.authMode; }},
    Setting{"jobs.max_concurrent",
            [](Config &c, const Value &v) { return setInteger(c.maxConcurrentJobs, v, 0, 100'000); },
            [](const Config &a, const Config &b) { return a.maxConcurrentJobs != b.maxConcurrentJobs; }},
    Setting{"secrets.file", [](Config &c, const Value &v) { return setText(c.secretsFile, v); },
            [](const Config &a, const Config &b) { return a.secretsFile != b.secretsFile; }},
    Setting{"source.protocols",
            [](Config &c, const Value &v) { return setList(c.sourceProtocols, v, {u"https"_s, u"ssh"_s, u"file"_s}); },
            [](const Config &a, const Config &b) { return a.sourceProtocols != b.sourceProtocols; }},
    Setting{"source.depth", [](Config &c, const Value &v) { return setInteger(c.sourceDepth, v, 1, 1'000'000); },
            [](const Config &a, const Config &b) { return a.sourceDepth != b.sourceDepth; }},
    Setting{"quota.artifact_bytes", [](Config &c, const Value &v) { return setByteCount(c.artifactBytes, v); },
            [](const Config &a, const Config &b) { return a.artifactBytes != b.artifactBytes; }},
    Setting{"metrics.open", [](Config &c, const Value &v) { return setBoolean(c.metricsOpen, v); },
            [](const Config &a, const Config &b) { return a.metricsOpen != b.metricsOpen; }},
    Setting{"logging.level",
            [](Config &c, const Value &v) {
                return setText(c.logLevel, v, {u"debug"_s, u"info"_s, u"warning"_s, u"error"_s});
            },
            nullptr},
    Setting{"logging.format", [](Config &c, const Value &v) { return setText(c.logFormat, v, {u"json"_s, u"text"_s}); },
            nullptr},
};

std::optional<Value> toValue(const toml::node &node)
{
    if (const auto *text = node.as_string())
        return QString::fromStdString(text->get());
    if (const auto *number = node.as_integer())
        return number->get();
    if (const auto *flag = node.as_boolean())
        return flag->get();
    const auto *array = node.as_array();
    if (!array)
        return std::nullopt;
    QStringList entries;
    for (const toml::node &entry : *array) {
        if (!entry.is_string())
            return std::nullopt;
        entries.append(QString::fromStdString(**entry.as_string()));
    }
    return entries;
}

QString describe(const toml::node &node)
{
    if (const auto *string = node.as_string())
        return u'"' + QString::fromStdString(string->get()).left(60) + u'"';
    std::ostringstream text;
    node.visit([&text](const auto &n) { text << n; });
    return QString::fromStdString(text.str()).left(60).simplified();
}

Result<void> applyNode(Config &config, const QString &fileName, const QString &key, const toml::node &node)
{
    const QString place = u"%1:%2: %3: "_s.arg(fileName).arg(node.source().begin.line).arg(key);
    const auto setting =
        std::ranges::find_if(settings, [&](const Setting &s) { return key == QLatin1StringView(s.key); });
    if (setting == settings.end())
        return fail(ErrorCode::InvalidArgument, place + u"unknown key"_s);
    const auto value = toValue(node);
    const Expected expected =
        value ? setting->set(config, *value) : u"a string, number, true, false or list of strings"_s;
    if (expected)
        return fail(ErrorCode::InvalidArgument, place + u"expected %1, got %2"_s.arg(*expected, describe(node)));
    return {};
}

Result<void> applyFile(Config &config, const QByteArray &toml, const QString &fileName)
{
    const auto parsed = toml::parse(std::string_view(toml.constData(), static_cast<size_t>(toml.size())));
    if (!parsed) {
        const auto &error = parsed.error();
        return fail(
            ErrorCode::InvalidArgument,
            u"%1:%2: %3"_s.arg(fileName).arg(error.source().begin.line).arg(QString::fromUtf8(error.description())));
    }
    for (const auto &[section, node] : parsed.table()) {
        const QString sectionName = QString::fromStdString(std::string(section.str()));
        const auto *table = node.as_table();
        if (!table)
            return fail(ErrorCode::InvalidArgument,
                        u"%1:%2: %3: unknown key"_s.arg(fileName).arg(node.source().begin.line).arg(sectionName));
        for (const auto &[key, entry] : *table) {
            const auto name = sectionName + u'.' + QString::fromStdString(std::string(key.str()));
            if (auto applied = applyNode(config, fileName, name, entry); !applied)
                return applied;
        }
    }
    return {};
}

} // namespace

bool ListenAddress::isLoopback() const
{
    return QHostAddress(host).isLoopback();
}

Result<Config> readConfig(const QByteArray &toml, const QString &fileName, const EnvironmentMap &environment)
{
    Config config;
    if (auto applied = applyFile(config, toml, fileName); !applied)
        return std::unexpected(applied.error());
    for (const Setting &setting : settings) {
        const QString name = u"DANUBE_"_s + QString::fromLatin1(setting.key).toUpper().replace(u'.', u'_');
        const auto found = environment.find(name);
        if (found == environment.end())
            continue;
        if (const Expected expected = setting.set(config, *found))
            return fail(ErrorCode::InvalidArgument,
                        u"environment %1: expected %2, got \"%3\""_s.arg(name, *expected, found->left(60)));
    }
    const bool onlyLoopback = config.httpAddress.isLoopback() && config.webSocketAddress.isLoopback();
    if (config.authMode == "dev"_L1 && !onlyLoopback)
        return fail(
            ErrorCode::InvalidArgument,
            u"%1: auth.mode: \"dev\" is for loopback only, but server.bind_address or server.websocket_address is "
            "not a loopback address"_s.arg(fileName));
    return config;
}

QStringList changesThatNeedRestart(const Config &running, const Config &wanted)
{
    QStringList keys;
    for (const Setting &setting : settings) {
        if (setting.differs && setting.differs(running, wanted))
            keys.append(QString::fromLatin1(setting.key));
    }
    return keys;
}

} // namespace danube::config
