// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/command.h"
#include "shared/protocol/logsearch.h"

namespace danube::cli {

/// search JOB TEXT: asks as often as it takes to search the whole log and to show as many lines as were asked for.
class SearchCommand final : public Command
{
    Q_OBJECT
public:
    using Command::Command;
    void start() override;

private:
    Result<protocol::LogSearchQuery> queryOf() const;
    void ask();
    void take(const Result<api::Answer> &answer);
    void show(const protocol::LogSearchAnswer::Line &line);

    JobId m_job;
    protocol::LogSearchQuery m_query;
    qint64 m_matches = 0;
    bool m_isCounted = false;         ///< m_matches is of the whole log
    std::optional<qint64> m_nextPage; ///< where more lines to show begin
    int m_left = 0;                   ///< lines still to show
};

} // namespace danube::cli
