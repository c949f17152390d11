// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/git/gitrunner.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace danube::git {

QStringList hardening(const QStringList &arguments)
{
    // Command-line configuration wins over the repository's own, which a hostile tree or mirror might have written.
    // A fetch that cleans up first cannot say how long it takes: whoever wants that, asks for it (Lane::Upkeep).
    static const QStringList settings{u"core.hooksPath=/dev/null"_s,
                                      u"core.fsmonitor=false"_s,
                                      u"core.attributesFile=/dev/null"_s,
                                      u"core.excludesFile=/dev/null"_s,
                                      u"core.askPass=true"_s,
                                      u"core.autocrlf=false"_s,
                                      u"credential.helper="_s,
                                      u"submodule.recurse=false"_s,
                                      u"fetch.recurseSubmodules=false"_s,
                                      u"protocol.ext.allow=never"_s,
                                      u"gc.autoDetach=false"_s,
                                      u"maintenance.autoDetach=false"_s,
                                      u"gc.auto=0"_s,
                                      u"maintenance.auto=false"_s,
                                      u"advice.detachedHead=false"_s,
                                      u"init.defaultBranch=main"_s,
                                      u"http.lowSpeedLimit=1"_s,
                                      u"http.lowSpeedTime=60"_s,
                                      u"safe.directory=*"_s};
    QStringList all{u"--no-pager"_s, u"--literal-pathspecs"_s};
    for (const QString &setting : settings)
        all << u"-c"_s << setting;
    return all + arguments;
}

QString sshCommand(const Access &access)
{
    const auto quoted = [](QString text) { return u'\'' + text.replace(u"'"_s, u"'\\''"_s) + u'\''; };
    QString ssh = u"ssh -oBatchMode=yes"_s;
    if (!access.sshKeyPath.isEmpty())
        ssh += u" -oIdentitiesOnly=yes -oIdentityAgent=none -i "_s + quoted(access.sshKeyPath);
    if (!access.knownHostsPath.isEmpty())
        ssh += u" -oStrictHostKeyChecking=yes -oGlobalKnownHostsFile=/dev/null -oUserKnownHostsFile="_s +
               quoted(access.knownHostsPath);
    return ssh;
}

QStringList environment(const Command &command)
{
    QStringList all{u"LC_ALL=C.UTF-8"_s,
                    u"HOME=/nonexistent"_s,
                    u"GIT_CONFIG_NOSYSTEM=1"_s,
                    u"GIT_CONFIG_GLOBAL=/dev/null"_s,
                    u"GIT_ATTR_NOSYSTEM=1"_s,
                    u"GIT_TERMINAL_PROMPT=0"_s,
                    u"GIT_ASKPASS=true"_s,
                    u"SSH_ASKPASS=true"_s,
                    u"GIT_TEMPLATE_DIR="_s,
                    u"GIT_OPTIONAL_LOCKS=0"_s,
                    u"GIT_SSH_COMMAND="_s + sshCommand(command.access),
                    u"GIT_ALLOW_PROTOCOL="_s + command.protocols.join(u':')};
    for (const char *name : {"PATH", "TMPDIR", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR", "http_proxy",
                             "https_proxy", "no_proxy", "HTTPS_PROXY", "NO_PROXY"}) {
        if (qEnvironmentVariableIsSet(name))
            all << QLatin1StringView(name) + u'=' + qEnvironmentVariable(name);
    }
    const auto config = command.config + command.access.config;
    all << u"GIT_CONFIG_COUNT=%1"_s.arg(config.size());
    for (qsizetype i = 0; i < config.size(); ++i) {
        all << u"GIT_CONFIG_KEY_%1="_s.arg(i) + config[i].first;
        all << u"GIT_CONFIG_VALUE_%1="_s.arg(i) + config[i].second;
    }
    return all;
}

QString withoutCredentials(QString text)
{
    static const QRegularExpression userInfo(u"([A-Za-z][A-Za-z0-9+.-]*://)[^/\\s'\"]*@"_s);
    return text.replace(userInfo, u"\\1"_s);
}

QString complaintOf(const QByteArray &standardError)
{
    // What went wrong comes first; "Could not read from remote repository" and advice follow.
    QString complaint;
    QString fallback;
    const auto lines = QString::fromUtf8(standardError).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        const QString text = line.section(u'\r', -1).trimmed();
        if (complaint.isEmpty() && (text.startsWith("fatal: "_L1) || text.startsWith("error: "_L1)))
            complaint = text.mid(7);
        else if (!text.isEmpty() && !text.startsWith("hint:"_L1))
            fallback = text;
    }
    return withoutCredentials(complaint.isEmpty() ? fallback : complaint).left(400);
}

bool saysDamaged(const QByteArray &standardError)
{
    // As git 2.39 to 2.47 says it of files without bytes and with others; what a remote says begins with "remote: ".
    static const QByteArrayList signs{"bad object",
                                      "is corrupt",
                                      "is empty",
                                      "reference broken",
                                      "unexpected line in",
                                      "unterminated line in",
                                      "not a git repository (",
                                      "unknown object type",
                                      "did not send all necessary objects"};
    const auto isSign = [](const QByteArray &line) {
        return (line.startsWith("fatal: ") || line.startsWith("error: ")) &&
               std::ranges::any_of(signs, [&line](const QByteArray &sign) { return line.contains(sign); });
    };
    return std::ranges::any_of(standardError.split('\n'), isSign);
}

Error refusal(const Command &command, const Finished &finished)
{
    const QString &said = finished.complaint;
    const auto says = [&said](QLatin1StringView part) { return said.contains(part, Qt::CaseInsensitive); };
    if (says("died of signal 25"_L1)) // SIGXFSZ
        return {ErrorCode::ResourceExhausted,
                command.what + u": more than %1 MiB at once"_s.arg(command.largestFile >> 20)};
    if (command.largestMemory > 0 && (says("out of memory"_L1) || says("cannot allocate memory"_L1)))
        return {ErrorCode::ResourceExhausted,
                command.what + u": needs more than %1 MiB of memory"_s.arg(command.largestMemory >> 20)};
    const bool isMissing = says("not found"_L1) || says("does not exist"_L1) || says("couldn't find remote ref"_L1) ||
                           says("does not appear to be a git repository"_L1) || says("not our ref"_L1);
    const auto reason = said.isEmpty() ? u"git ended with exit code %1"_s.arg(finished.exitCode) : said;
    return {isMissing ? ErrorCode::NotFound : ErrorCode::Unavailable, command.what + u": "_s + reason};
}

} // namespace danube::git
