// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "console/controllers/preferences.h"

#include <QObject>

namespace danube::console {

/// The preferences in force. set() writes them and tells everybody.
class PreferencesStore : public QObject
{
    Q_OBJECT
public:
    explicit PreferencesStore(QSettings &settings, QObject *parent = nullptr)
        : QObject(parent), m_settings(settings), m_value(Preferences::load(settings))
    {}
    const Preferences &value() const { return m_value; }
    void set(const Preferences &value)
    {
        if (std::exchange(m_value, value) == value)
            return;
        m_value.store(m_settings);
        emit changed();
    }

signals:
    void changed();

private:
    QSettings &m_settings;
    Preferences m_value;
};

} // namespace danube::console
