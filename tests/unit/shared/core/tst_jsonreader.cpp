// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/jsonreader.h"

#include <QJsonDocument>
#include <QTest>

using namespace danube;
using namespace Qt::StringLiterals;

namespace {

QJsonObject objectOf(const char *json)
{
    return QJsonDocument::fromJson(json).object();
}

QString errorOf(const JsonReader &reader, UnknownFields unknown = UnknownFields::Ignore)
{
    const auto result = reader.finish(unknown);
    return result ? QString() : result.error().message;
}

} // namespace

class TestJsonReader : public QObject
{
    Q_OBJECT
private slots:
    void readsEveryType()
    {
        JsonReader reader(
            objectOf(R"({"s":"x","i":3,"b":true,"o":{"k":"v"},"a":[1],"l":["p","q"],"m":{"A":"1","B":"2"},"n":null})"));
        QCOMPARE(reader.requiredString("s"_L1), u"x"_s);
        QCOMPARE(reader.string("s"_L1), std::optional(u"x"_s));
        QCOMPARE(reader.integer("i"_L1, 0, 9), std::optional<int64_t>(3));
        QCOMPARE(reader.boolean("b"_L1), std::optional(true));
        QCOMPARE(reader.object("o"_L1), std::optional(QJsonObject{{u"k"_s, u"v"_s}}));
        QCOMPARE(reader.array("a"_L1), std::optional(QJsonArray{1}));
        QCOMPARE(reader.stringList("l"_L1), std::optional(QStringList{u"p"_s, u"q"_s}));
        const QList<std::pair<QString, QString>> pairs{{u"A"_s, u"1"_s}, {u"B"_s, u"2"_s}};
        QVERIFY(reader.stringMap("m"_L1) == pairs);
        QCOMPARE(reader.value("n"_L1), QJsonValue(QJsonValue::Null));
        QCOMPARE(errorOf(reader, UnknownFields::Refuse), QString());
    }

    void absentAndNullAreNothing()
    {
        JsonReader reader(objectOf(R"({"n":null})"));
        for (const auto key : {"n"_L1, "absent"_L1}) {
            QVERIFY(!reader.string(key));
            QVERIFY(!reader.integer(key, 0, 1));
            QVERIFY(!reader.boolean(key));
            QVERIFY(!reader.object(key));
            QVERIFY(!reader.array(key));
            QVERIFY(!reader.stringList(key));
            QVERIFY(!reader.stringMap(key));
        }
        QVERIFY(reader.value("absent"_L1).isUndefined());
        QCOMPARE(errorOf(reader), QString());
    }

    void namesFieldExpectationAndValue_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("message");
        const auto row = [](const char *name, const char *value, const char *type, const QString &message) {
            QTest::newRow(name) << QByteArray(value) << QString::fromLatin1(type) << message;
        };
        row("number for string", "5", "string", u"expected a string, got 5"_s);
        row("fraction for string", "0.25", "string", u"expected a string, got 0.25"_s);
        row("bool for string", "true", "string", u"expected a string, got true"_s);
        row("false for string", "false", "string", u"expected a string, got false"_s);
        row("array for string", "[]", "string", u"expected a string, got an array"_s);
        row("object for string", "{}", "string", u"expected a string, got an object"_s);
        row("number for required", "5", "required", u"expected a string, got 5"_s);
        row("empty required", "\"\"", "required", u"expected a non-empty string, got \"\""_s);
        row("null required", "null", "required", u"expected a non-empty string, got null"_s);
        row("string for integer", "\"x\"", "integer", u"expected a whole number from 1 to 10, got \"x\""_s);
        row("fraction for integer", "1.5", "integer", u"expected a whole number from 1 to 10, got 1.5"_s);
        row("below the range", "0", "integer", u"expected a whole number from 1 to 10, got 0"_s);
        row("above the range", "11", "integer", u"expected a whole number from 1 to 10, got 11"_s);
        row("huge", "1e300", "integer", u"expected a whole number from 1 to 10, got 1e+300"_s);
        row("number for bool", "1", "boolean", u"expected true or false, got 1"_s);
        row("array for object", "[]", "object", u"expected an object, got an array"_s);
        row("object for array", "{}", "array", u"expected an array, got an object"_s);
        row("number in list", "[\"a\",1]", "list", u"expected an array of strings, got an array"_s);
        row("string for list", "\"a\"", "list", u"expected an array, got \"a\""_s);
        row("number in map", "{\"k\":1}", "map", u"expected an object whose values are strings, got an object"_s);
        row("string for map", "\"a\"", "map", u"expected an object, got \"a\""_s);
        row("long value is cut", "\"0123456789012345678901234567890123456789xyz\"", "boolean",
            u"expected true or false, got \"0123456789012345678901234567890123456789\""_s);
    }
    void namesFieldExpectationAndValue()
    {
        QFETCH(QByteArray, value);
        QFETCH(QString, type);
        QFETCH(QString, message);
        JsonReader reader(objectOf("{\"key\":" + value + "}"), u"steps[2]"_s);
        bool isNothing = true;
        if (type == u"string")
            isNothing = !reader.string("key"_L1);
        else if (type == u"required")
            isNothing = reader.requiredString("key"_L1).isEmpty();
        else if (type == u"integer")
            isNothing = !reader.integer("key"_L1, 1, 10);
        else if (type == u"boolean")
            isNothing = !reader.boolean("key"_L1);
        else if (type == u"object")
            isNothing = !reader.object("key"_L1);
        else if (type == u"array")
            isNothing = !reader.array("key"_L1);
        else if (type == u"list")
            isNothing = !reader.stringList("key"_L1);
        else
            isNothing = !reader.stringMap("key"_L1);
        QVERIFY(isNothing);
        const auto result = reader.finish(UnknownFields::Ignore);
        QVERIFY(!result);
        QCOMPARE(result.error(), (Error{ErrorCode::InvalidArgument, u"steps[2].key: "_s + message}));
    }

    void takesTheEndsOfARange()
    {
        JsonReader reader(objectOf(R"({"low":1,"high":10,"big":9007199254740992})"));
        QCOMPARE(reader.integer("low"_L1, 1, 10), std::optional<int64_t>(1));
        QCOMPARE(reader.integer("high"_L1, 1, 10), std::optional<int64_t>(10));
        QCOMPARE(reader.integer("big"_L1, 0, 9'007'199'254'740'992), std::optional<int64_t>(9'007'199'254'740'992));
        QCOMPARE(errorOf(reader), QString());
    }

    void keepsTheFirstError()
    {
        JsonReader reader(objectOf(R"({"a":1,"b":2})"));
        reader.string("a"_L1);
        reader.string("b"_L1);
        reader.refuse("c"_L1, u"something"_s);
        QCOMPARE(errorOf(reader), u"a: expected a string, got 1"_s);
    }

    void theCallersOwnRefusalNamesTheValue()
    {
        JsonReader reader(objectOf(R"({"command":7})"));
        reader.refuse("command"_L1, u"a string or an array of strings"_s);
        QCOMPARE(errorOf(reader), u"command: expected a string or an array of strings, got 7"_s);
        JsonReader absent{QJsonObject()};
        absent.refuse("command"_L1, u"a command"_s);
        QCOMPARE(errorOf(absent), u"command: expected a command, got nothing"_s);
    }

    void unknownFieldsAreRefusedOnlyWhereAsked()
    {
        JsonReader reader(objectOf(R"({"known":"x","other":1})"));
        reader.string("known"_L1);
        QCOMPARE(errorOf(reader, UnknownFields::Ignore), QString());
        QCOMPARE(errorOf(reader, UnknownFields::Refuse), u"other: unknown field"_s);
        JsonReader nested(objectOf(R"({"other":1})"), u"spec"_s);
        QCOMPARE(errorOf(nested, UnknownFields::Refuse), u"spec.other: unknown field"_s);
    }

    void buildsPaths()
    {
        QCOMPARE(JsonReader(QJsonObject()).pathOf("a"_L1), u"a"_s);
        QCOMPARE(JsonReader(QJsonObject(), u"spec.worker"_s).pathOf("a"_L1), u"spec.worker.a"_s);
    }

    void parsesOneObject()
    {
        QCOMPARE(parseJsonObject(R"({"a":1})").value(), (QJsonObject{{u"a"_s, 1}}));
        // A byte order mark is a character like others, in keys, too.
        const auto marked = parseJsonObject("{\"a\":\"\xEF\xBB\xBFx\\\"\xEF\xBB\xBF\",\"\xEF\xBB\xBF"
                                            "a\":2,\"b\":3}")
                                .value();
        QCOMPARE(marked, (QJsonObject{{u"a"_s, u"\uFEFFx\"\uFEFF"_s}, {u"\uFEFFa"_s, 2}, {u"b"_s, 3}}));
        const auto malformed = parseJsonObject(R"({"a":)");
        QVERIFY(!malformed);
        QCOMPARE(malformed.error().code, ErrorCode::InvalidArgument);
        QVERIFY(malformed.error().message.startsWith(u"malformed JSON at byte "_s));
        const auto array = parseJsonObject("[]");
        QVERIFY(!array);
        QCOMPARE(array.error().message, u"malformed JSON: expected an object at the top"_s);
        QVERIFY(!parseJsonObject(QByteArray()));
    }
};

QTEST_APPLESS_MAIN(TestJsonReader)
#include "tst_jsonreader.moc"
