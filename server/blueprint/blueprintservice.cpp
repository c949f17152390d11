// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/blueprintservice.h"

#include "shared/core/reply.h"

#include <QDir>
#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

Q_LOGGING_CATEGORY(blueprintLog, "danube.blueprint")

QString quoted(QString text)
{
    return u'"' + text.replace(u'"', u'\'') + u'"';
}

} // namespace

BlueprintService::BlueprintService(Settings settings, PipelineCatalog &catalog, GitCredentials &credentials,
                                   const Clock &clock)
    : m_settings(std::move(settings)), m_catalog(catalog), m_credentials(credentials), m_clock(clock)
{
    connect(&m_timer, &QTimer::timeout, this, &BlueprintService::poll);
}

BlueprintService::~BlueprintService() = default;

Result<source::Repository> BlueprintService::openRepository()
{
    const auto branch = source::parseReference(u"refs/heads/"_s + m_settings.branch);
    if (!branch || m_settings.branch.isEmpty() || m_settings.branch.startsWith(u'-'))
        return fail(ErrorCode::InvalidArgument,
                    u"config_repo.branch '%1': expected the name of a branch"_s.arg(m_settings.branch.left(80)));
    return source::parseRepository(m_settings.url, m_settings.allowedProtocols).transform_error([](const Error &error) {
        return error.in(u"config_repo.url"_s);
    });
}

void BlueprintService::access(const source::Repository &repository, QObject *context, Done<git::Access> done) const
{
    if (repository.protocol != "ssh"_L1 || m_settings.sshKeyPath.isEmpty())
        return m_credentials.accessTo(repository, context, std::move(done));
    git::Access access;
    access.sshKeyPath = QFileInfo(m_settings.sshKeyPath).absoluteFilePath();
    access.knownHostsPath = QFileInfo(m_settings.knownHostsPath).absoluteFilePath();
    Reply<Result<git::Access>>(context, std::move(done))(std::move(access));
}

Result<void> BlueprintService::start()
{
    const auto repository = openRepository();
    if (!repository)
        return std::unexpected(repository.error());
    if (!QDir().mkpath(m_settings.directory))
        return fail(ErrorCode::Io, u"make directory %1"_s.arg(m_settings.directory));
    QFile::setPermissions(m_settings.directory, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    m_status.repository = repository->shown;
    m_status.branch = m_settings.branch;
    m_status.path = m_settings.path;
    QStringList origin{repository->mirrorName, m_settings.branch, m_settings.path};
    // What was accepted when nobody had to sign is not what a restart may serve now.
    if (m_settings.signing.isRequired)
        origin.append(u"signed"_s);
    m_lastGood = std::make_unique<LastGood>(m_settings.directory + u"/active.json"_s, origin.join(u' '));
    m_repository = std::make_unique<ConfigRepository>(ConfigRepository::Settings{
        .repository = *repository,
        .branch = m_settings.branch,
        .path = m_settings.path,
        .directory = m_settings.directory + u"/mirror-"_s + repository->mirrorName.left(16),
        .timeout = m_settings.timeout,
        .limits = m_settings.limits,
        .signing = m_settings.signing,
        .access = [this, repository = *repository](QObject *context, Done<git::Access> done) {
            access(repository, context, std::move(done));
        }});
    applyKept();
    poll();
    if (m_settings.syncInterval > milliseconds(0))
        m_timer.start(m_settings.syncInterval);
    return {};
}

void BlueprintService::applyKept()
{
    const auto kept = m_lastGood->load();
    if (!kept)
        qCWarning(blueprintLog).noquote()
            << u"kept configuration unusable error=%1"_s.arg(quoted(kept.error().message));
    if (!kept || !*kept)
        return;
    auto options = m_settings.validation;
    options.alwaysSnapshot = true;
    const auto validation = validate((*kept)->files, options);
    m_active = *kept;
    m_snapshot = *validation.snapshot;
    m_status.activeCommit = m_active->commit;
    m_status.activeSince = m_active->appliedAt;
    m_catalog.replace(m_snapshot);
    m_credentials.set(m_snapshot.config.gitAuthentication);
    qCInfo(blueprintLog).noquote() << u"kept configuration in force commit=%1 pipelines=%2"_s.arg(m_active->commit)
                                          .arg(m_snapshot.pipelines.size());
}

Files BlueprintService::headFiles() const
{
    if (m_refused)
        return *m_refused;
    return m_active ? m_active->files : Files();
}

Result<void> BlueprintService::readiness() const
{
    if (m_active)
        return {};
    return fail(ErrorCode::Unavailable, describe(m_status));
}

void BlueprintService::poll()
{
    if (!m_lookQueued && m_syncing.empty())
        sync(this, [](const Result<BlueprintStatus> &) {});
}

void BlueprintService::sync(QObject *context, Done<BlueprintStatus> done)
{
    m_nextSync.push_back(Reply<Result<BlueprintStatus>>(context, std::move(done)));
    if (std::exchange(m_lookQueued, true))
        return;
    enqueue([this] { look(); });
}

void BlueprintService::enqueue(Step step)
{
    m_waiting.push_back(std::move(step));
    if (!m_busy)
        next();
}

void BlueprintService::next()
{
    m_busy = !m_waiting.empty();
    if (!m_busy)
        return;
    auto step = std::move(m_waiting.front());
    m_waiting.pop_front();
    step();
}

void BlueprintService::look()
{
    m_lookQueued = false;
    m_syncing = std::exchange(m_nextSync, {});
    m_status.lastAttempt = m_clock.wall();
    m_repository->fetch([this](Result<QString> head) { lookedAt(std::move(head)); });
}

void BlueprintService::lookedAt(Result<QString> head)
{
    if (!head)
        return finishLook(head.error());
    m_status.lastContact = m_clock.wall();
    if (m_settings.signing.isRequired)
        return checkHead(*head);
    // The same commit says the same: only a new one is read.
    if (*head == m_status.headCommit)
        return finishLook(std::nullopt);
    read(*head);
}

void BlueprintService::checkHead(const QString &head)
{
    // At every look: allowed_signers may have changed.
    m_repository->checkSignature(head, [this, head](Result<Signature> signature) {
        if (!signature)
            return finishLook(signature.error());
        const bool isKnown = head == m_status.headCommit && m_headSignature == *signature;
        const auto reason = whyNotTrusted(head, *signature);
        m_headSignature = std::move(*signature);
        if (isKnown)
            return finishLook(std::nullopt);
        if (!reason)
            return read(head);
        // The signature speaks for the whole tree: nothing of an unsigned one is read.
        conclude(head, std::nullopt,
                 {{{}, {}, {}, Severity::Error, *reason, u"sign it with a key of config_repo.allowed_signers"_s}});
        finishLook(std::nullopt);
    });
}

void BlueprintService::read(const QString &head)
{
    m_repository->read(head, [this, head](const Result<ReadTree> &tree) {
        if (!tree)
            return finishLook(tree.error());
        judge(head, *tree);
    });
}

void BlueprintService::judge(const QString &head, const ReadTree &tree)
{
    Validation validation;
    if (tree.findings.isEmpty())
        validation = validate(tree.files, m_settings.validation);
    else
        validation.findings = tree.findings;
    if (validation.snapshot) {
        if (auto applied = apply({head, m_clock.wall(), tree.files}, *validation.snapshot); !applied)
            return finishLook(applied.error());
    }
    conclude(head, validation.snapshot ? std::nullopt : std::optional(tree.files), std::move(validation.findings));
    finishLook(std::nullopt);
}

void BlueprintService::conclude(const QString &head, std::optional<Files> refused, QList<Finding> findings)
{
    m_refused = std::move(refused);
    m_status.headCommit = head;
    m_status.findings = std::move(findings);
    for (const Finding &finding : m_status.findings) {
        if (finding.severity == Severity::Error)
            qCWarning(blueprintLog).noquote()
                << u"commit refused commit=%1 finding=%2"_s.arg(head, quoted(describe(finding)));
    }
}

Result<void> BlueprintService::apply(ActiveBlueprint blueprint, const Snapshot &snapshot)
{
    // Durable first: a restart must never bring back what was in force before.
    if (auto stored = m_lastGood->store(blueprint); !stored)
        return stored;
    const auto changes = changesBetween(m_snapshot, snapshot);
    m_active = std::move(blueprint);
    m_snapshot = snapshot;
    m_status.activeCommit = m_active->commit;
    m_status.activeSince = m_active->appliedAt;
    m_catalog.replace(m_snapshot);
    m_credentials.set(m_snapshot.config.gitAuthentication);
    qCInfo(blueprintLog).noquote() << u"commit applied commit=%1 changes=%2 pipelines=%3"_s.arg(m_active->commit)
                                          .arg(changes.size())
                                          .arg(m_snapshot.pipelines.size());
    emit applied(m_snapshot, m_active->commit);
    return {};
}

void BlueprintService::finishLook(std::optional<Error> failure)
{
    if (failure && failure != m_status.failure)
        qCWarning(blueprintLog).noquote() << u"sync failed error=%1"_s.arg(quoted(failure->message));
    if (failure)
        m_headSignature.reset(); // not judged: the next look has to
    m_status.failure = std::move(failure);
    auto said = std::tuple(m_status.activeCommit, m_status.headCommit, m_status.failure, m_status.isRefused());
    if (std::exchange(m_said, said) != said)
        emit statusChanged();
    for (auto &done : std::exchange(m_syncing, {}))
        done(m_status);
    next();
}

Result<Plan> BlueprintService::plan(const FileChanges &changes) const
{
    Plan plan;
    Files files = m_active ? m_active->files : Files();
    plan.baseCommit = m_status.activeCommit;
    if (changes.size() > m_settings.limits.files)
        return fail(ErrorCode::InvalidArgument, u"files: more than %1"_s.arg(m_settings.limits.files));
    for (auto it = changes.begin(); it != changes.end(); ++it) {
        if (!isBlueprintFile(it.key()) || it.key().contains(QChar(0)))
            return fail(
                ErrorCode::InvalidArgument,
                u"files: '%1' is no file of a Blueprint (config.json, users.json, teams.json, pipelines/*.json)"_s.arg(
                    it.key().left(80)));
        if (*it)
            files.insert(it.key(), **it);
        else
            files.remove(it.key());
    }
    plan.validation = validate(files, m_settings.validation);
    if (plan.validation.snapshot)
        plan.changes = changesBetween(m_snapshot, *plan.validation.snapshot);
    return plan;
}

} // namespace danube::blueprint
