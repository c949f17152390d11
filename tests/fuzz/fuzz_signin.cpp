// SPDX-License-Identifier: GPL-3.0-or-later
// What strangers hand to the console's sign-in: a provider's documents, a browser's request, links, profiles.
#include "console/controllers/oidc.h"
#include "console/controllers/profile.h"
#include "console/models/joblink.h"

using namespace danube::console;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto provider = providerFromJson(bytes, QStringLiteral("https://dex.example.org"));
    if (provider && (provider->token.scheme() != u"https" && provider->token.host() != u"localhost" &&
                     !provider->token.host().startsWith(u"127.") && provider->token.host() != u"::1"))
        __builtin_trap(); // a token would go out in the clear
    (void)tokenAnswerFromJson(bytes);
    if (const auto code = deviceCodeFromJson(bytes); code && code->interval.count() < 1)
        __builtin_trap(); // a provider would be asked without a pause
    (void)redirectFromRequest(bytes);
    (void)userNameOf(bytes);
    (void)profilesFromJson(bytes);
    if (const auto link = JobLink::parse(QString::fromUtf8(bytes))) {
        const auto again = JobLink::parse(link->toText());
        if (!again || *again != *link)
            __builtin_trap();
    }
    return 0;
}
