// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/jobquery.h"

#include "console/models/words.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

bool contains(const QString &text, const QString &part)
{
    return text.contains(part, Qt::CaseInsensitive);
}

// "failed" as people say it, "failure" as the wire says it, also a unique beginning of either.
QList<JobState> statesNamed(const QString &name)
{
    QList<JobState> found;
    for (const JobState state : allJobStates) {
        if (toText(state).startsWith(name, Qt::CaseInsensitive) ||
            stateWord(state).startsWith(name, Qt::CaseInsensitive))
            found.append(state);
    }
    if (name.compare("active"_L1, Qt::CaseInsensitive) == 0)
        found = {JobState::Pending, JobState::Scheduling, JobState::Running};
    return found;
}

std::optional<milliseconds> spanOf(const QString &text)
{
    static const QHash<QChar, seconds> units{{u's', seconds(1)},
                                             {u'm', seconds(60)},
                                             {u'h', seconds(3600)},
                                             {u'd', seconds(86400)},
                                             {u'w', seconds(604800)}};
    bool isNumber = false;
    const int number = QStringView(text).chopped(text.isEmpty() ? 0 : 1).toInt(&isNumber);
    const auto unit = text.isEmpty() ? units.cend() : units.constFind(text.back().toLower());
    if (!isNumber || number <= 0 || unit == units.cend())
        return std::nullopt;
    return *unit * number;
}

// Takes one "key:value"; the answer is a message when it says nothing, empty when it was understood.
std::optional<QString> readToken(JobQuery &query, const QString &key, const QString &value)
{
    const auto say = [](const char *text) { return QCoreApplication::translate("JobQuery", text); };
    if (value.isEmpty())
        return say(QT_TRANSLATE_NOOP("JobQuery", "A value is missing after the colon."));
    if (key == "state"_L1) {
        const auto states = statesNamed(value);
        query.states += states;
        return states.isEmpty()
                   ? say(QT_TRANSLATE_NOOP("JobQuery", "No such state: try running, failed, succeeded, queued."))
                   : QString();
    }
    if (key == "since"_L1) {
        const auto span = spanOf(value);
        query.since = span.value_or(query.since);
        return span ? QString() : say(QT_TRANSLATE_NOOP("JobQuery", "Expected a time span such as 30m, 2h or 7d."));
    }
    if (key == "is"_L1) {
        bool *const flag = value.compare("mine"_L1, Qt::CaseInsensitive) == 0      ? &query.mine
                           : value.compare("watched"_L1, Qt::CaseInsensitive) == 0 ? &query.watched
                                                                                   : nullptr;
        if (flag)
            *flag = true;
        return flag ? QString() : say(QT_TRANSLATE_NOOP("JobQuery", "Expected is:mine or is:watched."));
    }
    QString *const field = key == "branch"_L1     ? &query.branch
                           : key == "pipeline"_L1 ? &query.pipeline
                           : key == "trigger"_L1  ? &query.trigger
                           : key == "commit"_L1   ? &query.commit
                                                  : nullptr;
    if (!field)
        return std::nullopt;
    *field = value;
    return QString();
}

} // namespace

JobQuery JobQuery::parse(const QString &line)
{
    JobQuery query;
    for (qsizetype start = 0; start < line.size();) {
        if (line[start].isSpace()) {
            ++start;
            continue;
        }
        qsizetype end = start;
        while (end < line.size() && !line[end].isSpace())
            ++end;
        const QString token = line.sliced(start, end - start);
        const qsizetype colon = token.indexOf(u':');
        std::optional<QString> problem;
        if (colon > 0)
            problem = readToken(query, token.first(colon).toLower(), token.sliced(colon + 1));
        if (!problem)
            query.words.append(token);
        else if (!problem->isEmpty())
            query.problems.append({start, end - start, *problem});
        start = end;
    }
    return query;
}

bool JobQuery::matches(const Job &job, WallTime now, JobStanding standing) const
{
    if ((mine && !standing.mine) || (watched && !standing.watched))
        return false;
    const QString &ref = job.branch.isEmpty() ? job.ref : job.branch;
    if (!states.isEmpty() && !states.contains(job.state))
        return false;
    if (since > milliseconds(0) && job.createdAt + since < now)
        return false;
    if (!contains(ref, branch) || !contains(job.pipeline, pipeline) ||
        !job.commit.startsWith(commit, Qt::CaseInsensitive) ||
        !(contains(job.triggerType, trigger) || contains(job.triggeredBy, trigger)))
        return false;
    const QString number = u'#' + QString::number(job.number);
    return std::all_of(words.begin(), words.end(), [&](const QString &word) {
        return contains(ref, word) || contains(job.pipeline, word) || contains(number, word) ||
               contains(job.triggeredBy, word) || contains(job.reason, word) || contains(stateWord(job.state), word) ||
               job.commit.startsWith(word, Qt::CaseInsensitive);
    });
}

} // namespace danube::console
