// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/kube/client.h"
#include "tests/unit/server/kube/kubefixture.h"

#include <QTest>

namespace danube::tests {

using namespace danube::kube;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

/// A client, and all that it was answered.
struct World
{
    explicit World(ClusterAccess access, ClientSettings settings = {.retryFirst = 5ms, .retryLimit = 20ms})
        : client(std::make_unique<Client>(std::make_shared<Credentials>(std::move(access)), std::move(settings)))
    {}
    Client::Answer take()
    {
        return [this](ApiResult<QJsonObject> answer) { answers.append(std::move(answer)); };
    }
    const ApiResult<QJsonObject> &ask(Request request)
    {
        const auto before = answers.size();
        client->send(std::move(request), client.get(), take());
        if (!QTest::qWaitFor([&] { return answers.size() > before; }, 20'000))
            qFatal("no answer");
        return answers.last();
    }
    std::unique_ptr<Client> client;
    QList<ApiResult<QJsonObject>> answers;
};

inline Request getPod()
{
    return requests::get(resources::pods, u"jobs"_s, u"x"_s);
}
inline Request createPod()
{
    return requests::create(resources::pods, u"jobs"_s, {{u"kind"_s, u"Pod"_s}});
}

} // namespace danube::tests
