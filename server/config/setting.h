// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/config.h"

#include <array>
#include <optional>
#include <span>
#include <variant>

namespace danube::config {

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

/// Every key there is: the tables of settingtable.cpp, blueprinttable.cpp, localtable.cpp, kubernetestable.cpp and
/// egresstable.cpp, in that order.
std::span<const Setting> generalSettings();
std::span<const Setting> blueprintSettings();
std::span<const Setting> localSettings();
std::span<const Setting> kubernetesSettings();
std::span<const Setting> egressSettings();
inline std::array<std::span<const Setting>, 5> settingTables()
{
    return {generalSettings(), blueprintSettings(), localSettings(), kubernetesSettings(), egressSettings()};
}
const Setting *findSetting(const QString &key);

/// Rules between keys: nothing, or one sentence that begins with the key.
std::optional<QString> checkTogether(const Config &config);

Expected setText(QString &target, const Value &value, const QStringList &allowed = {});
Expected setInteger(int &target, const Value &value, int minimum, int maximum);
Expected setBoolean(bool &target, const Value &value);
Expected setByteCount(ByteCount &target, const Value &value);
/// "500ms", "10s", "5m", "1h", at most ten years; "0s" where zero means something.
Expected setDuration(milliseconds &target, const Value &value);
/// At least one entry, each one of `allowed`.
Expected setList(QStringList &target, const Value &value, const QStringList &allowed);
/// Any number of entries, each accepted by `fits`; `what` names them in the refusal.
Expected setEntries(QStringList &target, const Value &value, bool (*fits)(const QString &), const QString &what);
Expected setAddress(ListenAddress &target, const Value &value);

} // namespace danube::config
