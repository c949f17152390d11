// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/blueprintservice.h"

#include "shared/core/reply.h"

#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace danube::blueprint {
namespace {

constexpr qsizetype maxMessage = 10'000;

Q_LOGGING_CATEGORY(blueprintLog, "danube.blueprint")

Result<void> check(const CommitRequest &request)
{
    if (!source::isCommitId(request.baseCommit))
        return fail(ErrorCode::InvalidArgument, u"base_commit: expected a commit id of 40 hexadecimal digits"_s);
    if (request.message.trimmed().isEmpty() || request.message.size() > maxMessage)
        return fail(ErrorCode::InvalidArgument, u"message: expected 1 to %1 characters"_s.arg(maxMessage));
    if (request.files.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"files: expected at least one"_s);
    for (const QString &path : request.files.keys()) {
        if (!isBlueprintFile(path) || path.contains(QChar(0)) || path.contains(u'\n') || path.contains("/.."_L1))
            return fail(ErrorCode::InvalidArgument, u"files: '%1' is no file of a Blueprint"_s.arg(path.left(80)));
    }
    return {};
}

} // namespace

/// One commit under way.
struct BlueprintService::Operation
{
    CommitRequest request;
    Done<CommitAnswer> done;
    QList<Finding> findings;
};

void BlueprintService::commit(CommitRequest request, QObject *context, Done<CommitAnswer> done)
{
    auto operation = std::make_shared<Operation>(
        std::move(request), Reply<Result<CommitAnswer>>(context, std::move(done)), QList<Finding>());
    auto allowed = m_settings.mayPush
                       ? check(operation->request)
                       : fail(ErrorCode::PermissionDenied, u"config_repo.push is off: commit to the repository"_s);
    if (allowed && !m_settings.signing.canCommit())
        allowed = fail(ErrorCode::Conflict, u"config_repo.require_signed is set and config_repo.signing_key_path names "
                                            "no key: commit, sign and push with git"_s);
    if (allowed && std::ssize(m_waiting) >= maxWaiting)
        allowed = fail(ErrorCode::ResourceExhausted, u"%1 commits are waiting already"_s.arg(maxWaiting));
    if (!allowed)
        return operation->done(std::unexpected(allowed.error()));
    enqueue([this, operation] { compareBase(operation); });
}

void BlueprintService::compareBase(const std::shared_ptr<Operation> &operation)
{
    m_repository->fetch([this, operation](Result<QString> head) {
        if (!head)
            return answer(operation, std::unexpected(head.error()));
        if (*head != operation->request.baseCommit)
            return answerMoved(operation);
        if (m_settings.signing.isRequired)
            return checkBase(operation);
        readBase(operation);
    });
}

void BlueprintService::checkBase(const std::shared_ptr<Operation> &operation)
{
    // Our signature on top would speak for what somebody unknown has pushed.
    const auto &base = operation->request.baseCommit;
    m_repository->checkSignature(base, [this, operation](const Result<Signature> &signature) {
        if (!signature)
            return answer(operation, std::unexpected(signature.error()));
        if (const auto reason = whyNotTrusted(operation->request.baseCommit, *signature))
            return answer(operation, fail(ErrorCode::Conflict, u"base_commit: "_s + *reason));
        readBase(operation);
    });
}

void BlueprintService::readBase(const std::shared_ptr<Operation> &operation)
{
    m_repository->read(operation->request.baseCommit, [this, operation](const Result<ReadTree> &tree) {
        if (!tree)
            return answer(operation, std::unexpected(tree.error()));
        judgeCommit(operation, *tree);
    });
}

void BlueprintService::judgeCommit(const std::shared_ptr<Operation> &operation, const ReadTree &tree)
{
    const CommitRequest &request = operation->request;
    if (hasErrors(tree.findings))
        return answer(operation, CommitAnswer{{}, tree.findings});
    Files files = tree.files;
    QList<FileChange> changes;
    for (auto it = request.files.begin(); it != request.files.end(); ++it) {
        const bool isSame = *it ? files.value(it.key()) == **it && files.contains(it.key()) : !files.contains(it.key());
        if (isSame)
            continue;
        changes.append({it.key(), *it});
        if (*it)
            files.insert(it.key(), **it);
        else
            files.remove(it.key());
    }
    if (changes.isEmpty())
        return answer(operation, fail(ErrorCode::InvalidArgument, u"files: the branch says all of this already"_s));
    // What no look would read must not reach the branch: from then on only git could mend it.
    qint64 bytes = 0;
    for (const QByteArray &text : std::as_const(files))
        bytes += text.size();
    if (const auto refused = whyTooMuch(files.size(), bytes, m_settings.limits))
        return answer(operation, CommitAnswer{{}, {*refused}});
    const auto validation = validate(files, m_settings.validation);
    operation->findings = validation.findings;
    if (!validation.isAccepted())
        return answer(operation, CommitAnswer{{}, operation->findings});
    const auto seconds = std::chrono::floor<std::chrono::seconds>(m_clock.wall()).time_since_epoch().count();
    m_repository->write(request.baseCommit, std::move(changes), request.message, request.author, seconds,
                        [this, operation](Result<QString> commit) {
                            if (!commit)
                                return answer(operation, std::unexpected(commit.error()));
                            push(operation, *commit);
                        });
}

void BlueprintService::push(const std::shared_ptr<Operation> &operation, const QString &commit)
{
    m_repository->push(commit, [this, operation, commit](Result<void> pushed) {
        if (!pushed && pushed.error().code == ErrorCode::Conflict)
            return answerMoved(operation);
        if (!pushed)
            return answer(operation, std::unexpected(pushed.error()));
        qCInfo(blueprintLog).noquote() << u"committed commit=%1 author=\"%2\" files=%3"_s
                                              .arg(commit, operation->request.author.name)
                                              .arg(operation->request.files.size());
        // In force when the caller hears of it. Should the look fail, the commit stands all the same.
        sync(this, [operation, commit](const Result<BlueprintStatus> &) {
            operation->done(CommitAnswer{commit, operation->findings});
        });
        next();
    });
}

// The caller needs the new base, and its files at GET blueprint?of=head: so the branch is looked at first.
void BlueprintService::answerMoved(const std::shared_ptr<Operation> &operation)
{
    sync(this, [this, operation](const Result<BlueprintStatus> &) {
        operation->done(fail(ErrorCode::Conflict,
                             u"branch %1 is at commit %2 now, not at %3: look at what changed and "
                             "try again"_s.arg(m_settings.branch, m_status.headCommit, operation->request.baseCommit)));
    });
    next();
}

void BlueprintService::answer(const std::shared_ptr<Operation> &operation, Result<CommitAnswer> result)
{
    operation->done(std::move(result));
    next();
}

} // namespace danube::blueprint
