// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/watchmachine.h"

#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace danube;
using namespace danube::kube;
using namespace std::chrono_literals;

namespace {

QJsonObject object(const QString &name, int version, const QString &uid = {})
{
    return {{"metadata"_L1, QJsonObject{{"name"_L1, name},
                                        {"uid"_L1, uid.isEmpty() ? u"uid-"_s + name : uid},
                                        {"resourceVersion"_L1, QString::number(version)}}}};
}

QByteArray line(const QString &type, const QJsonObject &value)
{
    return QJsonDocument(QJsonObject{{"type"_L1, type}, {"object"_L1, value}}).toJson(QJsonDocument::Compact);
}

QByteArray bookmark(int version)
{
    return line(u"BOOKMARK"_s,
                {{"metadata"_L1, QJsonObject{{"resourceVersion"_L1, QString::number(version)}}}, {"spec"_L1, {}}});
}

QByteArray errorLine(int code)
{
    return line(u"ERROR"_s, {{"kind"_L1, "Status"_L1},
                             {"status"_L1, "Failure"_L1},
                             {"message"_L1, "too old resource version: 1 (665)"_L1},
                             {"reason"_L1, code == 410 ? "Expired"_L1 : "InternalError"_L1},
                             {"code"_L1, code}});
}

ApiError apiError(ApiError::Kind kind, std::optional<seconds> retryAfter = {})
{
    ApiError error;
    error.kind = kind;
    error.retryAfter = retryAfter;
    return error;
}

/// "+a3" changed to version 3, "-a3" removed, "." synced; sorted where the order means nothing.
QString words(const QList<WatchEvent> &events)
{
    QStringList removed;
    QStringList changed;
    QString synced;
    const auto word = [](QChar sign, const QJsonObject &value) {
        const QJsonObject metadata = value["metadata"_L1].toObject();
        return sign + metadata["name"_L1].toString() + metadata["resourceVersion"_L1].toString();
    };
    for (const WatchEvent &event : events) {
        if (const auto *change = std::get_if<ObjectChanged>(&event))
            changed.append(word(u'+', change->object));
        else if (const auto *removal = std::get_if<ObjectRemoved>(&event))
            removed.append(word(u'-', removal->object));
        else
            synced = u"."_s;
    }
    removed.sort();
    changed.sort();
    QStringList all = removed + changed;
    if (!synced.isEmpty())
        all.append(synced);
    return all.join(u' ');
}

/// "list", "watch 7", "wait".
QString words(const WatchStep &step)
{
    if (const auto *watch = std::get_if<DoWatch>(&step))
        return u"watch "_s + watch->resourceVersion;
    return std::holds_alternative<DoList>(step) ? u"list"_s : u"wait"_s;
}

milliseconds delayOf(const WatchStep &step)
{
    const auto *wait = std::get_if<DoWait>(&step);
    return wait ? wait->delay : 0ms;
}

} // namespace

class TestWatchMachine : public QObject
{
    Q_OBJECT

    /// A machine that has listed a1 and b2 at version 10 and was told to watch.
    static WatchMachine watching()
    {
        WatchMachine machine(1);
        std::ignore = machine.next();
        machine.onListed({object(u"a"_s, 1), object(u"b"_s, 2)}, u"10"_s);
        std::ignore = machine.next();
        return machine;
    }

    /// What comes next, waiting as told; the waits are added up.
    static QString nextAfterWaiting(WatchMachine &machine, milliseconds &waited)
    {
        WatchStep step = machine.next();
        waited = delayOf(step);
        if (words(step) == u"wait"_s)
            step = machine.next();
        return words(step);
    }
    static QString nextAfterWaiting(WatchMachine &machine)
    {
        milliseconds ignored{};
        return nextAfterWaiting(machine, ignored);
    }

private slots:
    void listsThenWatchesFromThere()
    {
        WatchMachine machine(1);
        QCOMPARE(words(machine.next()), u"list"_s);
        QCOMPARE(words(machine.onListed({object(u"a"_s, 1), object(u"b"_s, 2)}, u"10"_s)), u"+a1 +b2 ."_s);
        QCOMPARE(words(machine.next()), u"watch 10"_s);
    }

    void tellsEachEventOnce()
    {
        auto machine = watching();
        QCOMPARE(words(*machine.onLine(line(u"ADDED"_s, object(u"c"_s, 11)))), u"+c11"_s);
        QCOMPARE(words(*machine.onLine(line(u"MODIFIED"_s, object(u"a"_s, 12)))), u"+a12"_s);
        QCOMPARE(words(*machine.onLine(line(u"MODIFIED"_s, object(u"a"_s, 12)))), u""_s);
        QCOMPARE(words(*machine.onLine(line(u"DELETED"_s, object(u"a"_s, 13)))), u"-a13"_s);
        QCOMPARE(words(*machine.onLine(line(u"DELETED"_s, object(u"a"_s, 13)))), u""_s);
        QCOMPARE(words(*machine.onLine(bookmark(20))), u""_s);
        machine.onEnded();
        QCOMPARE(words(machine.next()), u"watch 20"_s);
    }

    void leavesOutManagedFields()
    {
        auto machine = watching();
        QJsonObject big = object(u"c"_s, 11);
        QJsonObject metadata = big["metadata"_L1].toObject();
        metadata["managedFields"_L1] = QJsonArray{u"much"_s};
        big["metadata"_L1] = metadata;
        const auto events = machine.onLine(line(u"ADDED"_s, big));
        QCOMPARE(std::get<ObjectChanged>(events->first()).object, object(u"c"_s, 11));
    }

    void anExpiredVersionLeadsToExactlyOneList_data()
    {
        QTest::addColumn<bool>("asEvent");
        QTest::addColumn<bool>("endedAsFailure");
        QTest::newRow("HTTP status") << false << true;
        QTest::newRow("ERROR event, then the end") << true << false;
        QTest::newRow("ERROR event, then a cut") << true << true;
    }
    void anExpiredVersionLeadsToExactlyOneList()
    {
        QFETCH(bool, asEvent);
        QFETCH(bool, endedAsFailure);
        auto machine = watching();
        if (asEvent) {
            const auto refused = machine.onLine(errorLine(410));
            QCOMPARE(refused.error().kind, ApiError::Kind::Expired);
            QCOMPARE(machine.onLine(line(u"ADDED"_s, object(u"z"_s, 99))).error().kind, ApiError::Kind::Expired);
        }
        if (!endedAsFailure)
            machine.onEnded();
        else
            machine.onFailed(apiError(asEvent ? ApiError::Kind::Network : ApiError::Kind::Expired));
        QCOMPARE(words(machine.next()), u"list"_s); // at once
        QCOMPARE(words(machine.onListed({object(u"a"_s, 1), object(u"c"_s, 15)}, u"20"_s)), u"-b2 +c15 ."_s);
        QCOMPARE(words(machine.next()), u"watch 20"_s);
    }

    void aStormOfExpiriesBacksOff()
    {
        auto machine = watching();
        milliseconds total{};
        for (int i = 0; i < 20; ++i) {
            milliseconds waited{};
            QVERIFY(!machine.onLine(errorLine(410)));
            machine.onEnded();
            QCOMPARE(nextAfterWaiting(machine, waited), u"list"_s);
            QCOMPARE(words(machine.onListed({object(u"a"_s, 1), object(u"b"_s, 2)}, u"10"_s)), u"."_s);
            QCOMPARE(words(machine.next()), u"watch 10"_s);
            total += waited;
        }
        QVERIFY(total > 60s);
        QCOMPARE(machine.failuresInARow(), 20);
        // The first event shows that watching works again.
        QVERIFY(machine.onLine(line(u"ADDED"_s, object(u"c"_s, 30))));
        QCOMPARE(machine.failuresInARow(), 0);
        QVERIFY(!machine.onLine(errorLine(410)));
        machine.onEnded();
        QCOMPARE(words(machine.next()), u"list"_s);
    }

    void aRelistTellsOnlyWhatDiffers()
    {
        auto machine = watching();
        machine.onFailed(apiError(ApiError::Kind::Expired));
        std::ignore = machine.next();
        const QJsonArray items{object(u"a"_s, 14), object(u"b"_s, 2), object(u"c"_s, 12)};
        QCOMPARE(words(machine.onListed(items, u"20"_s)), u"+a14 +c12 ."_s);
    }

    void aNameMadeAnewIsRemovedAndAdded()
    {
        auto machine = watching();
        machine.onFailed(apiError(ApiError::Kind::Expired));
        std::ignore = machine.next();
        const auto events = machine.onListed({object(u"a"_s, 17, u"another"_s), object(u"b"_s, 2)}, u"20"_s);
        QCOMPARE(words(events), u"-a1 +a17 ."_s);
        QVERIFY(std::holds_alternative<ObjectRemoved>(events.first()));
    }

    void aCleanEndGoesOnAtOnce()
    {
        auto machine = watching();
        for (int i = 11; i < 60; ++i) {
            QVERIFY(machine.onLine(i % 2 == 0 ? bookmark(i) : line(u"MODIFIED"_s, object(u"a"_s, i))));
            machine.onEnded();
            QCOMPARE(words(machine.next()), u"watch %1"_s.arg(i));
        }
        QCOMPARE(machine.failuresInARow(), 0);
    }

    void aQuietStreamThatLastedGoesOnAtOnce()
    {
        auto machine = watching();
        for (int i = 0; i < 50; ++i) {
            QVERIFY(machine.onLine(bookmark(10))); // nothing happened at all
            machine.onEnded(300s);
            QCOMPARE(words(machine.next()), u"watch 10"_s);
        }
    }

    void aStreamThatEndsAtOnceAgainAndAgainBacksOff()
    {
        auto machine = watching();
        milliseconds total{};
        for (int i = 0; i < 20; ++i) {
            milliseconds waited{};
            QVERIFY(machine.onLine(bookmark(10)));
            machine.onEnded();
            QCOMPARE(nextAfterWaiting(machine, waited), u"watch 10"_s);
            QCOMPARE(waited == 0ms, i == 0);
            total += waited;
        }
        QVERIFY(total > 60s);
    }

    void aVersionFromTheFutureIsNotWatchedForEver()
    {
        auto machine = watching();
        for (int i = 0; i < 4; ++i) {
            machine.onEnded(300s);
            QCOMPARE(words(machine.next()), u"watch 10"_s);
        }
        machine.onEnded(300s); // five watches without even a bookmark
        QCOMPARE(words(machine.next()), u"list"_s);
        QCOMPARE(words(machine.onListed({object(u"a"_s, 1)}, u"5"_s)), u"-b2 ."_s);
        QCOMPARE(words(machine.next()), u"watch 5"_s);
        machine.onEnded(300s); // and it counts from zero
        QCOMPARE(words(machine.next()), u"watch 5"_s);
    }

    void failuresOfAWatchWaitThenWatchOn_data()
    {
        QTest::addColumn<ApiError::Kind>("kind");
        QTest::addColumn<QString>("expected");
        QTest::newRow("network") << ApiError::Kind::Network << u"watch 10"_s;
        QTest::newRow("timeout") << ApiError::Kind::Timeout << u"watch 10"_s;
        QTest::newRow("server") << ApiError::Kind::ServerError << u"watch 10"_s;
        QTest::newRow("busy") << ApiError::Kind::TooManyRequests << u"watch 10"_s;
        QTest::newRow("unauthorized") << ApiError::Kind::Unauthorized << u"watch 10"_s;
        QTest::newRow("forbidden") << ApiError::Kind::Forbidden << u"watch 10"_s;
        QTest::newRow("tls") << ApiError::Kind::Tls << u"watch 10"_s;
        QTest::newRow("bad version") << ApiError::Kind::BadRequest << u"list"_s;
        QTest::newRow("protocol") << ApiError::Kind::Protocol << u"list"_s;
    }
    void failuresOfAWatchWaitThenWatchOn()
    {
        QFETCH(ApiError::Kind, kind);
        auto machine = watching();
        machine.onFailed(apiError(kind));
        milliseconds waited{};
        QTEST(nextAfterWaiting(machine, waited), "expected");
        QVERIFY(waited >= 250ms && waited <= 500ms);
        QCOMPARE(machine.failuresInARow(), 1);
    }

    void failuresBackOffWithJitterUpToACap()
    {
        QSet<qint64> firsts;
        for (quint32 seed = 1; seed <= 20; ++seed) {
            WatchMachine machine(seed);
            std::ignore = machine.next();
            milliseconds ceiling = 500ms;
            for (int i = 0; i < 40; ++i) {
                machine.onFailed(apiError(ApiError::Kind::Network));
                milliseconds waited{};
                QCOMPARE(nextAfterWaiting(machine, waited), u"list"_s);
                QVERIFY(waited >= 250ms && waited <= ceiling);
                ceiling = std::min<milliseconds>(ceiling * 2, 30s);
                if (i == 3)
                    firsts.insert(waited.count());
            }
            QCOMPARE(machine.failuresInARow(), 40);
            machine.onListed({}, u"1"_s);
            QCOMPARE(machine.failuresInARow(), 0);
        }
        QVERIFY(firsts.size() > 15);
    }

    void anOutageIsFollowedByOneList()
    {
        auto machine = watching();
        QStringList attempts;
        for (int i = 0; i < 8; ++i) {
            machine.onFailed(apiError(ApiError::Kind::Network));
            attempts.append(nextAfterWaiting(machine));
        }
        const QString watch = u"watch 10"_s;
        const QString list = u"list"_s;
        QCOMPARE(attempts, (QStringList{watch, watch, watch, watch, list, list, list, list}));
        QCOMPARE(words(machine.onListed({object(u"a"_s, 1), object(u"b"_s, 2)}, u"30"_s)), u"."_s);
        QCOMPARE(words(machine.next()), u"watch 30"_s);
    }

    void waitsAsLongAsTheServerAsks()
    {
        auto machine = watching();
        machine.onFailed(apiError(ApiError::Kind::TooManyRequests, 7s));
        milliseconds waited{};
        QCOMPARE(nextAfterWaiting(machine, waited), u"watch 10"_s);
        QVERIFY(waited >= 7s && waited <= 8s);
        QVERIFY(!machine.onLine(errorLine(500)));
        machine.onEnded();
        QCOMPARE(nextAfterWaiting(machine, waited), u"watch 10"_s);
    }

    void linesThatAreNoEventEndTheStream_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("cut") << line(u"ADDED"_s, object(u"c"_s, 11)).chopped(3);
        QTest::newRow("web page") << QByteArray("<html>");
        QTest::newRow("list") << QByteArray("[]");
        QTest::newRow("no type") << QByteArray("{}");
        QTest::newRow("unknown type") << line(u"RENAMED"_s, object(u"c"_s, 11));
        QTest::newRow("no object") << QByteArray("{\"type\":\"ADDED\"}");
        QTest::newRow("no version") << line(u"ADDED"_s, {{"metadata"_L1, QJsonObject{{"name"_L1, u"c"_s}}}});
        QTest::newRow("no name") << line(u"ADDED"_s, {{"metadata"_L1, QJsonObject{{"resourceVersion"_L1, u"11"_s}}}});
        QTest::newRow("empty bookmark") << line(u"BOOKMARK"_s, {});
        QTest::newRow("empty error") << line(u"ERROR"_s, {});
    }
    void linesThatAreNoEventEndTheStream()
    {
        QFETCH(QByteArray, bytes);
        auto machine = watching();
        QCOMPARE(machine.onLine(bytes).error().kind, ApiError::Kind::Protocol);
        machine.onEnded();
        QCOMPARE(nextAfterWaiting(machine), u"list"_s);
        // What was known is still known.
        QCOMPARE(words(machine.onListed({object(u"a"_s, 1), object(u"b"_s, 2)}, u"20"_s)), u"."_s);
    }

    void aListThatIsNoneRemovesNothing_data()
    {
        QTest::addColumn<QJsonArray>("items");
        QTest::addColumn<QString>("version");
        QTest::newRow("no version") << QJsonArray{object(u"a"_s, 1)} << QString();
        QTest::newRow("nameless") << QJsonArray{object(u"a"_s, 1), QJsonObject()} << u"20"_s;
        QTest::newRow("text") << QJsonArray{u"a"_s} << u"20"_s;
    }
    void aListThatIsNoneRemovesNothing()
    {
        QFETCH(QJsonArray, items);
        QFETCH(QString, version);
        auto machine = watching();
        machine.onFailed(apiError(ApiError::Kind::Expired));
        QCOMPARE(words(machine.next()), u"list"_s);
        QVERIFY(machine.onListed(items, version).isEmpty());
        milliseconds waited{};
        QCOMPARE(nextAfterWaiting(machine, waited), u"list"_s);
        QVERIFY(waited > 0ms);
        QCOMPARE(words(machine.onListed({object(u"a"_s, 1), object(u"b"_s, 2)}, u"20"_s)), u"."_s);
    }
};

QTEST_APPLESS_MAIN(TestWatchMachine)
#include "tst_watchmachine.moc"
