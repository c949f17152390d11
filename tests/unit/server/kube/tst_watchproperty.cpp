// SPDX-License-Identifier: GPL-3.0-or-later
// WatchMachine against a model of the API server: whatever happens in between, the view ends as what is there.
#include "server/kube/watchmachine.h"

#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace danube;
using namespace danube::kube;
using namespace std::chrono_literals;

namespace {

using Versions = QMap<QString, int>; ///< resourceVersion by uid

/// Objects, and the log of what happened to them from `compacted` on.
class Server
{
public:
    explicit Server(quint32 seed) : m_random(seed) {}

    void changeSomething()
    {
        ++m_version;
        const QString name = u"pod%1"_s.arg(m_random.bounded(6));
        const bool exists = m_uids.contains(name);
        if (exists && m_random.bounded(3) == 0) {
            const QString uid = m_uids.take(name);
            m_versions.remove(uid);
            m_log.append({m_version, line(u"DELETED"_s, object(name, uid))});
            return;
        }
        if (!exists)
            m_uids[name] = u"uid%1"_s.arg(m_version);
        m_versions[m_uids[name]] = m_version;
        m_log.append({m_version, line(exists ? u"MODIFIED"_s : u"ADDED"_s, object(name, m_uids[name]))});
    }
    void forget() { m_compacted = m_version; }
    bool knows(int version) const { return version >= m_compacted; }
    int version() const { return m_version; }
    const Versions &versions() const { return m_versions; }

    QJsonArray items() const
    {
        QJsonArray all;
        for (auto it = m_uids.begin(); it != m_uids.end(); ++it)
            all.append(objectAt(it.key(), it.value(), m_versions[it.value()]));
        return all;
    }
    QList<QByteArray> linesSince(int version) const
    {
        QList<QByteArray> lines;
        for (const auto &[at, text] : m_log) {
            if (at > version)
                lines.append(text);
        }
        return lines;
    }
    QByteArray bookmark() const { return line(u"BOOKMARK"_s, objectAt({}, {}, m_version)); }

    static QByteArray line(const QString &type, const QJsonObject &value)
    {
        return QJsonDocument(QJsonObject{{"type"_L1, type}, {"object"_L1, value}}).toJson(QJsonDocument::Compact);
    }

private:
    QJsonObject object(const QString &name, const QString &uid) const { return objectAt(name, uid, m_version); }
    static QJsonObject objectAt(const QString &name, const QString &uid, int version)
    {
        return {{"metadata"_L1,
                 QJsonObject{{"name"_L1, name}, {"uid"_L1, uid}, {"resourceVersion"_L1, QString::number(version)}}}};
    }

    QRandomGenerator m_random;
    int m_version = 1;
    int m_compacted = 1;
    QMap<QString, QString> m_uids; ///< by name
    Versions m_versions;
    QList<std::pair<int, QByteArray>> m_log;
};

/// What an executor makes of the machine's events; false when one makes no sense.
bool apply(const QList<WatchEvent> &events, Versions &view)
{
    for (const WatchEvent &event : events) {
        const auto *changed = std::get_if<ObjectChanged>(&event);
        const auto *removed = std::get_if<ObjectRemoved>(&event);
        if (!changed && !removed)
            continue;
        const QJsonObject metadata = (changed ? changed->object : removed->object)["metadata"_L1].toObject();
        const QString uid = metadata["uid"_L1].toString();
        const int version = metadata["resourceVersion"_L1].toString().toInt();
        if (removed && view.remove(uid) == 0)
            return false; // never known, or told twice
        if (changed && view.value(uid, -1) == version)
            return false;
        if (changed)
            view[uid] = version;
    }
    return true;
}

/// Drives the machine over the server, with faults as long as they are on.
class Driver
{
public:
    Driver(Server &server, quint32 seed) : m_server(server), m_machine(seed), m_random(seed ^ 0x5eed) {}

    void step()
    {
        const WatchStep next = m_machine.next();
        if (const auto *wait = std::get_if<DoWait>(&next))
            m_waited += wait->delay;
        else if (const auto *watch = std::get_if<DoWatch>(&next))
            runWatch(watch->resourceVersion.toInt());
        else
            runList();
    }
    void endFaults() { m_hasFaults = false; }
    bool isSane() const { return m_isSane; }
    const Versions &view() const { return m_view; }
    milliseconds waited() const { return m_waited; }
    int lists() const { return m_lists; }
    int watches() const { return m_watches; }

private:
    bool fault(int oneIn) { return m_hasFaults && m_random.bounded(oneIn) == 0; }
    ApiError anError()
    {
        ApiError error;
        const std::array kinds{ApiError::Kind::Network, ApiError::Kind::Timeout, ApiError::Kind::ServerError,
                               ApiError::Kind::TooManyRequests, ApiError::Kind::Expired};
        error.kind = kinds[static_cast<size_t>(m_random.bounded(static_cast<int>(kinds.size())))];
        if (error.kind == ApiError::Kind::TooManyRequests)
            error.retryAfter = 1s;
        return error;
    }
    void take(const QList<WatchEvent> &events) { m_isSane = m_isSane && apply(events, m_view); }

    void runList()
    {
        ++m_lists;
        if (fault(4))
            m_machine.onFailed(anError());
        else if (fault(8))
            take(m_machine.onListed({}, {})); // an answer that is none
        else
            take(m_machine.onListed(m_server.items(), QString::number(m_server.version())));
    }

    void runWatch(int from)
    {
        ++m_watches;
        if (!m_server.knows(from)) {
            refuseVersion();
            return;
        }
        if (fault(6)) {
            m_machine.onFailed(anError());
            return;
        }
        for (const QByteArray &text : m_server.linesSince(from)) {
            if (fault(5)) {
                breakOff(text);
                return;
            }
            take(m_machine.onLine(text).value());
        }
        if (!fault(2))
            take(m_machine.onLine(m_server.bookmark()).value());
        m_machine.onEnded(milliseconds(fault(2) ? 0 : 300'000));
    }

    /// 410 as the answer, or inside the stream.
    void refuseVersion()
    {
        const QJsonObject status{{"kind"_L1, "Status"_L1}, {"status"_L1, "Failure"_L1}, {"code"_L1, 410}};
        const ApiError expired = readRefusal(410, {}, QJsonDocument(status).toJson());
        if (m_random.bounded(2) == 0) {
            m_machine.onFailed(expired);
            return;
        }
        m_isSane = m_isSane && m_machine.onLine(Server::line(u"ERROR"_s, status)).error().kind == expired.kind;
        m_machine.onEnded();
    }

    /// In the middle of a line, between two, or by a clean end.
    void breakOff(const QByteArray &text)
    {
        const int how = m_random.bounded(3);
        if (how == 0)
            m_isSane = m_isSane && !m_machine.onLine(text.first(text.size() / 2));
        if (how == 1)
            m_machine.onFailed(anError());
        else
            m_machine.onEnded();
    }

    Server &m_server;
    WatchMachine m_machine;
    QRandomGenerator m_random;
    Versions m_view;
    milliseconds m_waited{};
    int m_lists = 0;
    int m_watches = 0;
    bool m_hasFaults = true;
    bool m_isSane = true;
};

} // namespace

class TestWatchProperty : public QObject
{
    Q_OBJECT

private slots:
    void endsWithWhatIsThere()
    {
        for (quint32 seed = 1; seed <= 300; ++seed) {
            Server server(seed);
            Driver driver(server, seed);
            QRandomGenerator random(seed);
            for (int i = 0; i < 150; ++i) {
                for (int changes = random.bounded(4); changes > 0; --changes)
                    server.changeSomething();
                if (random.bounded(10) == 0)
                    server.forget();
                driver.step();
                QVERIFY2(driver.isSane(), qPrintable(u"seed %1, step %2"_s.arg(seed).arg(i)));
            }
            driver.endFaults();
            for (int i = 0; i < 8 && driver.view() != server.versions(); ++i)
                driver.step();
            QVERIFY2(driver.view() == server.versions() && driver.isSane(), qPrintable(u"seed %1"_s.arg(seed)));
        }
    }

    void whenNothingHappensNothingIsHurried()
    {
        // A server that ends every stream at once and forgets every version, but changes nothing.
        Server server(1);
        for (int i = 0; i < 10; ++i)
            server.changeSomething();
        WatchMachine machine(1);
        milliseconds waited{};
        int requests = 0;
        while (waited < 600s) {
            const WatchStep next = machine.next();
            if (const auto *wait = std::get_if<DoWait>(&next)) {
                waited += wait->delay;
                continue;
            }
            ++requests;
            if (std::holds_alternative<DoList>(next))
                machine.onListed(server.items(), QString::number(server.version()));
            else if (requests % 3 == 0)
                machine.onFailed(readRefusal(410, {}, {}));
            else
                machine.onEnded();
            QVERIFY2(requests < 200, qPrintable(u"%1 requests in %2 s"_s.arg(requests).arg(waited.count() / 1000)));
        }
    }

    void aHealthyWatchListsOnce()
    {
        Server server(7);
        Driver driver(server, 7);
        driver.endFaults();
        for (int i = 0; i < 500; ++i) {
            server.changeSomething();
            driver.step();
        }
        QCOMPARE(driver.lists(), 1);
        QCOMPARE(driver.watches(), 499);
        QCOMPARE(driver.waited(), 0ms);
    }
};

QTEST_APPLESS_MAIN(TestWatchProperty)
#include "tst_watchproperty.moc"
