// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/downloadspane.h"

#include "console/app/archivedialog.h"
#include "console/app/icons.h"
#include "console/app/page.h"
#include "console/app/progressdelegate.h"
#include "console/app/tablelook.h"
#include "console/controllers/downloadqueue.h"
#include "console/models/artifactsmodel.h"

#include <QDesktopServices>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::console {

using State = DownloadItem::State;

DownloadsPane::DownloadsPane(DownloadQueue &queue, QWidget *parent)
    : QWidget(parent), m_queue(queue), m_table(new QTableView(this)), m_note(emptyNote(*m_table))
{
    build();
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &DownloadsPane::refresh);
    const DownloadsModel *model = m_queue.model();
    connect(model, &QAbstractItemModel::dataChanged, this, &DownloadsPane::refresh);
    connect(model, &QAbstractItemModel::rowsRemoved, this, &DownloadsPane::refresh);
    connect(model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &, int row) {
        if (selectedRows().isEmpty())
            selectTableRow(*m_table, row); // so that its buttons are at hand
        refresh();
    });
    refresh();
}

void DownloadsPane::build()
{
    m_table->setModel(m_queue.model());
    dressTable(*m_table, tr("Downloads"),
               {{DownloadsModel::NameColumn, "firmware-image.tar.gz"},
                {DownloadsModel::ProgressColumn, "1 023.9 MiB of 2.0 GiB, 100 %"},
                {DownloadsModel::StateColumn, ""},
                {DownloadsModel::TargetColumn, "/home/someone/Downloads"}});
    m_table->setItemDelegateForColumn(DownloadsModel::ProgressColumn,
                                      new ProgressDelegate(DownloadsModel::PercentRole, this));
    m_note->setText(tr("Nothing is downloaded. Select artifacts above and choose Download."));
    m_note->setForegroundRole(QPalette::PlaceholderText);
    addButton("downloads.pause", u"paused"_s, tr("&Pause"));
    addButton("downloads.resume", u"follow"_s, tr("Res&ume"));
    addButton("downloads.remove", u"cancel"_s, tr("&Cancel or remove"));
    addButton("downloads.inside", u"find"_s, tr("Look &inside"));
    addButton("downloads.folder", u"open-file"_s, tr("&Open folder"));
    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(8, 6, 8, 6);
    buttons->setSpacing(6);
    for (const auto &[id, button] : m_buttons)
        buttons->addWidget(button);
    buttons->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_table, 1);
    layout->addLayout(buttons);
    setFocusProxy(m_table);
    connect(m_table, &QTableView::activated, this, &DownloadsPane::lookInside);
}

void DownloadsPane::addButton(const char *id, const QString &drawing, const QString &text)
{
    auto *button = new QPushButton(icon(drawing), text, this);
    m_buttons.append({QLatin1StringView(id), button});
    connect(button, &QPushButton::clicked, this, [this, id] { trigger(QLatin1StringView(id)); });
}

QList<int> DownloadsPane::selectedRows() const
{
    QList<int> rows;
    for (const QModelIndex &index : m_table->selectionModel()->selectedRows())
        rows.append(index.row());
    std::ranges::sort(rows, std::greater()); // so that removing one leaves the others where they are
    return rows;
}

const DownloadItem *DownloadsPane::single() const
{
    const QList<int> rows = selectedRows();
    return rows.size() == 1 ? &m_queue.model()->item(rows.first()) : nullptr;
}

QString DownloadsPane::whyNot(const QString &id) const
{
    const QList<int> rows = selectedRows();
    const auto any = [&](std::initializer_list<State> states) {
        return std::ranges::any_of(
            rows, [&](int row) { return std::ranges::find(states, m_queue.model()->item(row).state) != states.end(); });
    };
    if (rows.isEmpty())
        return tr("no download is selected");
    if (id == "downloads.pause"_L1 && !any({State::Running, State::Waiting}))
        return tr("nothing that is selected runs");
    if (id == "downloads.resume"_L1 && !any({State::Paused, State::Failed}))
        return tr("nothing that is selected is paused or failed");
    const bool needsOne = id == "downloads.inside"_L1 || id == "downloads.folder"_L1;
    if (needsOne && !single())
        return tr("select one download");
    if (id == "downloads.inside"_L1 && (single()->state != State::Done || !isArchive(single()->target)))
        return tr("select an archive that is downloaded");
    return {};
}

std::optional<ActionState> DownloadsPane::actionState(const QString &id) const
{
    if (std::ranges::none_of(m_buttons, [&](const auto &button) { return button.first == id; }))
        return std::nullopt;
    const QString why = whyNot(id);
    return ActionState{why.isEmpty(), why};
}

void DownloadsPane::trigger(const QString &id)
{
    if (!whyNot(id).isEmpty())
        return;
    if (id == "downloads.inside"_L1) {
        lookInside();
    } else if (id == "downloads.folder"_L1) {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(single()->target).path()));
    } else {
        for (const int row : selectedRows()) {
            if (id == "downloads.pause"_L1)
                m_queue.pause(row);
            else if (id == "downloads.resume"_L1)
                m_queue.resume(row);
            else
                m_queue.remove(row);
        }
    }
}

ArchiveDialog *DownloadsPane::lookInside()
{
    if (!whyNot(u"downloads.inside"_s).isEmpty())
        return nullptr;
    auto *dialog = new ArchiveDialog(single()->target, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
    return dialog;
}

void DownloadsPane::refresh()
{
    m_note->setVisible(m_queue.model()->rowCount() == 0);
    for (const auto &[id, button] : m_buttons) {
        const QString why = whyNot(id);
        button->setEnabled(why.isEmpty());
        button->setToolTip(why);
        button->setAccessibleDescription(why);
    }
    emit changed();
}

} // namespace danube::console
