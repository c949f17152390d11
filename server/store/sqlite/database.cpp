// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/sqlite/database.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>

using namespace Qt::StringLiterals;

namespace danube::store {
namespace {

ErrorCode codeFor(int extended, int systemError)
{
    if (systemError == ENOSPC || systemError == EDQUOT)
        return ErrorCode::ResourceExhausted;
    switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
        return ErrorCode::AlreadyExists;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return ErrorCode::NotFound;
    default:
        break;
    }
    switch (extended & 0xff) {
    case SQLITE_FULL:
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM:
        return ErrorCode::ResourceExhausted;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ErrorCode::Unavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ErrorCode::DataLoss;
    case SQLITE_INTERRUPT:
        return ErrorCode::Cancelled;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_PERM:
    case SQLITE_READONLY:
        return ErrorCode::Io;
    default:
        return ErrorCode::Internal;
    }
}

Error errorOf(sqlite3 *handle)
{
    // The system's error is kept from call to call, so it counts only where SQLite blames the system.
    const int extended = sqlite3_extended_errcode(handle);
    const int primary = extended & 0xff;
    const bool fromSystem = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN || primary == SQLITE_FULL;
    const int systemError = fromSystem ? sqlite3_system_errno(handle) : 0;
    QString message = QString::fromUtf8(sqlite3_errmsg(handle));
    if (systemError != 0)
        message += u" (%1)"_s.arg(QString::fromUtf8(strerror(systemError)));
    return {codeFor(extended, systemError), message};
}

} // namespace

Statement::Statement(Statement &&other) noexcept
    : m_database(other.m_database), m_handle(std::exchange(other.m_handle, nullptr)), m_bound(other.m_bound)
{}

Statement::~Statement()
{
    if (!m_handle)
        return;
    sqlite3_reset(m_handle);
    sqlite3_clear_bindings(m_handle);
}

Statement &Statement::bind(const QString &text)
{
    const QByteArray utf8 = text.toUtf8();
    const char *data = utf8.isEmpty() ? "" : utf8.constData(); // a null pointer would bind NULL
    sqlite3_bind_text64(m_handle, ++m_bound, data, static_cast<sqlite3_uint64>(utf8.size()), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
    return *this;
}

Statement &Statement::bind(int64_t number)
{
    sqlite3_bind_int64(m_handle, ++m_bound, number);
    return *this;
}

Statement &Statement::bind(double number)
{
    sqlite3_bind_double(m_handle, ++m_bound, number);
    return *this;
}

Statement &Statement::bindBlob(QByteArrayView bytes)
{
    const char *data = bytes.isEmpty() ? "" : bytes.data();
    sqlite3_bind_blob64(m_handle, ++m_bound, data, static_cast<sqlite3_uint64>(bytes.size()), SQLITE_TRANSIENT);
    return *this;
}

Statement &Statement::bindNull()
{
    sqlite3_bind_null(m_handle, ++m_bound);
    return *this;
}

Result<bool> Statement::step()
{
    const int code = sqlite3_step(m_handle);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return std::unexpected(m_database->lastError());
}

Result<void> Statement::run()
{
    for (;;) {
        const auto row = step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return {};
    }
}

QString Statement::text(int column) const
{
    const auto *data = reinterpret_cast<const char *>(sqlite3_column_text(m_handle, column));
    return QString::fromUtf8(data, sqlite3_column_bytes(m_handle, column));
}

int64_t Statement::number(int column) const
{
    return sqlite3_column_int64(m_handle, column);
}
double Statement::real(int column) const
{
    return sqlite3_column_double(m_handle, column);
}
bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_handle, column) == SQLITE_NULL;
}

QByteArray Statement::blob(int column) const
{
    const auto *data = static_cast<const char *>(sqlite3_column_blob(m_handle, column));
    return {data, sqlite3_column_bytes(m_handle, column)};
}

Result<std::unique_ptr<Database>> Database::open(const QString &path, Access access, milliseconds busyTimeout)
{
    sqlite3 *handle = nullptr;
    const int flags = (access == Access::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(path.toUtf8().constData(), &handle, flags, nullptr);
    std::unique_ptr<Database> database(new Database(handle));
    if (code != SQLITE_OK)
        return std::unexpected(database->lastError());
    sqlite3_busy_timeout(handle, static_cast<int>(busyTimeout.count()));
    if (auto ready = database->execute("PRAGMA foreign_keys = ON"); !ready)
        return std::unexpected(ready.error());
    return database;
}

Result<void> Database::enableWriteAheadLog()
{
    auto mode = prepare("PRAGMA journal_mode = WAL");
    const auto row = mode ? mode->step() : Result<bool>(std::unexpected(mode.error()));
    if (!row)
        return std::unexpected(row.error());
    if (!*row || mode->text(0) != "wal"_L1)
        return fail(ErrorCode::Io,
                    u"the file system does not allow a write-ahead log (journal mode stays %1)"_s.arg(mode->text(0)));
    return execute("PRAGMA synchronous = FULL").and_then([this] {
        return execute("PRAGMA journal_size_limit = 67108864");
    });
}

Database::~Database()
{
    for (sqlite3_stmt *statement : std::as_const(m_statements))
        sqlite3_finalize(statement);
    sqlite3_close_v2(m_handle);
}

Result<Statement> Database::prepare(const QByteArray &sql)
{
    const auto known = m_statements.constFind(sql);
    if (known != m_statements.constEnd())
        return Statement(*this, *known);
    sqlite3_stmt *handle = nullptr;
    const int size = static_cast<int>(sql.size());
    if (sqlite3_prepare_v3(m_handle, sql.constData(), size, SQLITE_PREPARE_PERSISTENT, &handle, nullptr) != SQLITE_OK)
        return std::unexpected(lastError());
    m_statements.insert(sql, handle);
    return Statement(*this, handle);
}

Result<void> Database::execute(const QByteArray &sql)
{
    return prepare(sql).and_then([](Statement statement) { return statement.run(); });
}

Result<void> Database::executeScript(const QByteArray &sql)
{
    if (sqlite3_exec(m_handle, sql.constData(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return std::unexpected(lastError());
    return {};
}

int64_t Database::lastInsertId() const
{
    return sqlite3_last_insert_rowid(m_handle);
}
int64_t Database::changedRows() const
{
    return sqlite3_changes64(m_handle);
}
bool Database::inTransaction() const
{
    return sqlite3_get_autocommit(m_handle) == 0;
}
Error Database::lastError() const
{
    return errorOf(m_handle);
}

} // namespace danube::store
