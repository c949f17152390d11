// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/failure.h"

#include "console/models/words.h"

#include <QCoreApplication>

namespace danube::console {

const Step *blamedStep(const QList<Step> &steps)
{
    for (auto step = steps.crbegin(); step != steps.crend(); ++step) {
        if (step->outcome && !step->outcome->isSuccess())
            return &*step;
    }
    return nullptr;
}

QString reasonOf(const Job &job, const QList<Step> &steps)
{
    const auto say = [](const char *text) { return QCoreApplication::translate("Failure", text); };
    if (!job.reason.isEmpty())
        return job.reason;
    if (!isFinal(job.state) || job.state == JobState::Success)
        return job.message;
    if (job.state == JobState::Cancelled)
        return say(QT_TRANSLATE_NOOP("Failure", "It was cancelled."));
    if (const Step *step = blamedStep(steps))
        return say(QT_TRANSLATE_NOOP("Failure", "Step %1 \"%2\" failed: %3"))
            .arg(toInt(step->number))
            .arg(step->name, outcomeText(*step->outcome));
    return job.state == JobState::Timeout ? say(QT_TRANSLATE_NOOP("Failure", "It took longer than it may."))
           : !job.message.isEmpty()       ? job.message
                                          : say(QT_TRANSLATE_NOOP("Failure", "The master gave no reason."));
}

} // namespace danube::console
