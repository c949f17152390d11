// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/metrics/metrics.h"

#include <QTest>

using namespace danube::metrics;

class TestMetrics : public QObject
{
    Q_OBJECT
private slots:
    void givesTheSameCounterForTheSameLabels()
    {
        Metrics metrics;
        metrics.counter("danube_x_total", "help", {{"a", "1"}}).add();
        metrics.counter("danube_x_total", "help", {{"a", "1"}}).add(2);
        metrics.counter("danube_x_total", "help", {{"a", "2"}}).add(5);
        const QByteArray text = metrics.text();
        QVERIFY2(text.contains("danube_x_total{a=\"1\"} 3\n"), text);
        QVERIFY2(text.contains("danube_x_total{a=\"2\"} 5\n"), text);
        QVERIFY2(text.contains("# TYPE danube_x_total counter\n"), text);
    }
    void escapesLabelValues()
    {
        Metrics metrics;
        metrics.gauge("danube_g", "help", {{"a", "x\"\n\\y"}}).set(1);
        QVERIFY2(metrics.text().contains("danube_g{a=\"x\\\"\\n\\\\y\"} 1\n"), metrics.text());
    }
    void asksReadersUntilTheirContextIsGone()
    {
        Metrics metrics;
        int asked = 0;
        auto context = std::make_unique<QObject>();
        metrics.onScrape(context.get(), [&] { metrics.gauge("danube_asked", "help").set(++asked); });
        QVERIFY(metrics.text().contains("danube_asked 1\n"));
        QVERIFY(metrics.text().contains("danube_asked 2\n"));
        context.reset();
        QVERIFY(metrics.text().contains("danube_asked 2\n"));
        QCOMPARE(asked, 2);
    }
    void ignoresCountersOfNobody()
    {
        Counter().add();
        Gauge().set(1);
    }
};

QTEST_GUILESS_MAIN(TestMetrics)
#include "tst_metrics.moc"
