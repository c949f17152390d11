// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/scriptcodec.h"

#include "shared/core/jsonreader.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::coordinator {
namespace {

Result<ScriptCall> callOf(const QByteArray &line)
{
    const auto object = parseJsonObject(line);
    if (!object)
        return std::unexpected(object.error());
    JsonReader reader(*object);
    ScriptCall call;
    const auto id = reader.integer("id"_L1, 1, int64_t(1) << 53);
    if (!id)
        reader.refuse("id"_L1, u"a whole number from 1"_s);
    call.id = id.value_or(0);
    call.name = reader.requiredString("call"_L1);
    call.arguments = reader.object("args"_L1).value_or(QJsonObject());
    if (auto read = reader.finish(UnknownFields::Refuse); !read)
        return std::unexpected(read.error());
    return call;
}

} // namespace

Result<std::vector<ScriptCall>> ScriptCodec::feed(QByteArrayView bytes)
{
    std::vector<ScriptCall> calls;
    // Only the new bytes can hold the next line's end.
    auto searched = m_buffer.size();
    m_buffer.append(bytes);
    qsizetype start = 0;
    for (auto end = m_buffer.indexOf('\n', searched); end >= 0; end = m_buffer.indexOf('\n', start)) {
        const auto call = callOf(m_buffer.sliced(start, end - start));
        if (!call)
            return std::unexpected(call.error().in(u"call from the script"_s));
        calls.push_back(*call);
        start = end + 1;
    }
    m_buffer.remove(0, start);
    if (m_buffer.size() > maxFrame)
        return fail(ErrorCode::ResourceExhausted, u"call from the script: longer than %1 MiB"_s.arg(maxFrame >> 20));
    return calls;
}

QByteArray answerFrame(qint64 id, const Result<QJsonObject> &result)
{
    QJsonObject frame{{u"id"_s, id}};
    if (result) {
        frame.insert(u"result"_s, *result);
    } else {
        frame.insert(u"error"_s, QJsonObject{{u"code"_s, errorCodeName(result.error().code)},
                                             {u"message"_s, result.error().message}});
    }
    return QJsonDocument(frame).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace danube::coordinator
