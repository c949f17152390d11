// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/kube/cell/failure.h"

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace danube::cell {

struct Bind
{
    std::string source; ///< directory or file outside
    std::string target; ///< absolute path inside; made when it is missing
    bool isReadOnly = false;
};

/// One process to start: the first of a new container (run), or one more of a running container (exec).
struct Options
{
    enum class Verb { Run, Exec, Check };
    Verb verb = Verb::Check;
    pid_t target = 0; ///< exec: the container's PID 1 as this PID namespace sees it
    pid_t parent = 0; ///< who must be alive for us to live; 0 = anybody
    int report = -1;  ///< descriptor for "pid N\n" and "failed SENTENCE\n"; closed when the command runs

    std::string image; ///< directory with the image's root file system
    std::string stage; ///< empty directory of this container's own
    std::string hostname;
    std::vector<Bind> binds;
    bool hasReadOnlyRoot = false;

    uid_t user = 0;
    gid_t group = 0;
    std::vector<gid_t> groups;
    std::uint64_t capabilities = 0; ///< bit n = capability n may be had
    bool forbidsNewPrivileges = false;
    bool hasTerminal = false; ///< stdin is a terminal that becomes the controlling one
    std::vector<std::string> environment;
    std::string directory = "/";
    std::vector<std::string> command;
};

/// usage: danube-cell run|exec|check [OPTION...] -- COMMAND ARGUMENT...   (see usage() in options.cpp)
Result<Options> readOptions(int argc, char **argv);
const char *usage();

} // namespace danube::cell
