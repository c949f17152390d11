// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/secrets/secretvault.h"
#include "tests/support/fakeclock.h"

#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::secrets;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestSecretVault : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<SecretsFile> m_file;
    std::unique_ptr<SecretVault> m_vault;
    tests::FakeClock m_clock;

    QString path(const char *name) const { return m_directory->filePath(QString::fromUtf8(name)); }
    Result<void> open()
    {
        m_vault.reset();
        m_file = std::make_unique<SecretsFile>(path("file.json"));
        if (auto loaded = m_file->reload(); !loaded)
            return loaded;
        auto opened = SecretVault::open({.vault = path("vault.json"), .key = path("vault.key")}, m_clock, *m_file);
        if (!opened)
            return std::unexpected(opened.error());
        m_vault = std::move(*opened);
        return {};
    }
    void write(const char *name, const QByteArray &bytes)
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    }
    QByteArray read(const char *name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void set(const QString &name, const QByteArray &value, const QString &scope = {})
    {
        const auto done = m_vault->set(name, scope, Secret(value), u"ada"_s);
        QVERIFY2(done, done ? "" : qPrintable(done.error().message));
    }
    QByteArray value(const QString &name, const QString &pipeline = {}) const
    {
        const auto found = m_vault->value(name, pipeline);
        return found ? found->reveal()
                     : QByteArray("(" + QByteArray::number(static_cast<int>(found.error().code)) + ")");
    }
    QByteArrayList masks(const QString &name) const
    {
        QByteArrayList all;
        for (const Secret &mask : m_vault->masks(name))
            all.append(mask.reveal());
        return all;
    }
    const QByteArray m_notFound = "(" + QByteArray::number(static_cast<int>(ErrorCode::NotFound)) + ")";

private slots:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        QVERIFY(open());
    }

    void remembersOverARestart()
    {
        set(u"TOKEN"_s, "one");
        set(u"TOKEN"_s, "two");
        set(u"OTHER"_s, QByteArray("\0\xff", 2));
        QVERIFY(open());
        QCOMPARE(value(u"TOKEN"_s), QByteArray("two"));
        QCOMPARE(value(u"OTHER"_s), QByteArray("\0\xff", 2));
        const auto list = m_vault->list();
        QCOMPARE(list.size(), 2);
        QCOMPARE(list[1], (SecretInfo{u"TOKEN"_s, {}, 2, m_clock.wall(), u"ada"_s}));
    }
    void keepsNoValueInTheFile()
    {
        set(u"TOKEN"_s, "correct horse battery staple");
        const QByteArray bytes = read("vault.json");
        QVERIFY(bytes.contains("TOKEN"));
        QVERIFY(!bytes.contains("correct") &&
                !bytes.contains(QByteArray("correct horse battery").toBase64().first(20)));
        for (const char *name : {"vault.json", "vault.key"})
            QCOMPARE(QFile::permissions(path(name)) &
                         (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
                     QFile::Permissions());
        QCOMPARE(read("vault.key").size(), 32);
    }
    void aPipelinesOwnComesFirst()
    {
        write("file.json", "{\"TOKEN\": \"file\", \"PLAIN\": \"file\"}");
        QVERIFY(open());
        QCOMPARE(value(u"TOKEN"_s, u"web"_s), QByteArray("file"));
        set(u"TOKEN"_s, "everybody");
        set(u"TOKEN"_s, "web's", u"web"_s);
        QCOMPARE(value(u"TOKEN"_s, u"web"_s), QByteArray("web's"));
        QCOMPARE(value(u"TOKEN"_s, u"api"_s), QByteArray("everybody"));
        QCOMPARE(value(u"TOKEN"_s), QByteArray("everybody"));
        QCOMPARE(value(u"PLAIN"_s, u"web"_s), QByteArray("file"));
        QCOMPARE(value(u"NONE"_s), m_notFound);
        QStringList listed;
        for (const SecretInfo &info : m_vault->list())
            listed.append(u"%1/%2 %3"_s.arg(info.name, info.scope).arg(info.version));
        QCOMPARE(listed, (QStringList{u"PLAIN/ 0"_s, u"TOKEN/ 1"_s, u"TOKEN/web 1"_s}));
    }
    void removesAndSaysWhatIsNotThere()
    {
        write("file.json", "{\"PLAIN\": \"file\"}");
        QVERIFY(open());
        set(u"TOKEN"_s, "one");
        QVERIFY(m_vault->remove(u"TOKEN"_s, {}, u"ada"_s));
        QCOMPARE(value(u"TOKEN"_s), m_notFound);
        QCOMPARE(m_vault->remove(u"TOKEN"_s, {}, u"ada"_s).error().code, ErrorCode::NotFound);
        QCOMPARE(m_vault->remove(u"TOKEN"_s, u"web"_s, u"ada"_s).error().code, ErrorCode::NotFound);
        QCOMPARE(m_vault->remove(u"PLAIN"_s, {}, u"ada"_s).error().code, ErrorCode::Conflict);
        QCOMPARE(m_vault->list().size(), 1);
        set(u"TOKEN"_s, "again");
        QCOMPARE(m_vault->list().last().version, 2);
    }
    // A job that was given the old value may print it after the master restarted.
    void masksWhatWasReplacedForAWeek()
    {
        set(u"TOKEN"_s, "one");
        m_clock.advance(1h);
        set(u"TOKEN"_s, "web's", u"web"_s);
        m_clock.advance(1h);
        set(u"TOKEN"_s, "two");
        QVERIFY(open());
        QCOMPARE(masks(u"TOKEN"_s), (QByteArrayList{"two", "web's", "one"}));
        m_clock.advance(24h);
        QVERIFY(m_vault->remove(u"TOKEN"_s, {}, u"ada"_s));
        QVERIFY(open());
        QCOMPARE(value(u"TOKEN"_s), m_notFound);
        QCOMPARE(masks(u"TOKEN"_s), (QByteArrayList{"two", "web's", "one"}));
        m_clock.advance(24h * 8);
        set(u"OTHER"_s, "x");
        QCOMPARE(masks(u"TOKEN"_s), QByteArrayList{"web's"});
        QVERIFY(!read("vault.json").contains("removed_at"));
    }
    void refusesWhatCannotBe_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("scope");
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("no name") << QString() << QString() << QByteArray("x");
        QTest::newRow("long name") << QString(257, u'x') << QString() << QByteArray("x");
        QTest::newRow("path") << u"a/b"_s << QString() << QByteArray("x");
        QTest::newRow("line") << u"a\nb"_s << QString() << QByteArray("x");
        QTest::newRow("zero") << u"a"_s + QChar(0) << QString() << QByteArray("x");
        QTest::newRow("scope") << u"a"_s << u"web\n"_s << QByteArray("x");
        QTest::newRow("no value") << u"a"_s << QString() << QByteArray();
        QTest::newRow("large value") << u"a"_s << QString() << QByteArray((64 << 10) + 1, 'x');
    }
    void refusesWhatCannotBe()
    {
        QFETCH(QString, name);
        QFETCH(QString, scope);
        QFETCH(QByteArray, value);
        const auto done = m_vault->set(name, scope, Secret(value), u"ada"_s);
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::InvalidArgument);
        QVERIFY(m_vault->list().isEmpty());
    }
    void staysAsItWasWhenItCannotBeWritten()
    {
        set(u"TOKEN"_s, "one");
        QVERIFY(QFile::rename(path("vault.json"), path("away")));
        QVERIFY(QDir().mkdir(path("vault.json"))); // in the way
        QVERIFY(!m_vault->set(u"TOKEN"_s, {}, Secret("two"), u"ada"_s));
        QVERIFY(!m_vault->remove(u"TOKEN"_s, {}, u"ada"_s));
        QCOMPARE(value(u"TOKEN"_s), QByteArray("one"));
    }
    void doesNotOpenWhatIsDamaged_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("words");
        QTest::newRow("another key") << u"key"_s << u"secret 'TOKEN': a secret cannot be opened"_s;
        QTest::newRow("no key") << u"no key"_s << u"is gone"_s;
        QTest::newRow("cut") << u"cut"_s << u"the file is damaged"_s;
        QTest::newRow("renamed") << u"renamed"_s << u"secret 'TOKEX': a secret cannot be opened"_s;
    }
    void doesNotOpenWhatIsDamaged()
    {
        QFETCH(QString, what);
        QFETCH(QString, words);
        set(u"TOKEN"_s, "one");
        if (what == "key"_L1)
            write("vault.key", QByteArray(32, 'x'));
        else if (what == "no key"_L1)
            QVERIFY(QFile::remove(path("vault.key")));
        else if (what == "cut"_L1)
            write("vault.json", read("vault.json").chopped(5));
        else
            write("vault.json", read("vault.json").replace("TOKEN", "TOKEX"));
        const auto opened = open();
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::DataLoss);
        QVERIFY2(opened.error().message.contains(words), qPrintable(opened.error().message));
    }
};

QTEST_APPLESS_MAIN(TestSecretVault)
#include "tst_secretvault.moc"
