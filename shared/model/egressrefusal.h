// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/id.h"

#include <QJsonObject>
#include <QList>

#include <optional>

namespace danube {

/// Refused: it happened. WouldBeRefused: it was let through, in audit mode, and enforcing the list would refuse it.
enum class RefusalKind { Refused, WouldBeRefused };
QString toText(RefusalKind kind); ///< "refused", "would_be_refused"
std::optional<RefusalKind> refusalKindFromText(QStringView text);

/// What one job was refused of the network, flows to the same place added up. One row of the refusal table, also its
/// REST form. host, port, protocol are bytes of a job: bounded, but not to be trusted.
struct EgressRefusal
{
    static constexpr qsizetype maxSteps = 16; ///< in each of the two lists

    JobId job;
    QString pipeline;
    RefusalKind kind = RefusalKind::Refused;
    QString host;     ///< a name as the job asked for it, else the address
    quint16 port = 0; ///< 0 = a DNS query, or a protocol without ports
    QString protocol; ///< "DNS", "TCP", "UDP", "ICMPv4", …
    WallTime first{}; ///< by the node's clock
    WallTime last{};
    int64_t count = 0;
    QList<StepNumber> steps;      ///< certain: only this one ran at that moment; sorted
    QList<StepNumber> candidates; ///< several ran; sorted
    bool operator==(const EgressRefusal &) const = default;
};

QJsonObject toJson(const EgressRefusal &refusal);
EgressRefusal egressRefusalFromJson(const QJsonObject &object); ///< inverse; missing members keep their defaults

} // namespace danube

Q_DECLARE_METATYPE(danube::EgressRefusal)
