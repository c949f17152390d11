// SPDX-License-Identifier: GPL-3.0-or-later
// JSON of strangers: the reader gives values of the asked types or one error that names a field.
#include "shared/core/jsonreader.h"
#include "shared/protocol/logsearch.h"

#include <QJsonObject>

using namespace danube;
using namespace Qt::StringLiterals;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    if (const auto found = protocol::logSearchAnswerFromJson(text)) {
        if (!protocol::logSearchAnswerFromJson(protocol::toJson(*found)))
            abort();
    }
    const auto object = parseJsonObject(text);
    if (!object)
        return 0;
    for (const UnknownFields unknown : {UnknownFields::Ignore, UnknownFields::Refuse}) {
        JsonReader reader(*object);
        std::ignore = reader.requiredString("a"_L1);
        std::ignore = reader.string("b"_L1);
        std::ignore = reader.integer("c"_L1, -5, 5);
        std::ignore = reader.stringList("d"_L1);
        if (const auto read = reader.finish(unknown); !read && read.error().message.isEmpty())
            abort();
    }
    return 0;
}
