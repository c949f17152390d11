// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/git/gitrunner.h"

#include <QDir>
#include <QProcess>
#include <QTest>
#include <QUrl>

namespace danube::tests {

/// A small working repository made by the git program, with fixed author and dates.
class GitRepository
{
public:
    explicit GitRepository(const QString &directory) : m_directory(directory)
    {
        QDir().mkpath(directory);
        if (!QDir(directory + QStringLiteral("/.git")).exists()) // else a copy of one
            git({QStringLiteral("init"), QStringLiteral("-q"), QStringLiteral("-b"), QStringLiteral("main")});
    }
    const QString &directory() const { return m_directory; }
    QString url() const { return QUrl::fromLocalFile(m_directory).toString(); }

    /// Writes the file, commits everything, gives the commit id.
    QString commit(const QString &file, const QByteArray &text)
    {
        const QString path = m_directory + u'/' + file;
        QDir().mkpath(QFileInfo(path).path());
        QFile written(path);
        if (!written.open(QIODevice::WriteOnly) || written.write(text) != text.size())
            qFatal("cannot write %s", qPrintable(path));
        written.close();
        return commitAll();
    }
    QString commitAll()
    {
        git({QStringLiteral("add"), QStringLiteral("-A")});
        git({QStringLiteral("commit"), QStringLiteral("-q"), QStringLiteral("--allow-empty"), QStringLiteral("-m"),
             QStringLiteral("change")});
        return git({QStringLiteral("rev-parse"), QStringLiteral("HEAD")});
    }
    QString git(const QStringList &arguments) const { return run(m_directory, arguments); }

    /// Runs git with a fixed identity and no user configuration; ends the test program when it fails.
    static QString run(const QString &directory, const QStringList &arguments)
    {
        QProcess process;
        auto environment = git::environment({});
        environment.removeIf([](const QString &entry) { return entry.startsWith(u"GIT_ALLOW_PROTOCOL"); });
        for (const char *who : {"AUTHOR", "COMMITTER"}) {
            environment << QStringLiteral("GIT_%1_NAME=Test").arg(QLatin1StringView(who))
                        << QStringLiteral("GIT_%1_EMAIL=test@example.org").arg(QLatin1StringView(who));
        }
        process.setEnvironment(environment);
        process.setWorkingDirectory(directory);
        process.start(QStringLiteral("git"), git::hardening(arguments));
        if (!process.waitForFinished(30'000) || process.exitCode() != 0)
            qFatal("git %s: %s", qPrintable(arguments.join(u' ')), process.readAllStandardError().constData());
        return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
    }

private:
    QString m_directory;
};

} // namespace danube::tests
