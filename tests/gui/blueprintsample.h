// SPDX-License-Identifier: GPL-3.0-or-later
// A window whose master has a Blueprint with a few hosts, pipelines and refusals.
#pragma once

#include "console/app/pagehost.h"
#include "console/controllers/blueprintsession.h"
#include "console/controllers/egresssession.h"
#include "tests/gui/sample.h"
#include "tests/support/fakeblueprint.h"

namespace danube::tests {

inline constexpr char sampleConfig[] = R"({
   "kind": "Config",
   "apiVersion": "danube.dev/v1",
   "metadata": {"name": "global", "description": "What every job may reach"},
   "spec": {
      "x-owner": "build team",
      "egress_allowlist": [
         "packages.example.org",
         "*.cdn.example.com",
         "github.com",
         "mirror.cdn.example.com",
         "*example.net",
         "registry.danube-system"
      ],
      "egress_mode": "enforce",
      "retention": {"logs_days": 30, "x-note": "kept"},
      "observability": {}
   }
}
)";

inline constexpr char samplePipeline[] = R"({
  "apiVersion": "danube.dev/v1",
  "kind": "Pipeline",
  "metadata": {"name": "web-shop"},
  "spec": {
    "repository": "https://git.example.org/web-shop.git",
    "max_duration_seconds": 3600,
    "egress_allowlist": ["fonts.example.com"],
    "secrets": ["DEPLOY_TOKEN"],
    "worker": {"image": "debian:13"}
  }
}
)";

inline EgressRefusal sampleRefusal(const char *job, const char *host, quint16 port, qint64 count)
{
    EgressRefusal refusal;
    refusal.job = JobId(QString::fromLatin1(job));
    refusal.pipeline = QStringLiteral("web-shop");
    refusal.host = QString::fromLatin1(host);
    refusal.port = port;
    refusal.protocol = port == 0 ? QStringLiteral("DNS") : QStringLiteral("TCP");
    refusal.count = count;
    refusal.first = sampleNow - seconds(4000);
    refusal.last = sampleNow - seconds(300);
    return refusal;
}

class BlueprintSample : public Sample
{
public:
    FakeBlueprint blueprint{master};

    explicit BlueprintSample(console::ProfileKind kind = console::ProfileKind::Development) : m_kind(kind)
    {
        blueprint.move({{QStringLiteral("config.json"), sampleConfig},
                        {QStringLiteral("pipelines/web-shop.json"), samplePipeline}});
        blueprint.refusals = {sampleRefusal("job000002", "files.example.org", 443, 12),
                              sampleRefusal("job000003", "files.example.org", 0, 3),
                              sampleRefusal("job000003", "eu.files.example.org", 443, 2),
                              sampleRefusal("job000004", "telemetry.vendor.example", 443, 40),
                              sampleRefusal("job000004", "203.0.113.7", 22, 1)};
        blueprint.proposal = {QStringLiteral("files.example.org"), QStringLiteral("eu.files.example.org")};
        Pipeline pipeline;
        pipeline.name = QStringLiteral("web-shop");
        pipeline.repository = QStringLiteral("https://git.example.org/web-shop.git");
        pipeline.secrets = {QStringLiteral("DEPLOY_TOKEN")};
        master.setPipelines({pipeline});
    }

    /// Connects and opens a page of pages.h; the Blueprint is loaded then.
    template <class Made> Made *open(const QString &id)
    {
        if (!session) {
            window->show();
            session = connectWindow(m_kind).value();
            if (!QTest::qWaitFor([this] { return session->isLive(); }, 20'000))
                qWarning("the fake master is not live");
        }
        window->openPage(id);
        if (!QTest::qWaitFor([this] { return session->blueprint().workspace().isLoaded(); }, 20'000))
            qWarning("no Blueprint");
        return qobject_cast<Made *>(window->tabs()->currentWidget());
    }
    console::BlueprintWorkspace &workspace() { return session->blueprint().workspace(); }
    console::BlueprintDocument &config() { return *workspace().document(QStringLiteral("config.json")); }

    console::MasterSession *session = nullptr;

private:
    console::ProfileKind m_kind;
};

} // namespace danube::tests
