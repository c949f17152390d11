// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"

#include <QFile>

#include <memory>

namespace danube::app {

/// The master's data directory, claimed: one master at a time. The claim is the kernel's (flock), so it ends with the
/// process however that ends, and a volume that moves to another host brings no stale one along. In containers a lock
/// that goes by process and host name is wrong both ways: every master is process 1, and every pod another host.
class DataDirectory
{
public:
    /// Makes missing folders (0700) and takes the lock. One clear sentence for: missing parent, read-only, in use by
    /// another master (with its pid).
    static Result<DataDirectory> claim(const QString &path);

    QString database() const { return m_path + QStringLiteral("/danube.sqlite"); }
    QString masterKey() const { return m_path + QStringLiteral("/master.key"); }
    QString secretsVault() const { return m_path + QStringLiteral("/secrets.json"); }
    QString secretsKey() const { return m_path + QStringLiteral("/secrets.key"); }
    QString adminToken() const { return m_path + QStringLiteral("/admin.token"); }
    QString endpoints() const { return m_path + QStringLiteral("/endpoints.json"); }
    QString logs() const { return m_path + QStringLiteral("/logs"); }
    QString artifacts() const { return m_path + QStringLiteral("/artifacts"); }
    QString sources() const { return m_path + QStringLiteral("/sources"); }
    QString blueprint() const { return m_path + QStringLiteral("/blueprint"); }
    QString egressFlows() const { return m_path + QStringLiteral("/egress-flows.jsonl"); }
    QString jobs() const { return m_path + QStringLiteral("/jobs"); }

private:
    DataDirectory(QString path, std::unique_ptr<QFile> lock) : m_path(std::move(path)), m_lock(std::move(lock)) {}
    QString m_path;
    std::unique_ptr<QFile> m_lock; ///< open = held
};

} // namespace danube::app
