// SPDX-License-Identifier: GPL-3.0-or-later
// Two objects of a cluster, "wanted\0live": nothing differs from itself, a difference is told in a bounded sentence,
// and what the patch takes away is there. The same bytes as a canary's last words: nothing is proven by accident.
#include "server/egress/canarypod.h"
#include "server/egress/policyobject.h"
#include "tests/fuzz/require.h"

#include <QJsonDocument>

using namespace danube::egress;

namespace {

void checkPair(const QJsonObject &wanted, const QJsonObject &live)
{
    require(live.contains(u"specs") || !driftOf(live, live));
    if (const auto difference = driftOf(wanted, live)) {
        require(difference->wanted.size() <= 201 && difference->found.size() <= 201);
        require(!describe(*difference).isEmpty());
    }
    require(!(isOlder(wanted, live) && isOlder(live, wanted)));
    require(removalPatch(live, live).isEmpty());
    const QJsonObject spec = removalPatch(wanted, live).value(u"spec").toObject();
    for (const QString &key : spec.keys())
        require(live[u"spec"].toObject().contains(key));
    require(verdictOf(live).kind != PluginVerdict::Kind::Valid || live.contains(u"status"));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const qsizetype cut = bytes.indexOf('\0');
    const QJsonObject first = QJsonDocument::fromJson(bytes.left(cut)).object();
    const QJsonObject second = cut < 0 ? first : QJsonDocument::fromJson(bytes.mid(cut + 1)).object();
    checkPair(first, second);
    checkPair(second, first);
    CanaryTargets targets;
    targets.allowed = {QStringLiteral("master.example.org"), 9000};
    targets.forbiddenName = QStringLiteral("example.org");
    const CanaryFinding finding = judgeCanary({0, QString::fromUtf8(bytes), false}, targets);
    require(!finding.sentence.isEmpty());
    require(finding.kind != CanaryFinding::Kind::Proven || (bytes.contains("true") && bytes.contains("false")));
    require(judgeCanary({0, QString::fromUtf8(bytes), true}, targets).kind != CanaryFinding::Kind::Proven);
    std::ignore = canaryEndOf(first);
    return 0;
}
