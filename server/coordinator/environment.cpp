// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/environment.h"

#include <QDir>
#include <QFile>

using namespace Qt::StringLiterals;

namespace danube::coordinator {
namespace {

/// Reads variables one by one and keeps the first complaint.
class Reader
{
public:
    explicit Reader(const QProcessEnvironment &variables) : m_variables(variables) {}

    QString text(const char *name) const { return m_variables.value(QString::fromLatin1(name)); }
    QString required(const char *name)
    {
        const auto value = text(name);
        if (value.isEmpty())
            refuse(name, u"is not set"_s);
        return value;
    }
    /// -1 when it is not set.
    int descriptor(const char *name)
    {
        const auto value = text(name);
        bool isNumber = false;
        const int number = value.toInt(&isNumber);
        if (!value.isEmpty() && (!isNumber || number <= 2))
            refuse(name, u"expected the number of a descriptor above 2, got '%1'"_s.arg(value));
        return isNumber ? number : -1;
    }
    QString absolute(const char *name)
    {
        const auto value = required(name);
        if (!value.startsWith(u'/'))
            refuse(name, u"expected an absolute path, got '%1'"_s.arg(value));
        return QDir::cleanPath(value);
    }
    void refuse(const char *name, const QString &why)
    {
        if (!m_error)
            m_error = Error{ErrorCode::InvalidArgument, QLatin1StringView(name) + u": "_s + why};
    }
    const std::optional<Error> &error() const { return m_error; }

private:
    const QProcessEnvironment &m_variables;
    std::optional<Error> m_error;
};

bool isCommit(const QString &text)
{
    const auto isHex = [](QChar c) { return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f'); };
    return text.size() == 40 && std::ranges::all_of(text, isHex);
}

bool leavesTree(const QString &path)
{
    return path.startsWith(u'/') || path.split(u'/').contains(".."_L1);
}

QProcessEnvironment scriptEnvironment(QProcessEnvironment variables)
{
    for (const auto &name : {u"DANUBE_TOKEN"_s, u"DANUBE_TOKEN_FILE"_s, u"DANUBE_RPC_URL"_s, u"DANUBE_RPC_DIALER_FD"_s,
                             u"DANUBE_PRIVATE_DIR"_s})
        variables.remove(name);
    if (!variables.contains(u"CI"_s))
        variables.insert(u"CI"_s, u"true"_s);
    return variables;
}

} // namespace

Result<Environment> readEnvironment(const QProcessEnvironment &variables)
{
    Reader reader(variables);
    Environment environment;
    environment.job = JobId(reader.required("DANUBE_JOB_ID"));
    if (variables.value(u"DANUBE_TOKEN"_s).isEmpty())
        environment.tokenFile = reader.absolute("DANUBE_TOKEN_FILE");
    else
        environment.token = Secret(variables.value(u"DANUBE_TOKEN"_s).toLatin1());
    environment.workspace = reader.absolute("DANUBE_WORKSPACE");
    environment.privateDirectory = reader.absolute("DANUBE_PRIVATE_DIR");
    environment.sdkDirectory = reader.absolute("DANUBE_SDK_DIR");
    environment.script = reader.required("DANUBE_SCRIPT");
    environment.repository = reader.required("DANUBE_REPOSITORY");
    environment.branch = reader.text("DANUBE_BRANCH");
    environment.commit = reader.required("DANUBE_COMMIT_SHA");
    if (leavesTree(environment.script))
        reader.refuse("DANUBE_SCRIPT", u"expected a path inside the repository, got '%1'"_s.arg(environment.script));
    if (!isCommit(environment.commit))
        reader.refuse("DANUBE_COMMIT_SHA", u"expected 40 hex digits, got '%1'"_s.arg(environment.commit));
    environment.rpcDialer = reader.descriptor("DANUBE_RPC_DIALER_FD");
    const auto url = reader.required("DANUBE_RPC_URL");
    if (reader.error())
        return std::unexpected(*reader.error());
    auto endpoint = parseRpcUrl(url);
    if (!endpoint)
        return std::unexpected(endpoint.error());
    environment.rpc = *endpoint;
    environment.forScript = scriptEnvironment(variables);
    return environment;
}

Result<Secret> readToken(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, u"read the job token %1: %2"_s.arg(path, file.errorString()));
    auto text = file.read(4097).trimmed();
    const auto isPrintable = [](char c) { return c > 0x20 && c < 0x7f; };
    if (text.isEmpty() || text.size() > 4096 || !std::ranges::all_of(text, isPrintable))
        return fail(ErrorCode::InvalidArgument,
                    u"read the job token %1: expected one line of 1 to 4096 printable characters"_s.arg(path));
    return Secret(std::move(text));
}

} // namespace danube::coordinator
