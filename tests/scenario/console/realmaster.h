// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/api/endpoint.h"
#include "shared/core/clock.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace danube::tests {

/// A danube-master of this build on ports of its own, with pipelines in git repositories made here. Ends with its
/// object.
class RealMaster
{
public:
    RealMaster();
    ~RealMaster();

    void addPipeline(const QString &name, const QByteArray &danubefile);
    void addExample(const QString &name); ///< of resources/examples
    /// The configuration comes from a bare git repository with these files (path → text). Call before start().
    void useRepository(const QMap<QString, QByteArray> &files);
    /// Somebody else commits to that repository.
    void commitElsewhere(const QString &file, const QByteArray &text);
    QByteArray fileInRepository(const QString &file, const QString &commit = QStringLiteral("main")) const;
    QByteArray git(const QStringList &arguments) const; ///< in the bare repository; what it printed
    bool start();                                       ///< again after kill(): on the same ports, with the same data
    void kill();                                        ///< SIGKILL
    api::Endpoint endpoint() const;
    QString url() const { return m_url; }
    QByteArray token() const;
    QString log() const; ///< what it said on stderr

private:
    void writeDocument(const QString &name, const QByteArray &document);
    void commit(const QString &repository);
    QString path(const QString &name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
    QProcess m_process;
    QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
    QString m_url;
};

namespace realmaster {

inline constexpr int processTimeout = 20'000; // milliseconds

inline void writeFile(const QString &path, const QByteArray &bytes, QFile::Permissions permissions = {})
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY2(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size(), qPrintable(path));
    if (permissions)
        file.setPermissions(permissions);
}

inline QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace realmaster

using namespace Qt::StringLiterals;

inline RealMaster::RealMaster()
{
    realmaster::writeFile(path(u"secrets.json"_s), R"({"DEPLOY_TOKEN":"dev-only-7d1f0c5e9b"})",
                          QFile::ReadOwner | QFile::WriteOwner);
    realmaster::writeFile(path(u"danube.toml"_s), QStringLiteral(R"([server]
bind_address = "127.0.0.1:0"
websocket_address = "127.0.0.1:0"
rpc_address = "127.0.0.1:0"
data_dir = "%1/data"
[config_repo]
directory = "%1/blueprint"
[secrets]
file = "%1/secrets.json"
[source]
protocols = ["file"]
)")
                                                      .arg(m_folder.path())
                                                      .toUtf8());
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardOutputFile(path(u"master.log"_s), QIODevice::Append);
}

inline RealMaster::~RealMaster()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(realmaster::processTimeout))
        kill();
}

inline void RealMaster::commit(const QString &repository)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"GIT_CONFIG_GLOBAL"_s, u"/dev/null"_s);
    for (const QString &who : {u"AUTHOR"_s, u"COMMITTER"_s}) {
        environment.insert(u"GIT_%1_NAME"_s.arg(who), u"t"_s);
        environment.insert(u"GIT_%1_EMAIL"_s.arg(who), u"t@example.org"_s);
    }
    for (const QStringList &command :
         {QStringList{u"init"_s, u"-q"_s, u"-b"_s, u"main"_s}, QStringList{u"add"_s, u"-A"_s},
          QStringList{u"commit"_s, u"-q"_s, u"-m"_s, u"sources"_s}}) {
        QProcess git;
        git.setWorkingDirectory(repository);
        git.setProcessEnvironment(environment);
        git.start(u"git"_s, command);
        QVERIFY2(git.waitForFinished(realmaster::processTimeout) && git.exitCode() == 0,
                 git.readAllStandardError().constData());
    }
}

inline void RealMaster::writeDocument(const QString &name, const QByteArray &document)
{
    realmaster::writeFile(path(u"blueprint/pipelines/%1.json"_s.arg(name)), document);
}

inline void RealMaster::addPipeline(const QString &name, const QByteArray &danubefile)
{
    const QString repository = path(u"repositories/"_s + name);
    realmaster::writeFile(repository + "/danubefile.py"_L1, danubefile);
    commit(repository);
    const QJsonObject spec{{u"repository"_s, u"file://"_s + repository}};
    writeDocument(name, QJsonDocument(QJsonObject{{u"apiVersion"_s, u"danube.dev/v1"_s},
                                                  {u"kind"_s, u"Pipeline"_s},
                                                  {u"metadata"_s, QJsonObject{{u"name"_s, name}}},
                                                  {u"spec"_s, spec}})
                            .toJson());
}

inline void RealMaster::addExample(const QString &name)
{
    const QString example = QStringLiteral(DANUBE_SOURCE_DIR "/resources/examples/") + name;
    const QString repository = path(u"repositories/"_s + name);
    QDirIterator files(example + "/repo"_L1, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString file = files.next();
        realmaster::writeFile(repository + file.mid((example + "/repo"_L1).size()), realmaster::readFile(file),
                              QFileInfo(file).permissions());
    }
    commit(repository);
    writeDocument(name, realmaster::readFile(example + "/pipeline.json"_L1)
                            .replace("${REPOSITORY}", ("file://" + repository.toUtf8())));
}

inline QByteArray RealMaster::git(const QStringList &arguments) const
{
    QProcess git;
    git.setWorkingDirectory(path(u"blueprint.git"_s));
    git.start(u"git"_s, arguments);
    if (!git.waitForFinished(realmaster::processTimeout) || git.exitCode() != 0)
        qWarning() << "git" << arguments << git.readAllStandardError();
    return git.readAllStandardOutput();
}

inline QByteArray RealMaster::fileInRepository(const QString &file, const QString &commit) const
{
    return git({u"show"_s, commit + u':' + file});
}

inline void RealMaster::useRepository(const QMap<QString, QByteArray> &files)
{
    const QString tree = path(u"tree"_s);
    for (const auto &[name, text] : files.asKeyValueRange())
        realmaster::writeFile(tree + u'/' + name, text);
    commit(tree);
    QProcess git;
    git.start(u"git"_s, {u"clone"_s, u"-q"_s, u"--bare"_s, tree, path(u"blueprint.git"_s)});
    QVERIFY2(git.waitForFinished(realmaster::processTimeout) && git.exitCode() == 0,
             git.readAllStandardError().constData());
    QByteArray toml = realmaster::readFile(path(u"danube.toml"_s));
    toml.replace(u"directory = \"%1/blueprint\""_s.arg(m_folder.path()).toUtf8(),
                 u"url = \"file://%1/blueprint.git\"\nsync_interval = \"1h\""_s.arg(m_folder.path()).toUtf8());
    realmaster::writeFile(path(u"danube.toml"_s), toml);
}

inline void RealMaster::commitElsewhere(const QString &file, const QByteArray &text)
{
    const QString other = path(u"other"_s);
    QDir(other).removeRecursively();
    QProcess clone;
    clone.start(u"git"_s, {u"clone"_s, u"-q"_s, path(u"blueprint.git"_s), other});
    QVERIFY2(clone.waitForFinished(realmaster::processTimeout) && clone.exitCode() == 0,
             clone.readAllStandardError().constData());
    realmaster::writeFile(other + u'/' + file, text);
    commit(other);
    QProcess push;
    push.setWorkingDirectory(other);
    push.start(u"git"_s, {u"push"_s, u"-q"_s, u"origin"_s, u"HEAD:main"_s});
    QVERIFY2(push.waitForFinished(realmaster::processTimeout) && push.exitCode() == 0,
             push.readAllStandardError().constData());
}

inline bool RealMaster::start()
{
    const QString endpoints = path(u"data/endpoints.json"_s);
    QFile::remove(endpoints);
    m_process.setProcessEnvironment(m_environment);
    m_process.start(QStringLiteral(DANUBE_BIN_DIR "/danube-master"), {u"--config"_s, path(u"danube.toml"_s)});
    if (!QTest::qWaitFor([&] { return QFile::exists(endpoints) || m_process.state() == QProcess::NotRunning; },
                         realmaster::processTimeout))
        return false;
    const QJsonObject addresses = QJsonDocument::fromJson(realmaster::readFile(endpoints)).object();
    m_url = addresses.value("http"_L1).toString();
    // As a Service's address would, these stay.
    m_environment.insert(u"DANUBE_SERVER_BIND_ADDRESS"_s, QUrl(m_url).authority());
    m_environment.insert(u"DANUBE_SERVER_RPC_ADDRESS"_s, QUrl(addresses.value("rpc"_L1).toString()).authority());
    return !m_url.isEmpty();
}

inline void RealMaster::kill()
{
    m_process.kill();
    m_process.waitForFinished(realmaster::processTimeout);
}

inline QByteArray RealMaster::token() const
{
    return realmaster::readFile(path(u"data/admin.token"_s)).trimmed();
}

inline api::Endpoint RealMaster::endpoint() const
{
    return api::endpointFromText(m_url, Secret(token())).value();
}

inline QString RealMaster::log() const
{
    return QString::fromUtf8(realmaster::readFile(path(u"master.log"_s)).right(3000));
}

} // namespace danube::tests
