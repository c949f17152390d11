// SPDX-License-Identifier: GPL-3.0-or-later
// A pod as JSON of any shape: every sentence is one line of bounded length, the same bytes say the same, and no
// container that runs in a pod that has not failed is said to have ended.
#include "server/executors/kubernetes/podview.h"
#include "tests/fuzz/require.h"

#include <QJsonDocument>

using namespace danube::kubernetes;

namespace {

void checkSentence(const QString &sentence, qsizetype inputSize)
{
    require(!sentence.isEmpty());
    require(sentence.size() <= inputSize + 1000); // names are told whole, messages are cut
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const auto bytes = QByteArray::fromRawData(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    const PodView pod = readPod(object);
    require(readPod(object).containers == pod.containers);
    checkSentence(endOfRemoved(pod).sentence, bytes.size());
    if (pod.pending)
        checkSentence(pod.pending->sentence, bytes.size());
    for (const ContainerView &container : pod.containers) {
        const auto end = endOf(pod, container);
        const auto pending = pendingOf(container);
        if (end)
            checkSentence(end->sentence, bytes.size());
        if (pending)
            checkSentence(pending->sentence, bytes.size());
        require(!(end && container.phase == ContainerView::Phase::Running && !pod.end));
    }
    return 0;
}
