// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kube/standinprocess.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;

namespace danube::tests {
namespace {

constexpr milliseconds patience{30'000};
const kube::ResourceType namespaces{{}, u"v1"_s, u"namespaces"_s, u"Namespace"_s};

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Result<std::shared_ptr<kube::Credentials>> readCredentials(const QString &path)
{
    return kube::readKubeconfig({readFile(path), path, {}}, kube::InsecureTls::Refused)
        .transform([](kube::ClusterAccess access) { return std::make_shared<kube::Credentials>(std::move(access)); });
}

} // namespace

StandInProcess::StandInProcess(const QJsonObject &images)
{
    QFile table(m_directory.filePath(u"images.json"_s));
    if (table.open(QIODevice::WriteOnly))
        table.write(QJsonDocument(images).toJson());
    table.close();
    const QString state = m_directory.filePath(u"state"_s);
    m_process.setWorkingDirectory(QStringLiteral(DANUBE_KUBE_SUPPORT_DIR));
    m_process.setStandardErrorFile(m_directory.filePath(u"log"_s));
    m_process.setStandardOutputFile(QProcess::nullDevice());
    m_process.start(u"python3"_s, {u"-B"_s, u"-m"_s, u"standin"_s, u"--state"_s, state, u"--images"_s, table.fileName(),
                                   u"--cell"_s, QStringLiteral(DANUBE_CELL)});
    const QDeadlineTimer deadline(patience);
    while (!QFile::exists(state + u"/endpoint.json"_s)) {
        if (m_process.waitForFinished(20) || m_process.state() == QProcess::NotRunning || deadline.hasExpired()) {
            m_failure = u"the stand-in cluster did not start: "_s +
                        QString::fromUtf8(readFile(m_directory.filePath(u"log"_s)).right(2000));
            return;
        }
    }
    const auto administrator = readCredentials(state + u"/kubeconfig"_s);
    const auto master = readCredentials(state + u"/kubeconfig-master"_s);
    if (!administrator || !master) {
        m_failure = administrator ? master.error().message : administrator.error().message;
        return;
    }
    m_client = std::make_unique<kube::Client>(*administrator, kube::ClientSettings());
    m_master = *master;
}

StandInProcess::~StandInProcess()
{
    m_client.reset();
    m_process.terminate();
    if (!m_process.waitForFinished(20'000)) {
        m_process.kill();
        m_process.waitForFinished(5'000);
    }
}

std::unique_ptr<kube::Client> StandInProcess::newClient(kube::ClientSettings settings) const
{
    return std::make_unique<kube::Client>(m_master, std::move(settings));
}

kube::ApiResult<QJsonObject> StandInProcess::send(kube::Request request)
{
    std::optional<kube::ApiResult<QJsonObject>> given;
    QObject context;
    m_client->send(std::move(request), &context, [&given](const auto &answer) { given = answer; });
    std::ignore = QTest::qWaitFor([&given] { return given.has_value(); }, QDeadlineTimer(patience));
    if (!given)
        return std::unexpected(kube::ApiError());
    const bool isNews = !*given && given->error().kind != kube::ApiError::Kind::Protocol; // "null" is an answer, too
    if (isNews)
        qWarning().noquote() << "stand-in:" << given->error().message;
    return *given;
}

QString StandInProcess::prepare()
{
    if (!m_failure.isEmpty())
        return m_failure;
    QProcess kubectl;
    kubectl.setProcessChannelMode(QProcess::MergedChannels);
    kubectl.start(u"kubectl"_s, {u"--kubeconfig"_s, m_directory.filePath(u"state/kubeconfig"_s), u"apply"_s, u"-k"_s,
                                 QStringLiteral(DANUBE_ACCESS_DIR)});
    if (!kubectl.waitForFinished(60'000) || kubectl.exitCode() != 0)
        return u"kubectl apply: "_s + kubectl.errorString() + u' ' + QString::fromUtf8(kubectl.readAll());
    const QJsonObject labels{{u"pod-security.kubernetes.io/enforce"_s, u"restricted"_s}};
    const auto labelled = send(kube::requests::mergePatch(namespaces, {}, u"danube-jobs"_s,
                                                          {{u"metadata"_s, QJsonObject{{u"labels"_s, labels}}}}));
    return labelled ? QString() : labelled.error().message;
}

QJsonObject StandInProcess::post(const QString &path, const QJsonObject &body)
{
    kube::Request request;
    request.method = "POST";
    request.path = path;
    request.contentType = "application/json";
    request.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    return send(request).value_or(QJsonObject());
}

int StandInProcess::fault(const QJsonObject &fault)
{
    return post(u"/standin/faults"_s, fault)["ids"_L1][0].toInt();
}

void StandInProcess::heal()
{
    kube::Request request;
    request.method = "DELETE";
    request.path = u"/standin/faults"_s;
    std::ignore = send(request);
}

QJsonObject StandInProcess::act(const QString &action, const QJsonObject &more)
{
    QJsonObject body = more;
    body.insert(u"action"_s, action);
    return post(u"/standin/act"_s, body);
}

QJsonArray StandInProcess::list(const kube::ResourceType &type, const QString &nameSpace)
{
    return send(kube::requests::list(type, nameSpace)).value_or(QJsonObject())["items"_L1].toArray();
}

std::optional<QJsonObject> StandInProcess::get(const kube::ResourceType &type, const QString &nameSpace,
                                               const QString &name)
{
    for (const QJsonValue &item : list(type, nameSpace)) {
        if (item["metadata"_L1]["name"_L1].toString() == name)
            return item.toObject();
    }
    return {};
}

void StandInProcess::remove(const kube::ResourceType &type, const QString &nameSpace, const QString &name,
                            seconds grace)
{
    std::ignore = send(kube::requests::remove(type, nameSpace, name, grace));
}

QJsonObject StandInProcess::counts()
{
    kube::Request request;
    request.method = "GET";
    request.path = u"/standin/counts"_s;
    return send(request).value_or(QJsonObject());
}

QString StandInProcess::volume(const QString &podUid, const QString &name) const
{
    const QString path = u"%1/pods/%2/volumes/%3"_s.arg(m_directory.filePath(u"state"_s), podUid, name);
    return !podUid.isEmpty() && QFile::exists(path) ? path : QString();
}

} // namespace danube::tests
