// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/id.h"

#include "shared/core/clock.h"

#include <QRandomGenerator>

namespace danube {
namespace {

// 45 bits of milliseconds (until the year 3084), then 35 random bits, five bits a character: text order is time order.
QString timeOrderedId(const Clock &clock)
{
    static constexpr char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    const auto milliseconds = static_cast<quint64>(clock.wall().time_since_epoch().count());
    const quint64 random = QRandomGenerator::system()->generate64();
    QString id(16, u'0');
    for (int i = 0; i < 9; ++i)
        id[i] = QLatin1Char(alphabet[(milliseconds >> (5 * (8 - i))) & 31]);
    for (int i = 0; i < 7; ++i)
        id[9 + i] = QLatin1Char(alphabet[(random >> (5 * i)) & 31]);
    return id;
}

} // namespace

bool isSafeId(QStringView text)
{
    if (text.isEmpty() || text.size() > 64 || text.front() == u'-')
        return false;
    return std::ranges::all_of(
        text, [](QChar c) { return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'z') || c == u'-'; });
}

JobId newJobId(const Clock &clock)
{
    return JobId(timeOrderedId(clock));
}
ArtifactId newArtifactId(const Clock &clock)
{
    return ArtifactId(timeOrderedId(clock));
}

QString randomHex(int bytes)
{
    QByteArray raw(bytes, Qt::Uninitialized);
    for (char &byte : raw)
        byte = static_cast<char>(QRandomGenerator::system()->generate() & 0xff);
    return QString::fromLatin1(raw.toHex());
}

} // namespace danube
