// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/descriptor.h"
#include "server/agent/systemerror.h"
#include "server/sandbox/options.h"

namespace danube::sandbox {

using agent::Descriptor;
using agent::SystemResult;

enum class Container { Coordinator, Worker };

/// The file system that a job sees: folders of the system and of `--show` read-only and through overlays, the job's own
/// folders at their own paths, new /proc, /dev, /run and /tmp, and nothing else of the host. An overlay has inodes of
/// its own, so the host's Unix sockets below it can be seen but refuse every connection, whoever asks.
///
/// Order: openFolders() while the paths can be reached, build() in a mount namespace of one's own, enter() in a copy of
/// it, by process 1 of a PID namespace.
class JobRoot
{
public:
    explicit JobRoot(const Options &options) : m_options(options) {}

    /// Takes hold of the job's folders and the visible ones. Needs rights over the present mount namespace.
    SystemResult<void> openFolders();
    SystemResult<void> build();
    /// Afterwards "/" is the job's.
    SystemResult<void> enter(Container container);

private:
    struct Folder
    {
        std::string path;
        Descriptor tree; ///< detached mount
    };
    SystemResult<void> open(std::vector<Folder> &folders, const std::string &path);
    SystemResult<void> showSystem();
    SystemResult<void> showVisible();
    SystemResult<void> makeDevices();
    SystemResult<void> makeTemporary();
    bool needsOwnTmp() const; ///< what is to be seen below /tmp needs a place that is not the job's folder
    SystemResult<void> attach(const Folder &folder, const std::string &place);

    const Options &m_options;
    std::vector<Folder> m_visible;
    std::vector<Folder> m_shared;
    std::vector<Folder> m_coordinator;
    std::vector<Folder> m_worker;
};

} // namespace danube::sandbox
