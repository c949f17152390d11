// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/controllers/savedviews.h"

#include <QSettings>

using namespace Qt::StringLiterals;

namespace danube::console {

SavedViews::SavedViews(QSettings &settings, QObject *parent) : QObject(parent), m_settings(settings)
{
    const int count = std::min(m_settings.beginReadArray("views"_L1), mostViews);
    for (int i = 0; i < count; ++i) {
        m_settings.setArrayIndex(i);
        const QString name = m_settings.value("name"_L1).toString();
        if (!name.isEmpty())
            m_own.append({name, m_settings.value("filter"_L1).toString()});
    }
    m_settings.endArray();
}

QList<SavedView> SavedViews::all() const
{
    return QList<SavedView>{{tr("Running"), u"state:running"_s, true},
                            {tr("Failed today"), u"state:failed since:24h"_s, true},
                            {tr("Mine"), u"is:mine"_s, true},
                            {tr("Main branch"), u"branch:main"_s, true},
                            {tr("Watched"), u"is:watched"_s, true}} +
           m_own;
}

Result<void> SavedViews::save(const QString &name, const QString &filter)
{
    const QList<SavedView> known = all();
    const auto sameName = [&](const SavedView &view) { return view.name == name; };
    const auto found = std::find_if(known.begin(), known.end(), sameName);
    if (name.trimmed().isEmpty() || (found != known.end() && found->builtIn))
        return fail(ErrorCode::InvalidArgument,
                    tr("A view cannot be called \"%1\": that name is taken or empty.").arg(name));
    const auto own = std::find_if(m_own.begin(), m_own.end(), sameName);
    if (own != m_own.end())
        own->filter = filter;
    else if (m_own.size() < mostViews)
        m_own.append({name, filter});
    else
        return fail(ErrorCode::ResourceExhausted, tr("There are %1 views already. Remove one first.").arg(mostViews));
    store();
    return {};
}

void SavedViews::insert(qsizetype ownIndex, const SavedView &view)
{
    m_own.insert(std::clamp<qsizetype>(ownIndex, 0, m_own.size()), view);
    store();
}

qsizetype SavedViews::remove(const QString &name)
{
    const auto own = std::find_if(m_own.begin(), m_own.end(), [&](const SavedView &view) { return view.name == name; });
    if (own == m_own.end())
        return -1;
    const qsizetype index = own - m_own.begin();
    m_own.erase(own);
    store();
    return index;
}

void SavedViews::store()
{
    m_settings.remove("views"_L1);
    m_settings.beginWriteArray("views"_L1);
    for (int i = 0; i < int(m_own.size()); ++i) {
        m_settings.setArrayIndex(i);
        m_settings.setValue("name"_L1, m_own[i].name);
        m_settings.setValue("filter"_L1, m_own[i].filter);
    }
    m_settings.endArray();
    emit changed();
}

} // namespace danube::console
