// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/secrets/secretvault.h"

#include "server/secrets/sealing.h"
#include "shared/core/keyfile.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::secrets {
namespace {

Q_LOGGING_CATEGORY(secretsLog, "danube.secrets")

constexpr int fileFormat = 1;
constexpr qsizetype besideValue = 128; // of a version: dates, names and their JSON

/// Where values are kept that a job was given out of the fallback: no pipeline's name.
const QString &fileScope()
{
    static const QString scope = u"\n file"_s;
    return scope;
}

/// What a value is bound to.
QByteArray associatedWith(const QString &name, const QString &scope)
{
    return scope.toUtf8() + '\0' + name.toUtf8();
}

bool isPlain(const QString &text)
{
    return std::ranges::all_of(text, [](QChar c) { return c.isPrint() && c != u'/' && c != u'\\'; });
}

Result<void> check(const QString &name, const QString &scope)
{
    if (name.isEmpty() || name.size() > SecretVault::maxNameLength || !isPlain(name))
        return fail(ErrorCode::InvalidArgument,
                    u"name: expected 1 to %1 printable characters without '/'"_s.arg(SecretVault::maxNameLength));
    if (scope.size() > SecretVault::maxNameLength || !isPlain(scope))
        return fail(ErrorCode::InvalidArgument, u"scope: expected the name of a pipeline"_s);
    return {};
}

} // namespace

SecretVault::SecretVault(Files files, Secret key, const Clock &clock, const SecretsFile &fallback, DiskCalls &calls)
    : m_files(std::move(files)), m_key(std::move(key)), m_clock(clock), m_fallback(fallback), m_calls(calls)
{}

Result<std::unique_ptr<SecretVault>> SecretVault::open(const Files &files, const Clock &clock,
                                                       const SecretsFile &fallback, DiskCalls &calls)
{
    // A new key beside an old vault would open nothing.
    if (QFile::exists(files.vault) && !QFile::exists(files.key))
        return fail(ErrorCode::DataLoss, u"%1 is there, but its key %2 is gone"_s.arg(files.vault, files.key));
    auto key = openKeyFile(files.key);
    if (!key)
        return std::unexpected(key.error());
    std::unique_ptr<SecretVault> vault(new SecretVault(files, std::move(*key), clock, fallback, calls));
    if (auto loaded = vault->load(); !loaded)
        return std::unexpected(loaded.error().in(u"read "_s + files.vault));
    return vault;
}

Result<void> SecretVault::load()
{
    QFile file(m_files.vault);
    if (!file.exists())
        return {};
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, file.errorString());
    const QJsonObject root = QJsonDocument::fromJson(file.readAll()).object();
    if (root.value("format"_L1).toInt() != fileFormat)
        return fail(ErrorCode::DataLoss, u"the file is damaged, or of a later version"_s);
    for (const QJsonValue item : root.value("secrets"_L1).toArray()) {
        Entry entry;
        if (item.toObject().contains("removed_at"_L1))
            entry.removedAt = fromRfc3339(item["removed_at"_L1].toString());
        for (const QJsonValue version : item["versions"_L1].toArray())
            entry.versions.append({version["version"_L1].toInt(), fromRfc3339(version["set_at"_L1].toString()),
                                   version["set_by"_L1].toString(),
                                   QByteArray::fromBase64(version["sealed"_L1].toString().toLatin1())});
        m_entries.insert({item["name"_L1].toString(), item["scope"_L1].toString()}, entry);
    }
    return checkAll();
}

Result<void> SecretVault::checkAll() const
{
    for (const auto &[place, entry] : m_entries.asKeyValueRange()) {
        for (const Version &version : entry.versions) {
            if (const auto value = open(place, version); !value)
                return std::unexpected(value.error().in(u"secret '%1'"_s.arg(place.first)));
        }
    }
    return {};
}

Result<void> SecretVault::store(const QMap<Place, Entry> &entries) const
{
    QJsonArray secrets;
    for (const auto &[place, entry] : entries.asKeyValueRange()) {
        QJsonArray versions;
        for (const Version &version : entry.versions)
            versions.append(QJsonObject{{u"version"_s, version.number},
                                        {u"set_at"_s, toRfc3339(version.setAt)},
                                        {u"set_by"_s, version.setBy},
                                        {u"sealed"_s, QString::fromLatin1(version.sealed.toBase64())}});
        QJsonObject item{{u"name"_s, place.first}, {u"scope"_s, place.second}, {u"versions"_s, versions}};
        if (entry.removedAt)
            item.insert(u"removed_at"_s, toRfc3339(*entry.removedAt));
        secrets.append(item);
    }
    const QByteArray bytes =
        QJsonDocument(QJsonObject{{u"format"_s, fileFormat}, {u"secrets"_s, secrets}}).toJson(QJsonDocument::Compact);
    return replaceFile(m_files.vault, bytes, m_calls);
}

Result<Secret> SecretVault::open(const Place &place, const Version &version) const
{
    return unseal(m_key, associatedWith(place.first, place.second), version.sealed);
}

const SecretVault::Entry *SecretVault::present(const Place &place) const
{
    const auto found = m_entries.constFind(place);
    const bool isPresent = found != m_entries.cend() && !found->removedAt && !found->versions.isEmpty();
    return isPresent && place.second != fileScope() ? &*found : nullptr;
}

Result<Secret> SecretVault::value(const QString &key, const QString &pipeline) const
{
    for (const QString &scope : pipeline.isEmpty() ? QStringList{QString()} : QStringList{pipeline, QString()}) {
        if (const Entry *entry = present({key, scope}))
            return open({key, scope}, entry->versions.first());
    }
    return m_fallback.value(key, pipeline);
}

std::vector<Secret> SecretVault::masks(const QString &key) const
{
    std::vector<std::pair<WallTime, Secret>> dated;
    for (auto it = m_entries.lowerBound({key, QString()}); it != m_entries.cend() && it.key().first == key; ++it) {
        for (const Version &version : it->versions) {
            if (auto value = open(it.key(), version))
                dated.emplace_back(version.setAt, std::move(*value));
        }
    }
    std::ranges::stable_sort(dated, std::greater(), [](const auto &one) { return one.first; });
    std::vector<Secret> values;
    values.reserve(dated.size());
    for (auto &[time, value] : dated)
        values.push_back(std::move(value));
    for (Secret &value : m_fallback.masks(key)) {
        const auto isSame = [&value](const Secret &known) {
            return equalsConstantTime(known.reveal(), value.reveal());
        };
        if (std::ranges::none_of(values, isSame))
            values.push_back(std::move(value));
    }
    return values;
}

bool SecretVault::isNewest(const Place &place, const Entry &entry, const Secret &value) const
{
    if (entry.removedAt || entry.versions.isEmpty())
        return false;
    const auto newest = open(place, entry.versions.first());
    return newest && equalsConstantTime(newest->reveal(), value.reveal());
}

// As what something is at present: what is kept only because it was replaced or removed is dropped sooner.
bool SecretVault::isKnown(const QString &key, const Secret &value) const
{
    for (auto it = m_entries.lowerBound({key, QString()}); it != m_entries.cend() && it.key().first == key; ++it) {
        if (isNewest(it.key(), *it, value))
            return true;
    }
    return false;
}

Result<void> SecretVault::remember(const QString &key, const Secret &value)
{
    if (isKnown(key, value))
        return {};
    const Place place{key, fileScope()};
    auto entries = m_entries;
    dropOld(entries);
    auto stored = prepend(entries, place, value, {});
    for (Entry &entry = entries[place]; isKeptTooMuch(entry); entry.versions.removeLast())
        qCWarning(secretsLog).noquote()
            << u"secret-not-masked-any-more name=\"%1\" scope=\"\" reason=\"it changes too often "
               "in secrets.file\""_s.arg(key);
    if (stored)
        stored = store(entries);
    if (!stored) {
        qCWarning(secretsLog).noquote() << u"secret-not-noted name=\"%1\" error=\"%2\""_s.arg(key,
                                                                                              stored.error().message);
        return fail(ErrorCode::Unavailable, u"secret '%1' cannot be noted for masking; ask again"_s.arg(key));
    }
    m_entries = std::move(entries);
    return {};
}

QList<SecretInfo> SecretVault::list() const
{
    QList<SecretInfo> infos;
    for (const auto &[place, entry] : m_entries.asKeyValueRange()) {
        if (!present(place))
            continue;
        const Version &version = entry.versions.first();
        infos.append({place.first, place.second, version.number, version.setAt, version.setBy});
    }
    for (const QString &name : m_fallback.names()) {
        if (!present({name, QString()}))
            infos.append({.name = name});
    }
    std::ranges::sort(infos, {}, [](const SecretInfo &info) { return std::pair(info.name, info.scope); });
    return infos;
}

void SecretVault::dropOld(QMap<Place, Entry> &entries) const
{
    const WallTime horizon = m_clock.wall() - masksFor;
    for (auto it = entries.begin(); it != entries.end();) {
        noteRemovalFromFile(it.key(), *it);
        // A version counts from when the next one, or the removal, took its place; the last number stays known.
        for (qsizetype i = it->versions.size() - 1; i >= 1; --i) {
            if (it->versions[i - 1].setAt < horizon)
                it->versions.removeAt(i);
        }
        it = it->removedAt && *it->removedAt < horizon ? entries.erase(it) : std::next(it);
    }
}

// Nobody tells when a value goes from the file: it is noticed here.
void SecretVault::noteRemovalFromFile(const Place &place, Entry &entry) const
{
    if (place.second != fileScope() || entry.removedAt)
        return;
    const auto present = m_fallback.value(place.first, {});
    if (!present || !isNewest(place, entry, *present))
        entry.removedAt = m_clock.wall();
}

bool SecretVault::isKeptTooMuch(const Entry &entry)
{
    qsizetype bytes = 0;
    for (qsizetype i = 1; i < entry.versions.size(); ++i)
        bytes += entry.versions[i].sealed.size() + besideValue;
    return bytes > maxKeptBytes;
}

Result<void> SecretVault::prepend(QMap<Place, Entry> &entries, const Place &place, const Secret &value,
                                  const QString &by) const
{
    auto sealed = seal(m_key, associatedWith(place.first, place.second), value);
    if (!sealed)
        return std::unexpected(sealed.error());
    Entry &entry = entries[place];
    const int number = entry.versions.isEmpty() ? 1 : entry.versions.first().number + 1;
    entry.versions.prepend({number, m_clock.wall(), by, std::move(*sealed)});
    entry.removedAt.reset();
    return {};
}

Result<SecretInfo> SecretVault::set(const QString &name, const QString &scope, const Secret &value, const QString &by)
{
    if (auto checked = check(name, scope); !checked)
        return std::unexpected(checked.error());
    if (value.isEmpty() || value.reveal().size() > maxValueBytes)
        return fail(ErrorCode::InvalidArgument, u"value: expected 1 byte to %1 KiB"_s.arg(maxValueBytes >> 10));
    auto entries = m_entries;
    dropOld(entries);
    const auto own =
        std::ranges::count_if(entries.keys(), [](const Place &each) { return each.second != fileScope(); });
    if (!entries.contains({name, scope}) && own >= maxSecrets)
        return fail(ErrorCode::ResourceExhausted, u"there are %1 secrets already"_s.arg(maxSecrets));
    if (auto added = prepend(entries, {name, scope}, value, by); !added)
        return std::unexpected(added.error());
    const Entry &entry = entries[{name, scope}];
    if (isKeptTooMuch(entry))
        return fail(
            ErrorCode::ResourceExhausted,
            u"secret '%1' was changed too often: what it was within a week is still masked in logs"_s.arg(name));
    const int number = entry.versions.first().number;
    const SecretInfo info{name, scope, number, entry.versions.first().setAt, by};
    if (auto stored = store(entries); !stored)
        return std::unexpected(stored.error());
    m_entries = std::move(entries);
    noteChange();
    qCInfo(secretsLog).noquote()
        << u"secret set name=\"%1\" scope=\"%2\" version=%3 by=\"%4\""_s.arg(name, scope).arg(number).arg(by);
    return info;
}

Result<void> SecretVault::remove(const QString &name, const QString &scope, const QString &by)
{
    if (!present({name, scope})) {
        if (scope.isEmpty() && m_fallback.names().contains(name))
            return fail(ErrorCode::Conflict, u"secret '%1' comes from secrets.file: remove it there"_s.arg(name));
        return fail(ErrorCode::NotFound, u"there is no secret '%1'%2"_s.arg(
                                             name, scope.isEmpty() ? QString() : u" of pipeline '%1'"_s.arg(scope)));
    }
    auto entries = m_entries;
    dropOld(entries);
    entries[{name, scope}].removedAt = m_clock.wall();
    if (auto stored = store(entries); !stored)
        return stored;
    m_entries = std::move(entries);
    noteChange();
    qCInfo(secretsLog).noquote() << u"secret removed name=\"%1\" scope=\"%2\" by=\"%3\""_s.arg(name, scope, by);
    return {};
}

} // namespace danube::secrets
