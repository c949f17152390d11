// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/blueprint/jsonpositions.h"
#include "shared/blueprint/textedit.h"

#include <QRandomGenerator>
#include <QTest>

using namespace danube;
using namespace danube::blueprint;
using namespace Qt::StringLiterals;

namespace {

QJsonValue parse(const QByteArray &text)
{
    return QJsonDocument::fromJson('[' + text + ']').array().first();
}

/// Random documents, written in random styles, from a fixed seed.
class Documents
{
public:
    explicit Documents(quint32 seed) : m_random(seed) {}
    int below(int n) { return static_cast<int>(m_random.bounded(n)); }
    QJsonValue value(int depth)
    {
        switch (depth > 3 ? below(4) : below(7)) {
        case 0:
            return below(1000) - 500;
        case 1:
            return below(2) == 0;
        case 2:
            return QJsonValue();
        case 3:
            return u"t\"ä\n%1"_s.arg(below(100));
        case 4:
            return array(depth);
        default:
            return object(depth);
        }
    }
    QJsonObject object(int depth)
    {
        QJsonObject result;
        for (int i = below(4); i > 0; --i)
            result.insert(u"k/~%1"_s.arg(below(6)), value(depth + 1));
        return result;
    }
    QJsonArray array(int depth)
    {
        QJsonArray result;
        for (int i = below(4); i > 0; --i)
            result.append(value(depth + 1));
        return result;
    }
    /// The value with blanks and line ends where JSON lets them be.
    QByteArray write(const QJsonValue &value)
    {
        if (!value.isArray() && !value.isObject()) {
            const auto text = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
            return text.sliced(1, text.size() - 2);
        }
        QByteArray text = value.isArray() ? "[" : "{";
        const auto keys = value.toObject().keys();
        const auto count = value.isArray() ? value.toArray().size() : keys.size();
        for (qsizetype i = 0; i < count; ++i) {
            text += blank();
            if (value.isObject())
                text += write(keys[i]) + blank() + ':' + blank() + write(value.toObject().value(keys[i]));
            else
                text += write(value.toArray()[i]);
            text += blank() + (i + 1 < count ? "," : "");
        }
        return text + blank() + (value.isArray() ? "]" : "}");
    }
    QByteArray blank()
    {
        static const QByteArrayList blanks{"", "", " ", "\n", "\r\n  ", "\n\t", "\n        "};
        return blanks[below(static_cast<int>(blanks.size()))];
    }
    /// The pointer of some value in the document, and the value's parent.
    QString somewhere(const QJsonValue &document)
    {
        QString pointer;
        QJsonValue at = document;
        while (below(4) != 0) {
            const auto keys = at.toObject().keys();
            const auto count = at.isArray() ? at.toArray().size() : keys.size();
            if (count == 0)
                break;
            const auto i = below(static_cast<int>(count));
            pointer = at.isArray() ? childPointer(pointer, qsizetype(i)) : childPointer(pointer, keys[i]);
            at = at.isArray() ? at.toArray()[i] : at.toObject().value(keys[i]);
        }
        return pointer;
    }

private:
    QRandomGenerator m_random;
};

/// The document with the value at the tokens replaced, inserted or (undefined) removed: the plain way.
QJsonValue changed(QJsonValue document, const QStringList &tokens, const QJsonValue &value, bool insert = false)
{
    if (tokens.isEmpty())
        return value;
    const auto inner = [&](const QJsonValue &child) { return changed(child, tokens.sliced(1), value, insert); };
    if (document.isObject()) {
        QJsonObject object = document.toObject();
        const auto next = inner(object.value(tokens[0]));
        if (next.isUndefined())
            object.remove(tokens[0]);
        else
            object.insert(tokens[0], next);
        return object;
    }
    QJsonArray array = document.toArray();
    const auto index = tokens[0] == "-"_L1 ? array.size() : tokens[0].toLongLong();
    if (tokens.size() == 1 && (insert || index == array.size()))
        array.insert(index, value);
    else if (const auto next = inner(array[index]); next.isUndefined())
        array.removeAt(index);
    else
        array[index] = next;
    return array;
}

const QByteArray config = "{\n"
                          "  \"kind\": \"Config\",   \n"
                          "  \"spec\": {\n"
                          "    \"egress_allowlist\": [\n"
                          "      \"a.example.org\",\n"
                          "      \"m.example.org\"\n"
                          "    ],\n"
                          "    \"tags\": [\"one\", \"two\"],\n"
                          "    \"empty\": {}\n"
                          "  }\n"
                          "}\n";

} // namespace

class TestTextEdit : public QObject
{
    Q_OBJECT
private slots:
    void editsLikeAPerson_data()
    {
        QTest::addColumn<QString>("verb");
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        const auto row = [](const char *name, const char *verb, const char *pointer, const char *value,
                            const char *from, const char *to) {
            QTest::newRow(name) << QString::fromLatin1(verb) << QString::fromLatin1(pointer) << QByteArray(value)
                                << QByteArray(from) << QByteArray(to);
        };
        row("replace a text", "set", "/kind", "\"X\"", "\"Config\"", "\"X\"");
        row("append to lines", "set", "/spec/egress_allowlist/-", "\"z\"", "\"m.example.org\"",
            "\"m.example.org\",\n      \"z\"");
        row("insert a line", "insert", "/spec/egress_allowlist/1", "\"b\"", "\"m.example.org\"",
            "\"b\",\n      \"m.example.org\"");
        row("insert the first", "insert", "/spec/egress_allowlist/0", "\"b\"", "\"a.example.org\"",
            "\"b\",\n      \"a.example.org\"");
        row("append on a line", "set", "/spec/tags/-", "\"three\"", "\"two\"", "\"two\", \"three\"");
        row("insert on a line", "insert", "/spec/tags/0", "3", "\"one\"", "3, \"one\"");
        row("into an empty object", "set", "/spec/empty/k", "[1]", "{}",
            "{\n      \"k\": [\n        1\n      ]\n    }");
        row("a member", "set", "/spec/more", "{}", "\"empty\": {}", "\"empty\": {},\n    \"more\": {}");
        row("missing objects", "set", "/spec/a/b/-", "1", "\"empty\": {}",
            "\"empty\": {},\n    \"a\": {\n      \"b\": [\n        1\n      ]\n    }");
        row("remove a line", "remove", "/spec/egress_allowlist/0", "", "\"a.example.org\",\n      ", "");
        row("remove the last line", "remove", "/spec/egress_allowlist/1", "", ",\n      \"m.example.org\"", "");
        row("remove a member", "remove", "/kind", "", "\"kind\": \"Config\",   \n  ", "");
        row("add to a sorted list", "add", "/spec/egress_allowlist", "\"b.example.org\"", "\"m.example.org\"",
            "\"b.example.org\",\n      \"m.example.org\"");
        row("add never last", "add", "/spec/egress_allowlist", "\"z.example.org\"", "\"m.example.org\"",
            "\"z.example.org\",\n      \"m.example.org\"");
        row("add what is there", "add", "/spec/egress_allowlist", "\"m.example.org\"", "kind", "kind");
        row("add to a missing list", "add", "/spec/hosts", "\"x\"", "\"empty\": {}",
            "\"empty\": {},\n    \"hosts\": [\n      \"x\"\n    ]");
    }
    void editsLikeAPerson()
    {
        QFETCH(QString, verb);
        QFETCH(QString, pointer);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        const auto edit = verb == "set"_L1      ? setValue(config, pointer, parse(value))
                          : verb == "insert"_L1 ? insertElement(config, pointer, parse(value))
                          : verb == "add"_L1    ? addToList(config, pointer, parse(value).toString())
                                                : removeValue(config, pointer);
        QVERIFY2(edit, qPrintable(edit ? QString() : edit.error().message));
        QCOMPARE(config.count(from), 1);
        QCOMPARE(apply(config, *edit), QByteArray(config).replace(from, to));
    }
    void keepsLineEndsAndTabs()
    {
        const QByteArray text = "{\r\n\t\"a\" : [\r\n\t\t1\r\n\t]\r\n}"; // no final newline
        const auto edit = setValue(text, u"/b"_s, QJsonObject{{u"c"_s, 2}});
        QVERIFY(edit);
        QCOMPARE(apply(text, *edit), "{\r\n\t\"a\" : [\r\n\t\t1\r\n\t],\r\n\t\"b\" : {\r\n\t\t\"c\" : 2\r\n\t}\r\n}");
    }
    void compactTextsStayCompact()
    {
        const auto edit = setValue("{\"a\":{}}", u"/a/b"_s, QJsonArray{1, 2});
        QVERIFY(edit);
        QCOMPARE(apply("{\"a\":{}}", *edit), "{\"a\":{\"b\":[1,2]}}");
    }
    void refusesWhatIsNotThere_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("pointer");
        QTest::newRow("no JSON") << QByteArray("{") << u"/a"_s;
        QTest::newRow("a key twice") << QByteArray("{\"a\":1,\"a\":2}") << u"/a"_s;
        QTest::newRow("below a text") << QByteArray("{\"a\":\"x\"}") << u"/a/b"_s;
        QTest::newRow("beyond the end") << QByteArray("[1]") << u"/3"_s;
        QTest::newRow("no pointer") << QByteArray("[1]") << u"0"_s;
    }
    void refusesWhatIsNotThere()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, pointer);
        QVERIFY(!setValue(text, pointer, 1));
        QVERIFY(!removeValue(text, pointer) || text.startsWith('{'));
        QVERIFY(!insertElement(text, pointer, 1));
    }

    /// Edit, then parse = the wanted document; bytes outside of the range stay.
    void editsMeanWhatTheySay()
    {
        for (quint32 seed = 1; seed <= 400; ++seed) {
            Documents random(seed);
            const QJsonValue document = seed % 2 ? QJsonValue(random.object(0)) : random.array(0);
            const QByteArray text = random.blank() + random.write(document) + random.blank();
            QCOMPARE(parse(text), document);
            const auto pointer = random.somewhere(document);
            const auto value = random.value(1);
            const auto check = [&](const Result<TextEdit> &edit, const QJsonValue &wanted) {
                QVERIFY2(edit,
                         qPrintable(u"seed %1 %2: %3"_s.arg(seed).arg(pointer, edit ? u""_s : edit.error().message)));
                const auto result = apply(text, *edit);
                QVERIFY2(parse(result) == wanted, qPrintable(u"seed %1 at %2:\n"_s.arg(seed).arg(pointer) +
                                                             QString::fromUtf8(text + "\n→\n" + result)));
                QVERIFY(result.startsWith(text.first(edit->offset)));
                QVERIFY(result.endsWith(text.sliced(edit->offset + edit->length)));
            };
            const auto tokens = *tokensOf(pointer);
            check(setValue(text, pointer, value), changed(document, tokens, value));
            if (!tokens.isEmpty())
                check(removeValue(text, pointer), changed(document, tokens, QJsonValue(QJsonValue::Undefined)));
            const auto json = JsonPositions::scan(text);
            const auto *node = json->find(pointer);
            if (node->kind == JsonNode::Kind::Array) {
                const auto inside = childPointer(pointer, random.below(static_cast<int>(node->children.size()) + 1));
                check(insertElement(text, inside, value), changed(document, *tokensOf(inside), value, true));
                check(setValue(text, pointer + u"/-"_s, value),
                      changed(document, tokens + QStringList{u"-"_s}, value, true));
            } else if (node->kind == JsonNode::Kind::Object) {
                check(setValue(text, pointer + u"/new"_s, value),
                      changed(document, tokens + QStringList{u"new"_s}, value));
            }
        }
    }
    void rewritesMeanWhatTheySay()
    {
        for (quint32 seed = 1; seed <= 300; ++seed) {
            Documents random(seed);
            const QJsonValue document = random.object(0);
            const QByteArray text = random.write(document);
            QJsonValue wanted = document;
            for (int i = random.below(3); i >= 0; --i)
                wanted = changed(wanted, *tokensOf(random.somewhere(wanted)), random.value(1));
            if (!wanted.isObject() && !wanted.isArray())
                continue;
            const auto result = rewrite(text, wanted);
            QVERIFY2(result, qPrintable(result ? QString() : result.error().message));
            QVERIFY2(parse(*result) == wanted,
                     qPrintable(u"seed %1:\n"_s.arg(seed) + QString::fromUtf8(text + "\n→\n" + *result)));
        }
    }
    void rewriteOfTheSameChangesNothing() { QCOMPARE(*rewrite(config, parse(config)), config); }
    void rewriteTouchesOnlyWhatDiffers()
    {
        QJsonObject wanted = parse(config).toObject();
        QJsonObject spec = wanted.value("spec"_L1).toObject();
        spec.insert(u"tags"_s, QJsonArray{u"one"_s, u"2"_s, u"two"_s});
        wanted.insert(u"spec"_s, spec);
        QCOMPARE(*rewrite(config, wanted), QByteArray(config).replace("\"one\", ", "\"one\", \"2\", "));
    }
};

QTEST_GUILESS_MAIN(TestTextEdit)
#include "tst_textedit.moc"
