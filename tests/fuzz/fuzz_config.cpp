// SPDX-License-Identifier: GPL-3.0-or-later
// A hostile danube.toml, and the same text in every variable of the environment: a configuration or one sentence.
#include "server/config/setting.h"

using namespace danube;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const QString file = QStringLiteral("danube.toml");
    const auto fromFile = config::readConfig(text, file, {});
    if (!fromFile && fromFile.error().message.isEmpty())
        abort();
    config::EnvironmentMap environment;
    for (const auto table : config::settingTables()) {
        for (const config::Setting &setting : table) {
            QString name = QStringLiteral("DANUBE_") + QString::fromLatin1(setting.key).toUpper();
            environment = {{name.replace(u'.', u'_'), QString::fromUtf8(text)}};
            const auto fromEnvironment = config::readConfig({}, file, environment);
            if (!fromEnvironment && fromEnvironment.error().message.isEmpty())
                abort();
        }
    }
    return 0;
}
