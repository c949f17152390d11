// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/config.h"

namespace danube::app {

/// Where the configuration comes from, to be read at start and again at SIGHUP.
class ConfigSource
{
public:
    explicit ConfigSource(QString path) : m_path(std::move(path)) {} ///< empty = no file
    Result<config::Config> read() const;

private:
    QString m_path;
};

} // namespace danube::app
