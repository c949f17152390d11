// SPDX-License-Identifier: GPL-3.0-or-later
// Kubeconfigs: whatever is accepted is usable, over TLS, verified unless that was allowed, with a credential; errors
// name the file.
#include "server/kube/clusteraccess.h"
#include "tests/fuzz/require.h"

#include <algorithm>

using namespace danube;
using namespace danube::kube;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    // A folder that does not exist: no relative path inside opens a file of this machine.
    const KubeconfigSource source{.yaml =
                                      QByteArray(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)),
                                  .fileName = QStringLiteral("/nonexistent/config"),
                                  .context = {}};
    const auto access = readKubeconfig(source, InsecureTls::Refused);
    if (!access) {
        require(access.error().message.startsWith(QStringLiteral("kubeconfig /nonexistent/config: ")));
        return 0;
    }
    require(access->verifyPeer && access->server.scheme() == QStringLiteral("https") &&
            !access->server.host().isEmpty());
    require(access->clientCertificate.isEmpty() == access->clientKey.isEmpty());
    require(!access->token.isEmpty() || !access->tokenFile.isEmpty() || !access->clientCertificate.isEmpty());
    require(std::ranges::all_of(access->token.reveal(), [](char c) { return c > ' ' && c < 0x7f; }));
    return 0;
}
