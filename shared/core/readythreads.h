// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QThreadPool;

namespace danube {

/// Makes `count` threads of a new pool now and keeps them, so that none is to be made when a task comes: where the
/// limit of threads or of memory is reached, QThreadPool warns and forgets the task. Blocks until they run, a second at
/// most.
void makeThreadsReady(QThreadPool &pool, int count);

} // namespace danube
