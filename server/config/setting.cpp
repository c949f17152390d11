// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/setting.h"

#include <QHostAddress>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace danube::config {
namespace {

std::optional<QStringList> entriesOf(const Value &value)
{
    if (const auto *list = std::get_if<QStringList>(&value))
        return *list;
    if (const auto *text = std::get_if<QString>(&value))
        return text->split(u',', Qt::SkipEmptyParts);
    return std::nullopt;
}

} // namespace

const Setting *findSetting(const QString &key)
{
    for (const auto table : settingTables()) {
        const auto found =
            std::ranges::find_if(table, [&](const Setting &s) { return key == QLatin1StringView(s.key); });
        if (found != table.end())
            return &*found;
    }
    return nullptr;
}

Expected setText(QString &target, const Value &value, const QStringList &allowed)
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

Expected setDuration(milliseconds &target, const Value &value)
{
    static const QRegularExpression form(QRegularExpression::anchoredPattern(u"(\\d{1,7}) ?(ms|s|m|h)"_s));
    static const QMap<QString, qint64> units{{u"ms"_s, 1}, {u"s"_s, 1'000}, {u"m"_s, 60'000}, {u"h"_s, 3'600'000}};
    const auto *text = std::get_if<QString>(&value);
    const auto match = text ? form.match(*text) : QRegularExpressionMatch();
    if (!match.hasMatch())
        return u"a duration such as \"30s\", \"10m\" or \"1h\""_s;
    constexpr milliseconds most{std::chrono::years(10)}; // far from where clocks, which count in nanoseconds, end
    const milliseconds duration(match.captured(1).toLongLong() * units.value(match.captured(2)));
    if (duration > most)
        return u"a duration of at most ten years (\"87600h\")"_s;
    target = duration;
    return {};
}

Expected setList(QStringList &target, const Value &value, const QStringList &allowed)
{
    const auto entries = entriesOf(value);
    const bool fits = entries && !entries->isEmpty() &&
                      std::ranges::all_of(*entries, [&](const QString &e) { return allowed.contains(e); });
    if (!fits)
        return u"a list of "_s + allowed.join(u", "_s);
    target = *entries;
    return {};
}

Expected setEntries(QStringList &target, const Value &value, bool (*fits)(const QString &), const QString &what)
{
    const auto entries = entriesOf(value);
    if (!entries || !std::ranges::all_of(*entries, fits))
        return u"a list of "_s + what;
    target = *entries;
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

} // namespace danube::config
