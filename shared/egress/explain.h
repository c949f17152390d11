// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/egress/linter.h"

namespace danube::egress {

/// "host", "host:port" or a URL, as a person asks it. The port is 443 unless the text says another (80 for http://).
struct Question
{
    QString host;
    quint16 port = 443;
    bool operator==(const Question &) const = default;
};
/// InvalidArgument names the text. The host is as written: explain() says what is wrong with it.
Result<Question> parseQuestion(const QString &text);

/// The lists that hold for a job.
struct Allowlists
{
    QStringList base;       ///< config.json
    QStringList pipeline{}; ///< what its pipeline adds
};

/// One entry of Allowlists.
struct EntryPlace
{
    bool isPipelines = false;
    qsizetype index = 0;
    QString text; ///< canonical
    bool operator==(const EntryPlace &) const = default;
};

struct Verdict
{
    Question question;
    bool isAllowed = false;
    /// The first entry that allows it; refused: the one that comes nearest, if any does. None when a fixed rule
    /// decides.
    std::optional<EntryPlace> entry;
    QString reason;       ///< one sentence
    QStringList proposal; ///< refused: entries of which each would allow it, the narrowest first
    bool operator==(const Verdict &) const = default;
};
/// {host, port, allowed, entry?, list?: "config" | "pipeline", index?, reason, proposal}: POST egress/test answers
/// these.
QJsonObject toJson(const Verdict &verdict);

/// Would a job's TCP connection to host:port be let through in mode enforce, and by what. Reads options.cilium,
/// cluster, master and masterPort. Entries that are none are passed over: the linter names them.
///
/// Keeps the entries taken apart, for those that ask often (danube-guard). Immutable, so good for several threads.
class Explainer
{
public:
    explicit Explainer(const Allowlists &lists, LintOptions options = {});
    Verdict explain(const Question &question) const;
    /// Whether a job may look the host up: a connection to it is let through on some port.
    bool isReachable(const QString &host) const;
    /// The host is the master's, which every job reaches whatever the lists say.
    bool isMaster(const QString &host) const;

private:
    struct Candidate
    {
        EntryPlace place;
        Entry entry;
    };
    struct Near;
    void append(const QStringList &list, bool isPipelines);
    QString whyNot(const Near &near, const Question &question) const;
    QStringList proposalFor(const Entry &asked, const Near &near) const;
    std::expected<Entry, Verdict> askedFor(const Question &question) const;

    LintOptions m_options;
    QList<Candidate> m_candidates;
};

/// One question, answered by an Explainer of its own.
Verdict explain(const Question &question, const Allowlists &lists, const LintOptions &options = {});

} // namespace danube::egress
