// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/source/upkeep.h"

#include "server/source/barerepository.h"

#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::source {
namespace {

Q_LOGGING_CATEGORY(upkeepLog, "danube.source")

constexpr quint64 fetchesBetween = 20;
constexpr milliseconds longest{3'600'000};

} // namespace

void Upkeep::beforeWriting(const QString &directory)
{
    if (!m_isCollecting && std::exchange(m_mayHaveLeftovers, false))
        removeLeftovers(directory);
}

void Upkeep::afterWriting(const Result<git::Finished> &finished)
{
    if (!finished || !finished->isSuccess())
        m_mayHaveLeftovers = true;
}

void Upkeep::fetched(git::Command command)
{
    if (m_fetches++ % fetchesBetween != 0 || std::exchange(m_isCollecting, true))
        return;
    command.arguments = {u"-c"_s, u"gc.auto=6700"_s, u"gc"_s, u"--auto"_s, u"--quiet"_s}; // git's own number
    command.lane = git::Lane::Upkeep;
    command.timeout = longest;
    m_git.run(command, this, [this, command](const Result<git::Finished> &finished) {
        m_isCollecting = false;
        afterWriting(finished);
        if (finished && finished->isSuccess())
            return;
        const Error error = finished ? git::refusal(command, *finished) : finished.error();
        qCWarning(upkeepLog).noquote() << u"upkeep failed error=\"%1\""_s.arg(error.message);
    });
}

} // namespace danube::source
