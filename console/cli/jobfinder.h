// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/api/apiclient.h"

namespace danube::cli {

/// Turns what people say into a job's id: the id itself, "latest", "17" or "#17". Deletes itself after its answer.
class JobFinder : public QObject
{
    Q_OBJECT
public:
    JobFinder(api::ApiClient &client, QString text, QObject *parent);
    /// NotFound when there is no such job; InvalidArgument for text that can be no job.
    void start(api::ApiClient::Done<JobId> done);

private:
    void takePage(const Result<protocol::JobPage> &page);
    void nextPage(const QString &cursor);
    void answer(Result<JobId> result);

    api::ApiClient &m_client;
    QString m_text;
    int64_t m_number = 0; ///< 0 = the latest
    api::ApiClient::Done<JobId> m_done;
};

/// The job number in "17" or "#17"; nullopt for anything else.
std::optional<int64_t> jobNumberOf(const QString &text);

} // namespace danube::cli
