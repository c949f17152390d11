// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QHash>

#include <functional>

struct sqlite3;
struct sqlite3_stmt;

namespace danube::store {

class Database;

/// One use of a prepared statement: bind() the parameters in order, then step(). Ending its life resets it, so that the
/// connection keeps no read transaction open.
class Statement
{
public:
    Statement(Database &database, sqlite3_stmt *handle) : m_database(&database), m_handle(handle) {}
    Statement(Statement &&other) noexcept;
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;
    Statement &operator=(Statement &&) = delete;
    ~Statement();

    Statement &bind(const QString &text);
    Statement &bind(int64_t number);
    Statement &bind(double number);
    Statement &bind(WallTime time) { return bind(static_cast<int64_t>(time.time_since_epoch().count())); }
    Statement &bindBlob(QByteArrayView bytes);
    Statement &bindNull();

    Result<bool> step(); ///< true = a row is there, false = the statement is done
    Result<void> run();  ///< steps to the end
    /// All rows that are left, each as `read` makes it of the row at hand.
    template <class Value> Result<QList<Value>> all(const std::function<Result<Value>(const Statement &)> &read);

    QString text(int column) const;
    int64_t number(int column) const;
    double real(int column) const;
    WallTime time(int column) const { return WallTime(milliseconds(number(column))); }
    QByteArray blob(int column) const;
    bool isNull(int column) const;

private:
    Database *m_database;
    sqlite3_stmt *m_handle;
    int m_bound = 0;
};

template <class Value> Result<QList<Value>> Statement::all(const std::function<Result<Value>(const Statement &)> &read)
{
    QList<Value> values;
    for (;;) {
        const auto row = step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return values;
        auto value = read(*this);
        if (!value)
            return std::unexpected(value.error());
        values.append(std::move(*value));
    }
}

/// One connection, used by one thread at a time. Statements are prepared once and kept by their text.
class Database
{
public:
    enum class Access { ReadOnly, ReadWrite };
    /// An existing file; does not look at its contents yet, so that any file opens.
    static Result<std::unique_ptr<Database>> open(const QString &path, Access access, milliseconds busyTimeout);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    /// WAL with synchronous FULL: a COMMIT is one append and one fsync, and readers never wait. Once per database file.
    Result<void> enableWriteAheadLog();

    Result<Statement> prepare(const QByteArray &sql);
    Result<void> execute(const QByteArray &sql); ///< one statement without parameters
    Result<void> executeScript(const QByteArray &sql);
    int64_t lastInsertId() const;
    int64_t changedRows() const;
    bool inTransaction() const; ///< false after SQLite itself rolled back, as it may on a full disk
    /// What went wrong last, as our error: the codes are listed at JobStore.
    Error lastError() const;

private:
    explicit Database(sqlite3 *handle) : m_handle(handle) {}
    sqlite3 *m_handle;
    QHash<QByteArray, sqlite3_stmt *> m_statements;
};

} // namespace danube::store
