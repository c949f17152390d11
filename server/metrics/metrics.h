// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <QByteArray>
#include <QPointer>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace danube::metrics {

using Labels = std::map<std::string, std::string>;

/// One counter; increments are for any thread and wait-free. Lives as long as its registry.
class Counter
{
public:
    Counter() = default;
    explicit Counter(prometheus::Counter &counter) : m_counter(&counter) {}
    void add(double amount = 1)
    {
        if (m_counter)
            m_counter->Increment(amount);
    }

private:
    prometheus::Counter *m_counter = nullptr; ///< null: nobody counts (tests)
};

class Gauge
{
public:
    Gauge() = default;
    explicit Gauge(prometheus::Gauge &gauge) : m_gauge(&gauge) {}
    void set(double value)
    {
        if (m_gauge)
            m_gauge->Set(value);
    }

private:
    prometheus::Gauge *m_gauge = nullptr;
};

/// The process's metrics, shown by GET /metrics. Names are "danube_…", with unit and "_total" as Prometheus names them.
/// The same name and labels give the same counter again. All methods are for any thread.
class Metrics
{
public:
    Counter counter(const char *name, const char *help, const Labels &labels = {});
    Gauge gauge(const char *name, const char *help, const Labels &labels = {});
    /// `read` runs at every scrape, before the text is made, until `context` is gone; it sets gauges that nobody keeps
    /// up to date otherwise. `context` lives in the scraping thread (control).
    void onScrape(QObject *context, std::function<void()> read);
    /// Text exposition format 0.0.4.
    QByteArray text();

    static constexpr auto contentType = "text/plain; version=0.0.4; charset=utf-8";

private:
    struct Reader
    {
        QPointer<QObject> context;
        std::function<void()> read;
    };
    prometheus::Registry m_registry;
    std::mutex m_mutex; ///< guards m_readers
    std::vector<Reader> m_readers;
};

} // namespace danube::metrics
