// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/secretinput.h"
#include "console/cli/secretscommand.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

using namespace danube::cli;
using namespace Qt::StringLiterals;

using State = SecretLine::State;
Q_DECLARE_METATYPE(SecretLine::State)

class TestSecretInput : public QObject
{
    Q_OBJECT
private slots:
    void keysBecomeAValue_data()
    {
        QTest::addColumn<QByteArray>("keys");
        QTest::addColumn<State>("state");
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("typed") << "hunter2\n"_ba << State::Entered << "hunter2"_ba;
        QTest::newRow("carriage return") << "hunter2\r"_ba << State::Entered << "hunter2"_ba;
        QTest::newRow("not yet") << "hunter2"_ba << State::Typing << QByteArray();
        QTest::newRow("backspace") << "hunx\x7fter\b\br2\n"_ba << State::Entered << "huntr2"_ba;
        QTest::newRow("backspace at the start") << "\x7f\x7fx\n"_ba << State::Entered << "x"_ba;
        QTest::newRow("backspace of a long character") << "a\xf0\x9f\x94\x91\x7f"
                                                          "b\n"_ba
                                                       << State::Entered << "ab"_ba;
        QTest::newRow("Ctrl-U") << "wrong\x15right\n"_ba << State::Entered << "right"_ba;
        QTest::newRow("Ctrl-C") << "secret\x03\n"_ba << State::Interrupted << QByteArray();
        QTest::newRow("Ctrl-D at once") << "\x04"_ba << State::Ended << QByteArray();
        QTest::newRow("Ctrl-D after a value") << "x\x04"_ba << State::Entered << "x"_ba;
        QTest::newRow("blanks count") << " x \n"_ba << State::Entered << " x "_ba;
        QTest::newRow("what follows is dropped") << "one\ntwo\n"_ba << State::Entered << "one"_ba;
        QTest::newRow("endless") << QByteArray(200'000, 'x') + '\n' << State::Entered << QByteArray(64 * 1024, 'x');
    }
    void keysBecomeAValue()
    {
        QFETCH(QByteArray, keys);
        QFETCH(State, state);
        SecretLine line;
        SecretLine byByte;
        QCOMPARE(line.feed(keys), state);
        for (const char key : std::as_const(keys))
            byByte.feed(QByteArrayView(&key, 1));
        if (state == State::Entered) {
            QTEST(line.take().reveal(), "value");
            QTEST(byByte.take().reveal(), "value");
        }
    }
    void theTableHoldsNamesAndNoControlCharacters()
    {
        const auto secret = [](const QString &name, int version, const QString &scope, const QStringList &users) {
            QJsonObject one{
                {u"name"_s, name}, {u"version"_s, version}, {u"used_by"_s, QJsonArray::fromStringList(users)}};
            if (!scope.isEmpty())
                one.insert(u"scope"_s, scope);
            return one;
        };
        const QJsonObject answer{{u"secrets"_s, QJsonArray{secret(u"PASSWORD"_s, 2, {}, {u"give"_s, u"hold"_s}),
                                                           secret(u"PASSWORD"_s, 1, u"give\u001b[2J"_s, {}),
                                                           secret(u"FROM_FILE"_s, 0, {}, {})}},
                                 {u"missing"_s, QJsonArray{secret(u"GONE"_s, 0, {}, {u"web"_s})}}};
        const QString text = formatSecrets(answer, Style({.width = 200}));
        QVERIFY2(!text.contains(u'\x1b'), qPrintable(text));
        const QStringList lines = text.split(u'\n');
        QCOMPARE(lines.size(), 6);
        QVERIFY(lines.at(1).contains(u"PASSWORD"_s) && lines.at(1).contains(u"every pipeline"_s));
        QVERIFY(lines.at(1).contains(u"give, hold"_s));
        QVERIFY(lines.at(3).contains(u"file"_s));
        QCOMPARE(lines.at(4), u"missing: GONE, which web needs"_s);
        QCOMPARE(formatSecrets({}, Style({})), u"no secrets\n"_s);
    }
};

QTEST_APPLESS_MAIN(TestSecretInput)
#include "tst_secretinput.moc"
