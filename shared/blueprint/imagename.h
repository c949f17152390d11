// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

namespace danube::blueprint {

/// A container image's name, taken apart: [host[:port]/]path[:tag][@algorithm:hex], as the reference grammar of the
/// distribution specification has it.
struct ImageName
{
    QString host; ///< with port; empty = the default registry
    QString path; ///< lower case, parts separated by '/'
    QString tag;
    QString digest; ///< "sha256:<64 hex>"
    bool operator==(const ImageName &) const = default;
};

/// InvalidArgument says what is wrong with which part.
Result<ImageName> parseImageName(const QString &text);

} // namespace danube::blueprint
