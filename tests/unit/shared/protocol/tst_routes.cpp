// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/protocol/routes.h"

#include <QSet>
#include <QTest>

using namespace danube;
using namespace danube::protocol;
using namespace Qt::StringLiterals;

class TestRoutes : public QObject
{
    Q_OBJECT
private slots:
    void everyRouteIsFoundByItsOwnPath()
    {
        QSet<int> ids;
        for (const Route &one : routes()) {
            ids.insert(static_cast<int>(one.id));
            QCOMPARE(&route(one.id), &one);
            const auto holes = QString::fromLatin1(one.path).count(u'{');
            const QStringList values(holes, u"a/b ü"_s);
            const auto match = matchRoute(one.method, pathOf(one.id, values));
            QVERIFY(match && match->route == &one);
            QCOMPARE(match->values, values);
        }
        QCOMPARE(ids.size(), std::ssize(routes()));
    }

    void onlyHealthIsOpen()
    {
        for (const Route &one : routes()) {
            const bool isOpen = one.id == RouteId::Health || one.id == RouteId::HealthReady;
            QCOMPARE(one.right == Right::None, isOpen);
        }
        for (const RouteId id : {RouteId::PipelineRun, RouteId::JobCancel, RouteId::JobRetry}) {
            QCOMPARE(route(id).right, Right::JobsRun);
            QCOMPARE(route(id).method, Method::Post);
        }
        QCOMPARE(route(RouteId::Metrics).right, Right::Metrics);
    }

    void fillsAndEncodesPaths()
    {
        QCOMPARE(pathOf(RouteId::Health), u"/health"_s);
        QCOMPARE(pathOf(RouteId::JobLogStream, {u"j1"_s}), u"/api/v1/jobs/j1/logs/stream"_s);
        QCOMPARE(pathOf(RouteId::Pipeline, {u"a/{x} b%"_s}), u"/api/v1/pipelines/a%2F%7Bx%7D%20b%25"_s);
    }

    void matchesPaths_data()
    {
        QTest::addColumn<int>("method");
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("route"); // -1 = 404, -2 = 405
        const auto row = [](Method method, const char *path, int id) {
            QTest::addRow("%s %s", toText(method).constData(), path)
                << static_cast<int>(method) << QString::fromLatin1(path) << id;
        };
        row(Method::Get, "/health", static_cast<int>(RouteId::Health));
        row(Method::Head, "/health", static_cast<int>(RouteId::Health));
        row(Method::Head, "/api/v1/jobs/x", static_cast<int>(RouteId::Job));
        row(Method::Head, "/api/v1/jobs/x/cancel", -2);
        row(Method::Get, "/api/v1/jobs/x/cancel", -2);
        row(Method::Post, "/api/v1/jobs/x/cancel", static_cast<int>(RouteId::JobCancel));
        row(Method::Post, "/health", -2);
        row(Method::Delete, "/api/v1/jobs/x", -2);
        row(Method::Get, "/", -1);
        row(Method::Get, "", -1);
        row(Method::Get, "/health/", -1);
        row(Method::Get, "/healthy", -1);
        row(Method::Get, "/api/v1/jobs/", -1);
        row(Method::Get, "/api/v1/jobs//logs", -1);
        row(Method::Get, "/api/v1/jobs/x/y", -1);
        row(Method::Get, "//health", -1);
        row(Method::Get, "/HEALTH", -1);
    }
    void matchesPaths()
    {
        QFETCH(int, method);
        QFETCH(QString, path);
        QFETCH(int, route);
        const auto match = matchRoute(static_cast<Method>(method), path);
        const int found = !match ? -1 : (match->route ? static_cast<int>(match->route->id) : -2);
        QCOMPARE(found, route);
    }

    void namesMethods()
    {
        QCOMPARE(toText(Method::Get), "GET"_ba);
        QCOMPARE(toText(Method::Head), "HEAD"_ba);
        QCOMPARE(toText(Method::Post), "POST"_ba);
        QCOMPARE(toText(Method::Put), "PUT"_ba);
        QCOMPARE(toText(Method::Delete), "DELETE"_ba);
    }
};

QTEST_APPLESS_MAIN(TestRoutes)
#include "tst_routes.moc"
