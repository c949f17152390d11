// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/kubernetes/podnames.h"

#include <QCryptographicHash>

using namespace Qt::StringLiterals;

namespace danube::kubernetes {
namespace {

constexpr qsizetype maxLabel = 63;
constexpr qsizetype maxJobName = 48; // "danube-" and "-token" stay below 63

bool isAlphanumeric(QChar c)
{
    return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

} // namespace

Result<void> checkJobName(const JobId &job)
{
    const QString &id = job.value();
    if (isSafeId(id) && id.size() <= maxJobName && isAlphanumeric(id.back()))
        return {};
    return fail(ErrorCode::InvalidArgument, u"job %1: its id cannot name a pod"_s.arg(id));
}

QString podNameOf(const JobId &job)
{
    return u"danube-"_s + job.value();
}

QString secretNameOf(const JobId &job)
{
    return podNameOf(job) + u"-token"_s;
}

QString workerContainer(qsizetype index)
{
    return index == 0 ? u"worker"_s : u"worker-%1"_s.arg(index + 1);
}

QString ephemeralContainer(const QString &image)
{
    const QByteArray digest = QCryptographicHash::hash(image.toUtf8(), QCryptographicHash::Sha256);
    return u"image-"_s + QString::fromLatin1(digest.first(5).toHex());
}

QString spareRunVolume(int index)
{
    return u"run-spare-%1"_s.arg(index);
}

QString labelValue(const QString &text)
{
    QString value = text.first(std::min(text.size(), maxLabel));
    while (!value.isEmpty() && !isAlphanumeric(value.back()))
        value.chop(1);
    while (!value.isEmpty() && !isAlphanumeric(value.front()))
        value.removeFirst();
    return value;
}

QString instanceSelector(const QString &instance)
{
    return u"%1=%2,%3=%4"_s.arg(managedByLabel, managedBy, instanceLabel, labelValue(instance));
}

std::optional<JobId> jobOf(const QJsonObject &object, const QString &instance)
{
    const QJsonObject labels = object.value("metadata"_L1).toObject().value("labels"_L1).toObject();
    const QString job = labels.value(jobLabel).toString();
    const bool isOurs = labels.value(managedByLabel).toString() == managedBy &&
                        labels.value(instanceLabel).toString() == labelValue(instance) && isSafeId(job);
    return isOurs ? std::optional(JobId(job)) : std::nullopt;
}

bool isImageReference(const QString &image)
{
    const auto isPlain = [](QChar c) { return isAlphanumeric(c) || "./:@_-+"_L1.contains(c); };
    return !image.isEmpty() && image.size() <= 255 && isAlphanumeric(image.front()) && !image.contains(".."_L1) &&
           std::ranges::all_of(image, isPlain);
}

bool isAllowedImage(const QString &image, const QStringList &prefixes)
{
    constexpr auto borders = "/:@"_L1;
    return std::ranges::any_of(prefixes, [&](const QString &prefix) {
        if (prefix.isEmpty() || !image.startsWith(prefix))
            return false;
        return image.size() == prefix.size() || borders.contains(prefix.back()) ||
               borders.contains(image.at(prefix.size()));
    });
}

} // namespace danube::kubernetes
