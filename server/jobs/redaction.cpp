// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/redaction.h"

using namespace Qt::StringLiterals;

namespace danube::jobs {
namespace {

constexpr qsizetype shortestRedacted = 4;

struct Span
{
    qsizetype from;
    qsizetype to;
    auto operator<=>(const Span &) const = default;
};

/// Where granted values stand, in order of their beginnings.
std::vector<Span> occurrences(const QString &text, const GrantedSecrets &secrets)
{
    std::vector<Span> spans;
    for (const auto &[key, secret] : secrets) {
        if (secret.reveal().size() < shortestRedacted)
            continue;
        const QString value = QString::fromUtf8(secret.reveal());
        for (auto at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.size()))
            spans.push_back({at, at + value.size()});
    }
    std::ranges::sort(spans);
    return spans;
}

} // namespace

QString redacted(const QString &text, const GrantedSecrets &secrets)
{
    QString shown;
    qsizetype at = 0; // up to where the text is told, or hidden
    for (const auto &[from, to] : occurrences(text, secrets)) {
        if (from >= at)
            shown.append(QStringView(text).sliced(at, from - at)).append("***"_L1);
        at = std::max(at, to);
    }
    return shown.append(QStringView(text).sliced(at));
}

} // namespace danube::jobs
