// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/source/sourceservice.h"

namespace danube::tests {

/// Resolves every ref to one commit, by the event loop; can fail, or never answer.
class FakeSource final : public source::SourceService
{
public:
    explicit FakeSource(const QString &directory); ///< stays empty
    void resolve(const QString &repository, const QString &ref, QObject *context,
                 Done<source::ResolvedCommit> done) override;
    void bundle(const QString &repository, const QString &commit, QObject *context, Done<QString> done) override;

    source::ResolvedCommit resolved{.commit = QString(40, u'c'), .branch = QStringLiteral("main")};
    std::optional<Error> error;
    bool isSilent = false;
    QStringList askedRefs;
};

} // namespace danube::tests
