// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace danube::tests {

/// Whether a sanitizer keeps freed memory (quarantine, shadow): figures of resident memory say nothing then, so a test
/// leaves that one figure out.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool keepsFreedMemory = true;
#else
inline constexpr bool keepsFreedMemory = false;
#endif

} // namespace danube::tests
