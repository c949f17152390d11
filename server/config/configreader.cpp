// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/setting.h"

#include <QHostAddress>

// Header-only: the shared library is built with exceptions, which no module may let through.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
// It asserts (with NDEBUG: lets the compiler take for granted) that a table's name begins well, which "[<" does not,
// and reports that as an error some lines later. Without the assertion it gets there.
#define TOML_ASSERT(condition) static_cast<void>(0)
#pragma push_macro("NDEBUG")
#undef NDEBUG
#include <toml++/toml.hpp>
#pragma pop_macro("NDEBUG")

using namespace Qt::StringLiterals;

namespace danube::config {
namespace {

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
    const Setting *setting = findSetting(key);
    if (!setting)
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

Result<void> applyEnvironment(Config &config, std::span<const Setting> table, const EnvironmentMap &environment)
{
    for (const Setting &setting : table) {
        const QString name = u"DANUBE_"_s + QString::fromLatin1(setting.key).toUpper().replace(u'.', u'_');
        const auto found = environment.find(name);
        if (found == environment.end())
            continue;
        if (const Expected expected = setting.set(config, *found))
            return fail(ErrorCode::InvalidArgument,
                        u"environment %1: expected %2, got \"%3\""_s.arg(name, *expected, found->left(60)));
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
    auto applied = applyFile(config, toml, fileName);
    for (const auto table : settingTables())
        applied = applied.and_then([&] { return applyEnvironment(config, table, environment); });
    if (!applied)
        return std::unexpected(applied.error());
    if (const auto contradiction = checkTogether(config))
        return fail(ErrorCode::InvalidArgument, fileName + u": "_s + *contradiction);
    return config;
}

QStringList changesThatNeedRestart(const Config &running, const Config &wanted)
{
    QStringList keys;
    for (const auto table : settingTables()) {
        for (const Setting &setting : table) {
            if (setting.differs && setting.differs(running, wanted))
                keys.append(QString::fromLatin1(setting.key));
        }
    }
    return keys;
}

} // namespace danube::config
