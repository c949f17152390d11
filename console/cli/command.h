// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/cli/context.h"
#include "console/cli/exitcode.h"

#include <QObject>

namespace danube::cli {

/// One command at work. start() once; finished() once, afterwards nothing more is printed.
class Command : public QObject
{
    Q_OBJECT
public:
    explicit Command(Context context) : m_context(context) {}
    virtual void start() = 0;
    /// Ctrl-C or SIGTERM.
    virtual void interrupt() { finish(ExitCode::Interrupted); }

signals:
    void finished(danube::cli::ExitCode code);

protected:
    void finish(ExitCode code);
    void finishWith(const Error &error);        ///< says the one sentence on stderr, ends with its exit code
    void printJson(const QByteArray &document); ///< as the master sent it, one line

    /// Fetches a document and prints it with --json, else gives it to `show`; then Success.
    void fetch(const api::Call &call, std::function<Result<QString>(const QJsonObject &)> show);
    /// What an id, "17", "#17" or "latest" means.
    void findJob(const QString &text, api::ApiClient::Done<JobId> done);

    Context m_context;

private:
    bool m_finished = false;
};

std::unique_ptr<Command> makeCommand(const Context &context);

} // namespace danube::cli
