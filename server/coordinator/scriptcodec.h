// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QByteArray>
#include <QJsonObject>

#include <vector>

namespace danube::coordinator {

/// One call of danubefile.py: {"id": 1, "call": "run_step", "args": {…}} on one line. Answers are {"id": 1, "result":
/// {…}} or {"id": 1, "error": {"code", "message"}}, in any order. resources/sdk/danube/_channel.py is the other side.
struct ScriptCall
{
    qint64 id = 0;
    QString name;
    QJsonObject arguments;
    bool operator==(const ScriptCall &) const = default;
};

/// Cuts a byte stream into lines and lines into calls. After an error the stream is of no use any more.
class ScriptCodec
{
public:
    static constexpr qsizetype maxFrame = 16 << 20;

    Result<std::vector<ScriptCall>> feed(QByteArrayView bytes);

private:
    QByteArray m_buffer;
};

QByteArray answerFrame(qint64 id, const Result<QJsonObject> &result);

} // namespace danube::coordinator
