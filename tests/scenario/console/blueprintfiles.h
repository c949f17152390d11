// SPDX-License-Identifier: GPL-3.0-or-later
// Files of a Blueprint, apart from the test that uses them: moc stumbles over raw texts with slashes in them.
#pragma once

namespace danube::tests {

inline constexpr char handWritten[] = R"({
   "kind": "Config",
   "apiVersion": "danube.dev/v1",
   "metadata": {"name": "global"},
   "spec": {
      "x-owner" : "build team",
      "egress_allowlist": [
         "packages.example.org",
         "github.com"
      ],
      "retention": { "logs_days":30 }
   }
}
)";

inline constexpr char pipeline[] = R"({"apiVersion": "danube.dev/v1", "kind": "Pipeline", "metadata": {"name": "web"},
 "spec": {"repository": "https://git.example.org/web.git", "worker": {"image": "debian:13"}}}
)";

} // namespace danube::tests
