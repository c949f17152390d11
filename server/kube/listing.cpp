// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/listing.h"

#include "server/kube/localerror.h"

using namespace Qt::StringLiterals;

namespace danube::kube {
namespace {

constexpr int maxPages = 1000;

} // namespace

Listing::Listing(Client &client, Scope scope, QObject *context, Client::Answer answer)
    : QObject(&client), m_client(client), m_scope(std::move(scope)), m_context(context), m_answer(std::move(answer))
{}

void Listing::nextPage()
{
    requests::ListOptions options;
    options.labelSelector = m_scope.labelSelector;
    options.continueToken = m_continue;
    if (m_isUnpaged)
        options.limit = 0;
    m_client.send(requests::list(m_scope.type, m_scope.nameSpace, options), this,
                  [this](const ApiResult<QJsonObject> &page) {
                      if (!m_context)
                          return deleteLater();
                      if (page)
                          take(*page);
                      else
                          onFailed(page.error());
                  });
}

void Listing::take(const QJsonObject &page)
{
    const QJsonObject metadata = page.value("metadata"_L1).toObject();
    if (m_pages++ == 0)
        m_metadata = metadata;
    const QJsonArray items = page.value("items"_L1).toArray();
    for (const QJsonValue item : items)
        m_items.append(item);
    m_continue = metadata.value("continue"_L1).toString();
    if (m_continue.isEmpty()) {
        m_metadata.remove("continue"_L1);
        m_metadata.remove("remainingItemCount"_L1);
        return give(QJsonObject{{u"metadata"_s, m_metadata}, {u"items"_s, m_items}});
    }
    if (m_pages >= maxPages)
        return give(std::unexpected(
            localError(ApiError::Kind::Protocol, u"the list of %1 does not end"_s.arg(m_scope.type.plural))));
    nextPage();
}

/// A page token lives about five minutes. What was read so far is of a version that the server has forgotten; then all
/// is read anew in one answer, which cannot expire in between.
void Listing::onFailed(const ApiError &error)
{
    if (error.kind != ApiError::Kind::Expired || m_continue.isEmpty())
        return give(std::unexpected(error));
    m_isUnpaged = true;
    m_items = {};
    m_metadata = {};
    m_continue.clear();
    m_pages = 0;
    nextPage();
}

void Listing::give(ApiResult<QJsonObject> result)
{
    deleteLater();
    if (const auto answer = std::exchange(m_answer, {}); answer && m_context)
        answer(std::move(result));
}

} // namespace danube::kube
