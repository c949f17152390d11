// SPDX-License-Identifier: GPL-3.0-or-later
// The small languages inside of a Blueprint: schedules, branch patterns, images, amounts. What is taken has a meaning
// that does not depend on how it was written.
#include "shared/blueprint/branchpattern.h"
#include "shared/blueprint/cron.h"
#include "shared/blueprint/imagename.h"
#include "shared/blueprint/nearest.h"
#include "shared/core/bytecount.h"
#include "tests/fuzz/require.h"

using namespace danube;
using namespace danube::blueprint;

namespace {

void checkSchedule(const QString &text)
{
    const auto schedule = CronSchedule::parse(text);
    if (!schedule)
        return require(!schedule.error().message.isEmpty());
    const WallTime now(std::chrono::hours(500'000));
    const auto first = schedule->next(now);
    if (!first)
        return;
    require(*first > now && first->time_since_epoch() % std::chrono::minutes(1) == milliseconds(0));
    require(schedule->next(*first - std::chrono::minutes(1)) == first); // it fits itself
}

void checkImage(const QString &text)
{
    const auto image = parseImageName(text);
    if (!image)
        return;
    QString again = image->host.isEmpty() ? image->path : image->host + u'/' + image->path;
    again += image->tag.isEmpty() ? QString() : u':' + image->tag;
    again += image->digest.isEmpty() ? QString() : u'@' + image->digest;
    require(parseImageName(again) == *image);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 5000)
        return 0;
    const QString text = QString::fromUtf8(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    checkSchedule(text);
    checkImage(text);
    const qsizetype cut = text.indexOf(u'\n');
    const QString pattern = text.left(cut);
    const QString branch = cut < 0 ? text : text.mid(cut + 1);
    const bool isMatch = matchesBranch(pattern, branch);
    if (checkBranchPattern(pattern) && !pattern.contains(u'*') && !pattern.contains(u'?'))
        require(isMatch == (pattern == branch));
    if (const auto count = parseByteCount(text))
        require(toInt(*count) >= 0 && parseByteCount(danube::toText(*count)).has_value());
    const QString near = nearest(pattern, {branch, QStringLiteral("pipelines")});
    require(near.isEmpty() || near == branch || near == u"pipelines");
    return 0;
}
