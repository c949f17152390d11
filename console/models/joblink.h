// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/id.h"
#include "shared/core/result.h"

#include <QString>

namespace danube::console {

/// A link that opens a job in the console, at a line when it names one:
/// danube://job/<id>?master=<the master's URL, percent-encoded>&line=<from 1>. Holds no secret.
struct JobLink
{
    QString master; ///< URL as in the profile
    JobId job;
    int64_t line = -1; ///< from 0; -1 = none

    QString toText() const;
    /// InvalidArgument says what is wrong. Only http and https masters, safe ids.
    static Result<JobLink> parse(const QString &text);
    bool operator==(const JobLink &) const = default;
};

inline constexpr char jobLinkScheme[] = "danube";

} // namespace danube::console
