// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/app/configsource.h"

#include <QFile>
#include <QProcessEnvironment>

using namespace Qt::StringLiterals;

namespace danube::app {

Result<config::Config> ConfigSource::read() const
{
    QByteArray text;
    if (!m_path.isEmpty()) {
        QFile file(m_path);
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::Io, u"read configuration %1: %2"_s.arg(m_path, file.errorString()));
        text = file.read(1 << 20);
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
