// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/joblink.h"

#include <QCoreApplication>
#include <QUrl>
#include <QUrlQuery>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr qsizetype longestLink = 4096;

} // namespace

QString JobLink::toText() const
{
    QString text = u"%1://job/%2?master=%3"_s.arg(QLatin1StringView(jobLinkScheme), job.value(),
                                                  QString::fromLatin1(QUrl::toPercentEncoding(master)));
    if (line >= 0)
        text += u"&line=%1"_s.arg(line + 1);
    return text;
}

Result<JobLink> JobLink::parse(const QString &text)
{
    const auto refuse = [&](const char *why) {
        return fail(ErrorCode::InvalidArgument, QCoreApplication::translate("JobLink", "open link '%1': %2")
                                                    .arg(text.left(200), QCoreApplication::translate("JobLink", why)));
    };
    const QUrl url(text, QUrl::StrictMode);
    if (text.size() > longestLink || !url.isValid() || url.scheme() != QLatin1StringView(jobLinkScheme) ||
        url.host() != "job"_L1)
        return refuse(QT_TRANSLATE_NOOP("JobLink", "not a link to a job"));
    JobLink link;
    link.job = JobId(url.path().sliced(std::min<qsizetype>(1, url.path().size())));
    if (!isSafeId(link.job.value()))
        return refuse(QT_TRANSLATE_NOOP("JobLink", "it names no job"));
    const QUrlQuery query(url);
    link.master = query.queryItemValue(u"master"_s, QUrl::FullyDecoded);
    const QUrl master(link.master, QUrl::StrictMode);
    if (!master.isValid() || (master.scheme() != "http"_L1 && master.scheme() != "https"_L1) || master.host().isEmpty())
        return refuse(QT_TRANSLATE_NOOP("JobLink", "it names no master"));
    if (query.hasQueryItem(u"line"_s)) {
        bool isNumber = false;
        link.line = query.queryItemValue(u"line"_s).toLongLong(&isNumber) - 1;
        if (!isNumber || link.line < 0)
            return refuse(QT_TRANSLATE_NOOP("JobLink", "its line is no number"));
    }
    return link;
}

} // namespace danube::console
