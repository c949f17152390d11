// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/sandbox/options.h"

namespace danube::sandbox {

/// The first process of a job on this machine. Starts the guard and the keeper, and ends each with the other: a job
/// without its guard has no network and is ended, a guard without its job has nothing to do. It is killed at no loss:
/// both end with it.
///
/// Files in <job>/sandbox: `started` (made once: whoever finds it starts nothing), `end` (one sentence, when the job
/// had to be ended), guard.log; the folder is locked for as long as the warden lives.
///
/// The exit code. 0: both agents ended, or another warden has this job.
int runWarden(const Options &options);

/// Prints "ok", or the sentence that says what the kernel refuses, and gives 0 or 1.
int probe(const Options &options);

} // namespace danube::sandbox
