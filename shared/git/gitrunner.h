// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QObject>
#include <QPointer>

#include <deque>

class QProcess;

namespace danube::git {

/// What lets git in at one host. It travels in the environment and in files of memory: never in argv, never on a disk.
struct Access
{
    QList<std::pair<QString, QString>> config; ///< such as http.<url>.extraHeader
    QString sshKeyPath;                        ///< then only this key is offered,
    QString knownHostsPath;                    ///< and only hosts of this file are believed
    std::shared_ptr<const void> held;          ///< keeps what the paths name alive
};

/// What a command waits for when many are asked at once.
enum class Lane {
    Local,  ///< this machine's disk
    Remote, ///< a host, which may say nothing until the timeout
    Upkeep, ///< may take an hour, and nobody waits for it
};

/// How many commands of each lane run at once. One host that hangs takes no place from the others.
struct Places
{
    int local = 2;
    int remote = 8;
    int ofHost = 2; ///< of those, at one host
    int upkeep = 1;
};

/// One run of git. Callers keep untrusted text out of option position ("--", "--end-of-options"); everything else that
/// makes git do more than it is asked is switched off by the runner (see hardening()).
struct Command
{
    QString what; ///< for messages, without credentials: "fetch https://example.org/a.git"
    QStringList arguments;
    QString directory;                         ///< working directory; must exist
    QStringList protocols;                     ///< transports git may use; empty = none
    QList<std::pair<QString, QString>> config; ///< more configuration; travels in the environment, not in argv
    Access access;                             ///< to the remote; none by default
    Lane lane = Lane::Local;
    QString host{};           ///< of Lane::Remote; whatever names it
    QByteArray input;         ///< standard input
    qint64 largestFile = 0;   ///< bytes; git is killed when it writes a larger one (a pack). 0 = no limit
    qint64 largestMemory = 0; ///< bytes of address space for git and each of its children; 0 = no limit
    milliseconds timeout{120'000};
};

struct Finished
{
    int exitCode = -1;
    QByteArray output;        ///< standard output, at most Runner::outputLimit
    QString complaint;        ///< git's first "fatal:" or "error:" line, credentials removed; empty when it said none
    bool saysDamaged = false; ///< see git::saysDamaged()
    bool isSuccess() const { return exitCode == 0; }
    bool isDamaged() const { return !isSuccess() && saysDamaged; }
};

/// Options and environment every git gets: no hooks, prompts, credential helpers, submodules, system or user
/// configuration. Pure.
QStringList hardening(const QStringList &arguments);
QStringList environment(const Command &command);
/// The ssh command for that access, quoted for the shell that git gives it to.
QString sshCommand(const Access &access);
/// The text with "user:password@" removed from every URL in it.
QString withoutCredentials(QString text);
/// The one line of git's stderr worth showing.
QString complaintOf(const QByteArray &standardError);
/// The error for a git that ran and refused: "<what>: <complaint>".
Error refusal(const Command &command, const Finished &finished);
/// Whether git complains of what is in the repository it works on: half written when the power went, say.
bool saysDamaged(const QByteArray &standardError);

/// Runs git in child processes, a bounded number of each lane at once, the rest in queues of at most `maxQueued` for a
/// lane or host (then ResourceExhausted). One thread. A git that takes longer than its timeout is killed with all its
/// children (Timeout). Destroying the runner kills what runs; callbacks are then never called, as when `context` is
/// gone. A git never outlives the thread that started it, not even when this process is killed.
class Runner : public QObject
{
    Q_OBJECT
public:
    using Done = std::move_only_function<void(Result<Finished>)>;
    static constexpr qint64 outputLimit = 4 << 20;

    explicit Runner(Places places = {}, int maxQueued = 256);
    ~Runner() override;

    void run(Command command, QObject *context, Done done);

private:
    struct Waiting
    {
        Command command;
        QPointer<QObject> context;
        Done done;
    };
    class Run;
    bool hasPlace(const Command &command) const;
    void startNext();
    void finish(Run *run, Result<Finished> result);

    Places m_places;
    int m_maxQueued;
    std::deque<Waiting> m_queue;
    std::vector<std::unique_ptr<Run>> m_running;
};

} // namespace danube::git
