// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/blueprint/finding.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"

namespace danube::blueprint {

/// A Blueprint that was accepted.
struct ActiveBlueprint
{
    QString commit;
    WallTime appliedAt{};
    Files files;
    bool operator==(const ActiveBlueprint &) const = default;
};

/// The last accepted Blueprint on disk, so that a master starts without git. One file, written whole or not at all, for
/// this user only.
class LastGood
{
public:
    /// `origin` names repository, branch and folder: what was kept for another one is not this one's.
    LastGood(QString path, QString origin) : m_path(std::move(path)), m_origin(std::move(origin)) {}
    Result<void> store(const ActiveBlueprint &blueprint) const;
    /// nullopt when nothing was kept for this origin; DataLoss when the file is damaged, ResourceExhausted when
    /// it has more than 64 MiB.
    Result<std::optional<ActiveBlueprint>> load() const;

private:
    QString m_path;
    QString m_origin;
};

} // namespace danube::blueprint
