// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/rpc/handlers.h"

using namespace Qt::StringLiterals;

namespace danube::rpc {
namespace {

class JsonBody final : public BodyHandler
{
public:
    JsonBody(HandlerContext &context, const std::shared_ptr<Exchange> &exchange, UseBody use)
        : m_context(context),
          m_exchange(exchange),
          m_use(use),
          m_share(context.json, exchange->caller(), [this] { giveWay(); })
    {}

    void onBytes(QByteArrayView bytes) override
    {
        const auto exchange = m_exchange.lock();
        exchange->consume(static_cast<size_t>(bytes.size()));
        if (m_body.size() + bytes.size() > m_context.settings.jsonLimit) {
            m_body = {};
            m_share.clear();
            return refuseSize(*exchange, m_context.settings.jsonLimit);
        }
        if (!m_share.grow(bytes.size()))
            return giveWay();
        m_body += bytes;
    }

    void onEnd() override
    {
        m_hasEnded = true;
        const auto exchange = m_exchange.lock();
        m_share.clear();
        m_use(m_context, exchange, std::exchange(m_body, {})); // the call may wait for hours; the text need not
    }

    bool isWaitingForPeer() const override { return !m_hasEnded; }

    static void refuseSize(Exchange &exchange, qint64 limit)
    {
        exchange.refuse(413, u"the body is larger than %1 bytes"_s.arg(limit));
    }

private:
    void giveWay()
    {
        m_body = {};
        m_exchange.lock()->refuse({ErrorCode::Unavailable, u"too many requests are being read; try again"_s});
    }

    HandlerContext &m_context;
    std::weak_ptr<Exchange> m_exchange; // owns this, so it is there whenever this is called
    UseBody m_use;
    QByteArray m_body;
    SharedMemory::Share m_share;
    bool m_hasEnded = false;
};

} // namespace

void collectJson(HandlerContext &context, const std::shared_ptr<Exchange> &exchange, UseBody use)
{
    if (exchange->head().contentLength.value_or(0) > context.settings.jsonLimit)
        return JsonBody::refuseSize(*exchange, context.settings.jsonLimit);
    exchange->setBodyHandler(std::make_unique<JsonBody>(context, exchange, use));
}

} // namespace danube::rpc
