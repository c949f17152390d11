// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/jobbatch.h"

#include "console/models/words.h"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace danube::console {

QString objectionTo(JobAction action, const Job &job)
{
    if (action == JobAction::Retry)
        return isFinal(job.state) ? QString() : JobBatch::tr("has not ended yet");
    if (isFinal(job.state))
        return JobBatch::tr("has already ended (%1)").arg(stateWord(job.state).toLower());
    return job.cancelRequested ? JobBatch::tr("is being cancelled already") : QString();
}

JobBatch::JobBatch(JobAction action, const QList<std::pair<MasterSession *, JobId>> &jobs, QObject *parent)
    : QObject(parent), m_action(action)
{
    for (const auto &[master, id] : jobs) {
        const Job *known = master->jobs()->job(id);
        Item item{master, known ? *known : Job{}, Fate::Ready, {}};
        item.job.id = id;
        if (known)
            item.reason = objectionTo(action, *known);
        if (!item.reason.isEmpty())
            item.fate = Fate::Skipped;
        m_items.append(item);
    }
}

int JobBatch::count(Fate fate) const
{
    return int(std::ranges::count(m_items, fate, &Item::fate));
}

void JobBatch::start()
{
    if (!std::exchange(m_started, true))
        sendMore();
}

// The state may have moved on since the list was made: what has ended meanwhile is skipped, too.
void JobBatch::sendMore()
{
    while (m_next < m_items.size() && m_sending < mostAtOnce) {
        const qsizetype i = m_next++;
        Item &item = m_items[i];
        if (item.fate != Fate::Ready)
            continue;
        const Job *known = item.master ? item.master->jobs()->job(item.job.id) : nullptr;
        item.reason = !item.master ? tr("its master is not connected any more")
                      : known      ? objectionTo(m_action, *known)
                                   : QString();
        item.fate = item.reason.isEmpty() ? Fate::Sending : Fate::Skipped;
        if (item.fate == Fate::Sending) {
            ++m_sending;
            auto done = [this, i](const Result<Job> &answer) { take(i, answer); };
            if (m_action == JobAction::Cancel)
                item.master->cancel(item.job.id, this, done);
            else
                item.master->retry(item.job.id, this, done);
        }
        emit changed(int(i));
    }
    if (isOver())
        emit over();
}

void JobBatch::take(qsizetype index, const Result<Job> &answer)
{
    Item &item = m_items[index];
    --m_sending;
    if (answer) {
        item.fate = Fate::Sent;
        if (m_action == JobAction::Retry)
            item.reason = tr("runs again as #%1").arg(answer->number);
    } else if (answer.error().code == ErrorCode::Conflict) { // it ended while the request was on its way
        item.fate = Fate::Skipped;
        item.reason = answer.error().message;
    } else {
        item.fate = Fate::Refused;
        item.reason = answer.error().message;
    }
    emit changed(int(index));
    sendMore();
}

QString JobBatch::summary() const
{
    const QLocale locale;
    QStringList parts;
    if (!m_started)
        parts.append(m_action == JobAction::Cancel ? tr("%Ln will be cancelled", nullptr, count(Fate::Ready))
                                                   : tr("%Ln will run again", nullptr, count(Fate::Ready)));
    else
        parts.append(tr("%1 sent").arg(locale.toString(count(Fate::Sent))));
    if (const int under = count(Fate::Sending) + (m_started ? count(Fate::Ready) : 0); under > 0)
        parts.append(tr("%1 under way").arg(locale.toString(under)));
    if (const int skipped = count(Fate::Skipped); skipped > 0)
        parts.append(tr("%1 skipped").arg(locale.toString(skipped)));
    if (const int refused = count(Fate::Refused); refused > 0)
        parts.append(tr("%1 refused").arg(locale.toString(refused)));
    return parts.join(u", "_s);
}

} // namespace danube::console
