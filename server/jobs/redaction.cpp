// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/redaction.h"

using namespace Qt::StringLiterals;

namespace danube::jobs {

constexpr qsizetype shortestRedacted = 4;

QString redacted(QString text, const GrantedSecrets &secrets)
{
    for (const auto &[key, secret] : secrets) {
        if (secret.reveal().size() >= shortestRedacted)
            text.replace(QString::fromUtf8(secret.reveal()), "***"_L1);
    }
    return text;
}

} // namespace danube::jobs
