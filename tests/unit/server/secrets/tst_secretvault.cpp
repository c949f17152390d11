// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/secrets/secretvault.h"
#include "tests/support/fakeclock.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>

using namespace danube;
using namespace danube::secrets;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// Answers like a disk, and at once, until it shall not.
class BadDisk final : public DiskCalls
{
public:
    int sync(int) override { return failsAt == "sync"_L1 ? failWith() : 0; }
    int syncDirectory(int) override { return failsAt == "directory"_L1 ? failWith() : 0; }
    QString failsAt;

private:
    static int failWith()
    {
        errno = EIO;
        return -1;
    }
};

} // namespace

class TestSecretVault : public QObject
{
    Q_OBJECT

    BadDisk m_disk;
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
        auto opened =
            SecretVault::open({.vault = path("vault.json"), .key = path("vault.key")}, m_clock, *m_file, m_disk);
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
        m_disk.failsAt.clear();
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
    void aFailedSyncIsNoSuccess_data()
    {
        QTest::addColumn<QString>("call");
        QTest::addColumn<bool>("isOldInTheFile");
        QTest::newRow("file") << u"sync"_s << true;
        QTest::newRow("directory") << u"directory"_s << false; // either may be there after a power cut
    }
    void aFailedSyncIsNoSuccess()
    {
        QFETCH(QString, call);
        QFETCH(bool, isOldInTheFile);
        set(u"TOKEN"_s, "one");
        m_disk.failsAt = call;
        const auto refused = m_vault->set(u"TOKEN"_s, {}, Secret("two"), u"ada"_s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Io);
        QVERIFY(!m_vault->remove(u"TOKEN"_s, {}, u"ada"_s));
        QCOMPARE(value(u"TOKEN"_s), QByteArray("one"));
        m_disk.failsAt.clear();
        QVERIFY(open()); // whatever it is, it is whole
        QCOMPARE(value(u"TOKEN"_s) == "one", isOldInTheFile);
    }
    // Somebody changes secrets.file, and the next master cannot know what it was.
    void masksWhatAJobWasGivenOutOfTheFile()
    {
        write("file.json", "{\"TOKEN\": \"file one\", \"PLAIN\": \"plain\"}");
        QVERIFY(open());
        QVERIFY(m_vault->remember(u"TOKEN"_s, Secret("file one")));
        const QByteArray once = read("vault.json");
        QVERIFY(m_vault->remember(u"TOKEN"_s, Secret("file one")));
        QCOMPARE(read("vault.json"), once); // nothing new
        QVERIFY(!once.contains("file one"));
        QCOMPARE(masks(u"TOKEN"_s), QByteArrayList{"file one"});
        write("file.json", "{\"TOKEN\": \"file two\"}");
        QVERIFY(open());
        QCOMPARE(value(u"TOKEN"_s), QByteArray("file two"));
        QCOMPARE(masks(u"TOKEN"_s), (QByteArrayList{"file one", "file two"}));
        QCOMPARE(m_vault->list().size(), 1);
        QCOMPARE(m_vault->list().first().version, 0);
        QCOMPARE(m_vault->remove(u"TOKEN"_s, u"\n file"_s, u"ada"_s).error().code, ErrorCode::NotFound);
        QVERIFY(m_vault->remember(u"TOKEN"_s, Secret("file two")));
        QCOMPARE(masks(u"TOKEN"_s), (QByteArrayList{"file two", "file one"}));
        m_clock.advance(24h * 8);
        set(u"OTHER"_s, "x");
        QCOMPARE(masks(u"TOKEN"_s), QByteArrayList{"file two"}); // in the file still
        write("file.json", "{}");
        QVERIFY(open());
        set(u"OTHER"_s, "y"); // here it is noticed
        m_clock.advance(24h * 6);
        set(u"OTHER"_s, "z");
        QCOMPARE(masks(u"TOKEN"_s), QByteArrayList{"file two"});
        m_clock.advance(24h * 2);
        set(u"OTHER"_s, "x");
        QCOMPARE(masks(u"TOKEN"_s), QByteArrayList());
    }
    void whatTheVaultGivesIsKnownToIt()
    {
        set(u"TOKEN"_s, "everybody");
        set(u"TOKEN"_s, "web's", u"web"_s);
        const QByteArray before = read("vault.json");
        QVERIFY(m_vault->remember(u"TOKEN"_s, Secret("everybody")));
        QVERIFY(m_vault->remember(u"TOKEN"_s, Secret("web's")));
        QCOMPARE(read("vault.json"), before);
        set(u"TOKEN"_s, "again");
        QVERIFY(m_vault->remember(u"TOKEN"_s, Secret("everybody"))); // of secrets.file by now, and kept for that alone
        m_clock.advance(24h * 8);
        write("file.json", "{\"TOKEN\": \"everybody\"}");
        QVERIFY(open());
        set(u"OTHER"_s, "x");
        QVERIFY(masks(u"TOKEN"_s).contains("everybody"));
    }
    void givesNothingThatCannotBeNoted()
    {
        write("file.json", "{\"TOKEN\": \"file one\"}");
        QVERIFY(open());
        m_disk.failsAt = u"sync"_s;
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"secret-not-noted name=\"TOKEN\" error=\"write .*"_s));
        const auto refused = m_vault->remember(u"TOKEN"_s, Secret("file one"));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unavailable);
        QVERIFY(!refused.error().message.contains(m_directory->path()));
        m_disk.failsAt.clear();
        QVERIFY(m_vault->remember(u"TOKEN"_s, Secret("file one")));
    }
    void boundsWhatIsKeptOfOneSecret_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("fit");
        // Those replaced, each with nonce, tag and what is beside it; and the present one.
        QTest::newRow("many") << 1000 << (256 << 10) / (1000 + 28 + 128) + 1;
        QTest::newRow("large") << (64 << 10) << 4;
    }
    void boundsWhatIsKeptOfOneSecret()
    {
        QFETCH(int, size);
        QFETCH(int, fit);
        const auto valueOf = [size](int i) { return QByteArray(size - 4, 'x') + QByteArray::number(1000 + i % 9000); };
        int taken = 0;
        while (taken < 3000 && m_vault->set(u"TOKEN"_s, {}, Secret(valueOf(taken)), u"ada"_s))
            ++taken;
        QCOMPARE(taken, fit);
        const auto refused = m_vault->set(u"TOKEN"_s, {}, Secret(valueOf(taken)), u"ada"_s);
        QCOMPARE(refused.error().code, ErrorCode::ResourceExhausted);
        QCOMPARE(value(u"TOKEN"_s), valueOf(taken - 1));
        QVERIFY(masks(u"TOKEN"_s).contains(valueOf(0)));
        set(u"OTHER"_s, "x");
        m_clock.advance(24h * 8);
        set(u"TOKEN"_s, "a week later");
    }
    // Refusing would stop all jobs that need it.
    void forgetsTheOldestOfAFileThatChangesWithoutEnd()
    {
        const auto valueOf = [](int i) { return QByteArray(64 << 10, char('a' + i)); };
        for (int i = 0; i < 6; ++i) {
            if (i == 5)
                QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"secret-not-masked-any-more name=\"TOKEN\""_s));
            if (i == 4)
                QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"secret-not-masked-any-more name=\"TOKEN\""_s));
            QVERIFY(m_vault->remember(u"TOKEN"_s, Secret(valueOf(i))));
        }
        const auto kept = masks(u"TOKEN"_s);
        QCOMPARE(kept.size(), 4); // of 256 KiB with nonces and tags
        QVERIFY(kept.contains(valueOf(5)) && !kept.contains(valueOf(1)));
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
