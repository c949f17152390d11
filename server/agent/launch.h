// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/agent/linkmessages.h"

#include <sys/types.h>

/// From fork to exec of a step's main process.
namespace danube::agent {

enum class LaunchStage : std::uint8_t { Fork = 1, Limits = 2, Directory = 3, Execute = 4 };
/// 127 for a program that is not there, 126 for all else, like a shell.
int exitCodeOf(LaunchStage stage, int error);
/// "cannot run 'x': No such file or directory"
std::string describeLaunchFailure(LaunchStage stage, int error, const StepSpec &spec);

/// What the daemon changed for itself at its start and steps must not inherit.
struct ProcessDefaults
{
    std::uint64_t openFilesSoft = 1024;
    mode_t umask = 022;
    int passed = -1; ///< a descriptor that steps keep, under its number
};

struct LaunchPipes
{
    int standardOutput = -1;
    int standardError = -1;
    int failure = -1; ///< closed by a good exec; else carries LaunchStage and errno (5 bytes)
};

/// In the forked child: becomes the step. Own session, /dev/null as input, default signals, no other descriptors, no
/// capability that opens the agent's memory, killed when `supervisor` dies.
[[noreturn]] void becomeStep(const StepSpec &spec, const LaunchPipes &pipes, const ProcessDefaults &defaults,
                             pid_t supervisor);

/// The agent's environment (if inherited) with the spec's laid over it, as NAME=value.
std::vector<std::string> composeEnvironment(const StepSpec &spec, char *const *inherited);

/// Closes every descriptor from `first` on that is not in `keep` (ascending).
void closeDescriptorsFrom(int first, std::initializer_list<int> keep = {});
/// Takes SIGxxx back to their defaults and unblocks all.
void resetSignals();

} // namespace danube::agent
