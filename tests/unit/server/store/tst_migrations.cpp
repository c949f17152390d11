// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/sqlite/migrations.h"
#include "server/store/sqlite/sqlitestore.h"
#include "tests/unit/server/store/storefixture.h"

#include <QTemporaryDir>

#include <sys/stat.h>
#include <unistd.h>

using namespace danube;
using namespace danube::store;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

/// The rest of a scope as a user without rights: the tests may run as root, whom no mode stops.
class Unprivileged
{
public:
    Unprivileged() { m_dropped = geteuid() == 0 && seteuid(65534) == 0; }
    ~Unprivileged()
    {
        if (m_dropped && seteuid(0) != 0)
            std::abort();
    }
    Q_DISABLE_COPY_MOVE(Unprivileged)

private:
    bool m_dropped = false;
};

} // namespace

/// What open() does with each kind of file it may find.
class TestMigrations : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_directory;

    QString path() const { return m_directory->filePath(u"danube.db"_s); }
    std::unique_ptr<Database> create()
    {
        QFile file(path());
        return file.open(QIODevice::Append) ? *Database::open(path(), Database::Access::ReadWrite, milliseconds(1'000))
                                            : nullptr;
    }
    void write(const QByteArray &content)
    {
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(content), content.size());
    }
    QString openError()
    {
        const auto opened = Store::open(path());
        return opened ? QString() : opened.error().message;
    }

private slots:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }

    void eachMigrationFollowsTheOneBefore_data()
    {
        QTest::addColumn<int>("number");
        const auto migrations = embeddedMigrations();
        QVERIFY(migrations);
        for (const Migration &migration : *migrations)
            QTest::newRow(qPrintable(migration.name)) << migration.number;
    }
    void eachMigrationFollowsTheOneBefore()
    {
        QFETCH(int, number);
        const auto migrations = *embeddedMigrations();
        auto database = create();
        if (number > 1)
            QVERIFY(migrate(*database, path(), migrations.first(number - 1)));
        QCOMPARE(*schemaVersion(*database), number - 1);
        const auto done = migrate(*database, path(), migrations.first(number));
        QVERIFY2(done, qPrintable(done ? QString() : done.error().message));
        QCOMPARE(*schemaVersion(*database), number);
        database.reset();
        QCOMPARE(openError(), QString()); // the rest of the way
    }

    void aFailingMigrationChangesNothing()
    {
        auto database = create();
        QVERIFY(migrate(*database, path(), *embeddedMigrations()));
        auto migrations = *embeddedMigrations();
        const int64_t before = migrations.size();
        migrations.append(
            {static_cast<int>(before) + 1, u"999_broken"_s, "CREATE TABLE half (x); CREATE TABLE half (x);"});
        const auto done = migrate(*database, path(), migrations);
        QVERIFY(!done);
        QVERIFY(done.error().message.contains(u"999_broken"_s));
        QCOMPARE(*schemaVersion(*database), before);
        QVERIFY(!database->execute("SELECT * FROM half"));
    }

    void theFileIsForItsOwnerAlone()
    {
        QCOMPARE(openError(), QString());
        struct stat status{};
        QCOMPARE(stat(qPrintable(path()), &status), 0);
        QCOMPARE(status.st_mode & 0777, 0600U);
    }

    void aNewerDatabaseIsRefusedAndUntouched()
    {
        QCOMPARE(openError(), QString());
        auto database = create();
        QVERIFY(database->execute("PRAGMA user_version = 77"));
        database.reset();
        const auto known = embeddedMigrations()->size();
        QCOMPARE(openError(), u"database %1 has schema 77, this danube-master knows up to %2"_s.arg(path()).arg(known));
        QCOMPARE(*schemaVersion(*create()), 77);
    }

    void anotherProgramsDatabaseIsRefused()
    {
        QVERIFY(create()->execute("CREATE TABLE theirs (x)"));
        QCOMPARE(openError(), u"database %1 belongs to another program"_s.arg(path()));
    }

    void whatIsNoDatabaseIsRefused()
    {
        write(QByteArray("this is a shopping list, not a database\n").repeated(100));
        QVERIFY2(openError().startsWith(u"%1 is damaged or not a database"_s.arg(path())), qPrintable(openError()));
    }

    void damagedPagesAreDataLossNotACrash()
    {
        {
            auto store = *Store::open(path());
            for (int i = 0; i < 200; ++i)
                QVERIFY(insert(*store, *this, sampleJob(u"job%1"_s.arg(i))));
            QVERIFY(store->close(milliseconds(5'000)));
        }
        QFile file(path());
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray bytes = file.readAll();
        for (qsizetype i = 4096; i < bytes.size(); ++i)
            bytes[i] = static_cast<char>(i * 31);
        file.seek(0);
        file.write(bytes);
        file.close();
        auto store = Store::open(path());
        const Error error = store ? (*store)->jobs({}, 1000, {}).error() : store.error();
        QCOMPARE(error.code, ErrorCode::DataLoss);
        QVERIFY2(error.message.contains(u"database disk image is malformed"_s), qPrintable(error.message));
    }

    void aMissingDirectoryIsNamed()
    {
        const auto opened = Store::open(m_directory->filePath(u"none/danube.db"_s));
        QCOMPARE(opened.error().message,
                 u"open database %1: there is no directory %2"_s.arg(m_directory->filePath(u"none/danube.db"_s),
                                                                     m_directory->filePath(u"none"_s)));
    }

    void aReadOnlyDirectoryIsNamed()
    {
        const QString directory = m_directory->path();
        QCOMPARE(chmod(qPrintable(directory), 0555), 0);
        QString message;
        {
            const Unprivileged unprivileged;
            message = openError();
        }
        QCOMPARE(chmod(qPrintable(directory), 0700), 0);
        QCOMPARE(message,
                 u"open database %1: directory %2 is not writable: Permission denied"_s.arg(path(), directory));
    }

    void aReadOnlyFileIsNamed()
    {
        QCOMPARE(openError(), QString());
        QCOMPARE(chmod(qPrintable(path()), 0444), 0);
        QCOMPARE(chmod(qPrintable(m_directory->path()), 0777), 0);
        QString message;
        {
            const Unprivileged unprivileged;
            message = openError();
        }
        QCOMPARE(message, u"open database %1: Permission denied"_s.arg(path()));
    }

    void aDirectoryInItsPlaceIsNamed()
    {
        QVERIFY(QDir().mkdir(path()));
        QCOMPARE(openError(), u"open database %1: Is a directory"_s.arg(path()));
    }
};

QTEST_GUILESS_MAIN(TestMigrations)
#include "tst_migrations.moc"
