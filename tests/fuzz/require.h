// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdlib>

/// What a fuzz target holds: else it is broken, and the fuzzer keeps the input.
inline void require(bool condition)
{
    if (!condition)
        std::abort();
}
