// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/link/linkclient.h"

using namespace Qt::StringLiterals;

namespace danube::link {

Result<ExitRecord> readExitRecordFile(QByteArrayView bytes, const Secret &key, StepNumber step)
{
    const QByteArray &secret = key.reveal();
    const agent::HmacKey container(
        {reinterpret_cast<const std::uint8_t *>(secret.constData()), static_cast<std::size_t>(secret.size())});
    const agent::ByteView view{reinterpret_cast<const std::uint8_t *>(bytes.data()),
                               static_cast<std::size_t>(bytes.size())};
    auto record = agent::openExitRecord(view, agent::stepKey(container, toInt(step)), toInt(step));
    if (!record)
        return fail(ErrorCode::DataLoss, u"read exit record of step %1: its MAC does not verify"_s.arg(toInt(step)));
    return *record;
}

StepOutcome toOutcome(const ExitRecord &record)
{
    StepOutcome outcome;
    outcome.duration = milliseconds(static_cast<qint64>(record.durationMs));
    outcome.message = QString::fromStdString(record.message);
    outcome.signal = record.signal;
    switch (record.kind) {
    case agent::ExitKind::Exited:
        outcome.kind = OutcomeKind::Exited;
        outcome.exitCode = record.code;
        break;
    case agent::ExitKind::Signalled:
        outcome.kind = OutcomeKind::Signalled;
        outcome.exitCode = 128 + record.signal;
        break;
    case agent::ExitKind::LostSupervisor:
        outcome.kind = OutcomeKind::Signalled;
        outcome.signal = 9;
        outcome.exitCode = 128 + 9;
        break;
    case agent::ExitKind::Timeout:
        outcome.kind = OutcomeKind::Timeout;
        break;
    case agent::ExitKind::Cancelled:
        outcome.kind = OutcomeKind::Cancelled;
        break;
    }
    return outcome;
}

} // namespace danube::link
