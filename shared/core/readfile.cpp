// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/readfile.h"

#include <QFile>

using namespace Qt::StringLiterals;

namespace danube {

Result<QByteArray> readFile(const QString &path, ByteCount most)
{
    constexpr qint64 piece = 64 << 10;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return fail(ErrorCode::Io, u"read %1: %2"_s.arg(path, file.errorString()));
    QByteArray content;
    bool isTooLarge = file.size() > toInt(most); // 0 of a pipe and of what the kernel makes up
    if (!isTooLarge)
        content.reserve(file.size());
    while (!isTooLarge) {
        const QByteArray more = file.read(piece);
        if (more.isEmpty() && file.error() != QFileDevice::NoError)
            return fail(ErrorCode::Io, u"read %1: %2"_s.arg(path, file.errorString()));
        if (more.isEmpty())
            return content;
        isTooLarge = content.size() + more.size() > toInt(most);
        content += more;
    }
    return fail(ErrorCode::ResourceExhausted, u"read %1: larger than %2"_s.arg(path, toText(most)));
}

} // namespace danube
