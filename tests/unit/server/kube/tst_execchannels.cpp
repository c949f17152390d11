// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/kube/execchannels.h"

#include <QTest>

using namespace danube::kube;
using namespace Qt::StringLiterals;

namespace {

QByteArray take(ExecChannels &channels, const QByteArray &message, bool isFirst = true, bool isLast = true)
{
    return channels.take(message, isFirst, isLast).toByteArray();
}

} // namespace

class TestExecChannels : public QObject
{
    Q_OBJECT

private slots:
    void passesOnStdoutAlone()
    {
        ExecChannels channels;
        QCOMPARE(take(channels, "\1out"), "out"_ba);
        QCOMPARE(take(channels, "\2err"), QByteArray());
        QCOMPARE(take(channels, "\4{}"), QByteArray());
        QCOMPARE(take(channels, "\x09what"), QByteArray());
        QCOMPARE(take(channels, ""), QByteArray()); // not even a channel
        QCOMPARE(take(channels, "\1"), QByteArray());
        QCOMPARE(channels.standardError(), "err"_ba);
        QVERIFY(!channels.status());
    }

    void aMessageMayComeInPieces()
    {
        ExecChannels channels;
        QCOMPARE(take(channels, {}, true, false), QByteArray());
        QCOMPARE(take(channels, "\1o", false, false), "o"_ba);
        QCOMPARE(take(channels, "\2ut", false, true), "\2ut"_ba); // the channel is the message's first byte alone
        QCOMPARE(take(channels, "\3{\"status\":", true, false), QByteArray());
        QVERIFY(!channels.status());
        QCOMPARE(take(channels, "\"Success\"}", false, true), QByteArray());
        QVERIFY(channels.status());
        QCOMPARE(channels.status()->kind, ExecStatus::Kind::Success);
    }

    void theFirstStatusStands()
    {
        ExecChannels channels;
        take(channels, "\3"); // tells of the channel, and nothing else
        QVERIFY(!channels.status());
        take(channels, "\3{\"status\":\"Success\"}");
        take(channels, "\3no status");
        QCOMPARE(channels.status()->kind, ExecStatus::Kind::Success);
    }

    void keepsSoMuchOfStandardErrorAndStatus()
    {
        ExecChannels channels;
        take(channels, '\2' + QByteArray(4095, 'a'));
        take(channels, "\2bc");
        take(channels, "\2d");
        QCOMPARE(channels.standardError(), QByteArray(4095, 'a') + 'b');
        const QByteArray status = "{\"status\":\"Success\"}";
        take(channels, '\3' + QByteArray((64 << 10) - status.size(), ' '), true, false);
        take(channels, status, false, true);
        QCOMPARE(channels.status()->kind, ExecStatus::Kind::Success);
        ExecChannels more;
        take(more, '\3' + QByteArray((64 << 10) - status.size(), ' ') + status, true, false);
        take(more, " ", false, true);
        QCOMPARE(more.status()->kind, ExecStatus::Kind::Malformed);
        QCOMPARE(more.status()->message, u"a status of more than 64 KiB"_s);
    }
};

QTEST_GUILESS_MAIN(TestExecChannels)
#include "tst_execchannels.moc"
