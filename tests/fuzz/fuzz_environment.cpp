// SPDX-License-Identifier: GPL-3.0-or-later
// The coordinator's variables, "NAME=value" a line: what is read is complete, and danubefile.py gets nothing that leads
// to the token or the master.
#include "server/coordinator/environment.h"

#include <cstdlib>

using namespace danube;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QString text = QString::fromUtf8(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    QProcessEnvironment variables;
    for (const QString &line : text.split(u'\n')) {
        const qsizetype equals = line.indexOf(u'=');
        if (equals > 0)
            variables.insert(line.first(equals), line.sliced(equals + 1));
    }
    const auto read = coordinator::readEnvironment(variables);
    if (!read) {
        if (read.error().message.isEmpty())
            std::abort();
        return 0;
    }
    for (const char *name : {"DANUBE_TOKEN", "DANUBE_TOKEN_FILE", "DANUBE_RPC_URL", "DANUBE_RPC_DIALER_FD"}) {
        if (read->forScript.contains(QString::fromLatin1(name)))
            std::abort();
    }
    if (read->rpc.port == 0 || read->rpc.host.isEmpty() || read->commit.size() != 40 || read->script.startsWith(u'/'))
        std::abort();
    return 0;
}
