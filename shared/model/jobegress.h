// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>

namespace danube {

/// What guarded a job's way out while it ran.
struct JobEgress
{
    QString level;  ///< "enforced", "declared" (audit, or not shown to hold) or "none"
    QString reason; ///< one sentence
    bool operator==(const JobEgress &) const = default;
};

/// {level, reason}: the member "egress" of a job's details.
QJsonObject toJson(const JobEgress &egress);
JobEgress jobEgressFromJson(const QJsonObject &object); ///< inverse

} // namespace danube
