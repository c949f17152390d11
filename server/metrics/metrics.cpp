// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/metrics/metrics.h"

#include <prometheus/text_serializer.h>

#include <sstream>

namespace danube::metrics {

Counter Metrics::counter(const char *name, const char *help, const Labels &labels)
{
    return Counter(prometheus::BuildCounter().Name(name).Help(help).Register(m_registry).Add(labels));
}

Gauge Metrics::gauge(const char *name, const char *help, const Labels &labels)
{
    return Gauge(prometheus::BuildGauge().Name(name).Help(help).Register(m_registry).Add(labels));
}

void Metrics::onScrape(QObject *context, std::function<void()> read)
{
    const std::scoped_lock lock(m_mutex);
    m_readers.push_back({QPointer<QObject>(context), std::move(read)});
}

QByteArray Metrics::text()
{
    {
        const std::scoped_lock lock(m_mutex);
        std::erase_if(m_readers, [](const Reader &reader) { return reader.context.isNull(); });
        for (const Reader &reader : m_readers)
            reader.read();
    }
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, m_registry.Collect());
    return QByteArray::fromStdString(out.str());
}

} // namespace danube::metrics
