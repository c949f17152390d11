// SPDX-License-Identifier: GPL-3.0-or-later
// Two Blueprints of any bytes, each "config\0users\0teams\0pipeline", one behind the other: what the validator takes
// has no difference from itself, differences are sentences, and no password's hash is in them or is shown.
#include "shared/blueprint/changes.h"
#include "shared/blueprint/masking.h"
#include "shared/blueprint/validator.h"
#include "tests/fuzz/require.h"

using namespace danube::blueprint;

namespace {

Files filesOf(const QList<QByteArray> &parts, qsizetype first)
{
    return {{QStringLiteral("config.json"), parts.value(first)},
            {QStringLiteral("users.json"), parts.value(first + 1)},
            {QStringLiteral("teams.json"), parts.value(first + 2)},
            {QStringLiteral("pipelines/a.json"), parts.value(first + 3)}};
}

void checkChanges(const Snapshot &before, const Snapshot &after)
{
    for (const Change &change : changesBetween(before, after)) {
        const QString sentence = describe(change);
        require(!sentence.isEmpty() && changeFromJson(toJson(change)) == change);
        for (const UserDocument &user : before.users)
            require(user.passwordHash.isEmpty() || !sentence.contains(user.passwordHash));
    }
}

void checkMask(const QByteArray &users)
{
    const auto masked = withoutPasswordHashes(QStringLiteral("users.json"), users);
    require(masked.has_value() == JsonPositions::scan(users).has_value());
    if (masked)
        require(masked->size() == users.size() && JsonPositions::scan(*masked).has_value());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const QList<QByteArray> parts = bytes.split('\0');
    checkMask(parts.value(1));
    const auto before = validate(filesOf(parts, 0));
    if (!before.isAccepted())
        return 0;
    require(changesBetween(*before.snapshot, *before.snapshot).isEmpty());
    const auto after = validate(filesOf(parts, 4));
    if (after.isAccepted()) {
        checkChanges(*before.snapshot, *after.snapshot);
        checkChanges(*after.snapshot, *before.snapshot);
    }
    return 0;
}
