// SPDX-License-Identifier: GPL-3.0-or-later
// Any pasted text: what is taken for a host can be asked about, each once, within the bound.
#include "console/models/hosttest.h"

#include <QSet>

#include <cstdlib>

using namespace danube;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const auto text = QString::fromUtf8(QByteArrayView(data, static_cast<qsizetype>(size)));
    const QStringList hosts = console::hostsIn(text);
    if (hosts.size() > console::maxHosts || QSet<QString>(hosts.begin(), hosts.end()).size() != hosts.size())
        std::abort();
    for (const QString &host : hosts) {
        if (!egress::parseQuestion(host))
            std::abort();
    }
    return 0;
}
