// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/streamslots.h"

namespace danube::console {

void StreamSlots::enter(QObject *who)
{
    const qsizetype place = m_line.indexOf(who);
    if (place == 0)
        return;
    if (place > 0)
        m_line.move(place, 0);
    else
        m_line.prepend(who);
    if (place < 0)
        connect(who, &QObject::destroyed, this, &StreamSlots::leave);
    emit turnsChanged();
}

void StreamSlots::leave(QObject *who)
{
    if (!m_line.removeOne(who))
        return;
    who->disconnect(this);
    emit turnsChanged();
}

bool StreamSlots::hasTurn(const QObject *who) const
{
    const auto place = std::find(m_line.begin(), m_line.end(), who);
    return place != m_line.end() && place - m_line.begin() < m_limit;
}

} // namespace danube::console
