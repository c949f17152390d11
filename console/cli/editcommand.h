// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/blueprintfiles.h"
#include "console/cli/command.h"
#include "console/cli/documentedits.h"

namespace danube::cli {

/// blueprint edit FILE --set … --add … --remove …: changes what is named and nothing else, and shows it as a patch.
/// Without a master FILE is a file of a working copy, changed in place unless --dry-run is given. With --message FILE
/// is a path below the Blueprint's root, and the change is committed through the master to the branch's head. What
/// would add an error to the Blueprint is refused with exit 1.
class EditCommand final : public Command
{
    Q_OBJECT
public:
    using Command::Command;
    void start() override;

private:
    Result<void> begin();
    Result<ExitCode> editHere(const QString &path);
    void editOnMaster(const QString &path);
    Result<QByteArray> newTextOf(const QJsonObject &present, const QString &path) const;
    void commit(const QJsonObject &present, const QString &path, const QByteArray &text);
    void showPatch(const QString &path, const QByteArray &before, const QByteArray &after);

    DocumentEdits m_edits;
};

} // namespace danube::cli
