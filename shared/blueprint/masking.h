// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/jsonpositions.h"

#include <optional>

namespace danube::blueprint {

/// The file for readers: whatever stands in a password_hash is as many asterisks instead, so that every other byte
/// stays where it is. nullopt for a users.json that is no JSON, in which nobody can tell what is a hash. Pure.
std::optional<QByteArray> withoutPasswordHashes(const QString &path, const QByteArray &text);

/// The first text in a password_hash that is such a mask; nullptr when there is none. Written back it would lock the
/// user out.
const JsonNode *findMask(const JsonPositions &json);

} // namespace danube::blueprint
