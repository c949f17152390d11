// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/options.h"

namespace danube::cli {

/// Edits of a document as the command line names them: --remove POINTER first, then --set POINTER=VALUE, then --add
/// POINTER=TEXT, each in the order given. VALUE is JSON; a text that is no JSON is a string.
struct DocumentEdits
{
    QStringList removals;
    QList<std::pair<QString, QJsonValue>> values;
    QList<std::pair<QString, QString>> entries; ///< into lists whose order means nothing

    /// InvalidArgument names the option.
    static Result<DocumentEdits> from(const Options &options);
    bool isEmpty() const { return removals.isEmpty() && values.isEmpty() && entries.isEmpty(); }
    /// The text with nothing else changed. Errors as shared/blueprint/textedit.h has them.
    Result<QByteArray> applyTo(QByteArray text) const;
};

} // namespace danube::cli
