// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/downloadsmodel.h"

#include "console/models/artifactsmodel.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::console {

bool isUnderWay(DownloadItem::State state)
{
    return state == DownloadItem::State::Waiting || state == DownloadItem::State::Running ||
           state == DownloadItem::State::Paused;
}

int percentOf(const DownloadItem &item)
{
    const qint64 total = toInt(item.artifact.size);
    if (item.state == DownloadItem::State::Done)
        return 100;
    return total <= 0 ? 0 : static_cast<int>(std::clamp<qint64>(item.received, 0, total) * 100 / total);
}

QString progressText(const DownloadItem &item)
{
    return DownloadsModel::tr("%1 of %2, %3 %")
        .arg(sizeText(item.received), sizeText(toInt(item.artifact.size)))
        .arg(percentOf(item));
}

QString stateWord(DownloadItem::State state)
{
    switch (state) {
    case DownloadItem::State::Waiting:
        return DownloadsModel::tr("waiting");
    case DownloadItem::State::Running:
        return DownloadsModel::tr("running");
    case DownloadItem::State::Paused:
        return DownloadsModel::tr("paused");
    case DownloadItem::State::Done:
        return DownloadsModel::tr("done, digest checked");
    case DownloadItem::State::Failed:
        break;
    }
    return DownloadsModel::tr("failed");
}

int DownloadsModel::rowOf(const QString &target) const
{
    const auto found = std::ranges::find(m_items, target, &DownloadItem::target);
    return found == m_items.end() ? -1 : static_cast<int>(found - m_items.begin());
}

int DownloadsModel::append(const DownloadItem &item)
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_items.append(item);
    endInsertRows();
    return row;
}

void DownloadsModel::update(int row, const DownloadItem &item)
{
    if (m_items[row] == item)
        return;
    m_items[row] = item;
    emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void DownloadsModel::remove(int row)
{
    beginRemoveRows({}, row, row);
    m_items.removeAt(row);
    endRemoveRows();
}

int DownloadsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_items.size());
}

int DownloadsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DownloadsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_items.size())
        return {};
    const DownloadItem &item = m_items[index.row()];
    if (role == PercentRole)
        return percentOf(item);
    if (role == StateRole)
        return static_cast<int>(item.state);
    if (role == Qt::ToolTipRole)
        return item.problem.isEmpty() ? QDir::toNativeSeparators(item.target) : item.problem;
    if (role == Qt::AccessibleTextRole)
        return text(item, index.column());
    if (role != Qt::DisplayRole)
        return {};
    return text(item, index.column());
}

QString DownloadsModel::text(const DownloadItem &item, int column) const
{
    switch (column) {
    case NameColumn:
        return QFileInfo(item.target).fileName();
    case ProgressColumn:
        return progressText(item);
    case StateColumn:
        return item.problem.isEmpty() ? stateWord(item.state) : u"%1: %2"_s.arg(stateWord(item.state), item.problem);
    case TargetColumn:
        return QDir::toNativeSeparators(QFileInfo(item.target).path());
    default:
        return {};
    }
}

QVariant DownloadsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn:
        return tr("Download");
    case ProgressColumn:
        return tr("Progress");
    case StateColumn:
        return tr("State");
    case TargetColumn:
        return tr("Folder");
    default:
        return {};
    }
}

} // namespace danube::console
