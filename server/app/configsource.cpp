// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/configsource.h"

#include "shared/core/readfile.h"

#include <QProcessEnvironment>

using namespace Qt::StringLiterals;

namespace danube::app {

Result<config::Config> ConfigSource::read() const
{
    QByteArray text;
    if (!m_path.isEmpty()) {
        auto read = readFile(m_path, 1_MiB);
        if (!read)
            return std::unexpected(read.error().in(u"configuration"_s));
        text = *std::move(read);
    }
    config::EnvironmentMap variables;
    const auto environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : environment.keys()) {
        if (name.startsWith("DANUBE_"_L1))
            variables.insert(name, environment.value(name));
    }
    return config::readConfig(text, m_path.isEmpty() ? u"defaults"_s : m_path, variables);
}

} // namespace danube::app
