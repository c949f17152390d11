// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/model/jobegress.h"

using namespace Qt::StringLiterals;

namespace danube {

QJsonObject toJson(const JobEgress &egress)
{
    return {{u"level"_s, egress.level}, {u"reason"_s, egress.reason}};
}

JobEgress jobEgressFromJson(const QJsonObject &object)
{
    return {.level = object.value("level"_L1).toString(), .reason = object.value("reason"_L1).toString()};
}

} // namespace danube
