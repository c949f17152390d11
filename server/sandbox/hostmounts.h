// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace danube::sandbox {

/// Folders of the host that every job sees, in the order in which they are made.
std::vector<std::string> systemFolders();

/// Whether `path` is `folder` or lies below it.
bool isAtOrBelow(std::string_view path, std::string_view folder);

/// Mount points of /proc/self/mountinfo (`text`) that lie strictly below one of `folders` and hold files of a disk:
/// parents first, each once.
std::vector<std::string> mountsBelow(std::string_view text, const std::vector<std::string> &folders);

} // namespace danube::sandbox
