// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/client.h"

#include "server/kube/call.h"
#include "server/kube/listing.h"
#include "server/kube/localerror.h"
#include "server/kube/transport.h"
#include "server/kube/turnstile.h"

#include <QNetworkReply>

using namespace Qt::StringLiterals;

namespace danube::kube {

Client::Client(std::shared_ptr<Credentials> credentials, ClientSettings settings, QObject *parent)
    : QObject(parent),
      m_credentials(std::move(credentials)),
      m_limiter(std::make_shared<Limiter>(settings.qps, settings.burst)),
      m_settings(std::move(settings)),
      m_transport(std::make_unique<Transport>(m_credentials, m_settings.userAgent)),
      m_turnstile(std::make_unique<Turnstile>(m_limiter))
{}

Client::~Client()
{
    qDeleteAll(findChildren<Call *>(Qt::FindDirectChildrenOnly)); // they use our parts
}

void Client::send(Request request, QObject *context, Answer answer)
{
    const Call::Parts parts{*m_transport, *m_turnstile, *m_limiter, m_counts, m_settings};
    auto call = std::make_unique<Call>(parts, std::move(request), context, std::move(answer));
    call.release()->setParent(this); // it ends itself
}

void Client::listAll(const ResourceType &type, const QString &nameSpace, const QString &labelSelector, QObject *context,
                     Answer answer)
{
    auto listing =
        std::make_unique<Listing>(*this, Listing::Scope{type, nameSpace, labelSelector}, context, std::move(answer));
    listing.release()->nextPage();
}

void Client::openStream(const Request &request, QObject *context, const Opened &opened)
{
    const auto open = [this, request, opened] {
        auto reply = m_transport->send(request);
        m_counts.requests += reply ? 1 : 0;
        opened(reply);
    };
    if (m_turnstile->join(context, open))
        return;
    const auto error = localError(ApiError::Kind::TooManyRequests, u"too many requests wait to be sent already"_s);
    QMetaObject::invokeMethod(context, [opened, error] { opened(std::unexpected(error)); }, Qt::QueuedConnection);
}

} // namespace danube::kube
