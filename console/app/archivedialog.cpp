// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/archivedialog.h"

#include "console/app/icons.h"
#include "console/models/artifactsmodel.h"
#include "console/models/foreigntext.h"

#include <QDialogButtonBox>
#include <QFileInfo>
#include <QFontDatabase>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPromise>
#include <QSplitter>
#include <QThreadPool>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr qint64 shownBytes = 256 << 10;
constexpr int pathRole = Qt::UserRole;

/// Beside the window: an archive is read to its end.
template <class T> QFuture<T> inBackground(std::function<T()> work)
{
    auto promise = std::make_shared<QPromise<T>>();
    QThreadPool::globalInstance()->start([promise, work = std::move(work)] {
        promise->start();
        promise->addResult(work());
        promise->finish();
    });
    return promise->future();
}

bool looksLikeText(const QByteArray &bytes)
{
    return !bytes.contains('\0');
}

} // namespace

ArchiveDialog::ArchiveDialog(const QString &file, QWidget *parent)
    : QDialog(parent),
      m_file(file),
      m_tree(new QTreeWidget(this)),
      m_text(new QPlainTextEdit(this)),
      m_summary(new QLabel(tr("Looking inside…"), this))
{
    build();
    connect(m_tree, &QTreeWidget::currentItemChanged, this, &ArchiveDialog::showEntry);
    connect(&m_listing, &QFutureWatcherBase::finished, this, [this] { showList(m_listing.result()); });
    connect(&m_reading, &QFutureWatcherBase::finished, this, [this] {
        if (m_reading.future().resultCount() == 0)
            return; // of a folder nothing is read
        const auto bytes = m_reading.result();
        m_text->setPlainText(!bytes                  ? bytes.error().message
                             : looksLikeText(*bytes) ? QString::fromUtf8(*bytes)
                                                     : tr("This file is not text."));
    });
    m_listing.setFuture(
        inBackground<Result<ArchiveList>>([file, stop = m_stop.get_token()] { return listArchive(file, stop); }));
}

ArchiveDialog::~ArchiveDialog()
{
    m_stop.request_stop();
    m_stopReading.request_stop();
}

void ArchiveDialog::build()
{
    setWindowTitle(tr("Inside %1").arg(QFileInfo(m_file).fileName()));
    resize(820, 560);
    m_tree->setHeaderLabels({tr("Name"), tr("Size")});
    m_tree->setAccessibleName(tr("Content of the archive"));
    m_tree->setUniformRowHeights(true);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_text->setLayoutDirection(Qt::LeftToRight); // whatever the language
    m_text->setReadOnly(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setTabChangesFocus(true);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setPlaceholderText(tr("Select a file to see how it begins."));
    m_text->setAccessibleName(tr("Beginning of the file"));
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    auto *split = new QSplitter(this);
    split->setChildrenCollapsible(false);
    split->addWidget(m_tree);
    split->addWidget(m_text);
    split->setSizes({400, 400});
    split->handle(1)->setAccessibleName(tr("Border between list and text"));
    auto *box = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(split, 1);
    layout->addWidget(m_summary);
    layout->addWidget(box);
    connect(box, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void ArchiveDialog::showList(const Result<ArchiveList> &list)
{
    m_isListed = true;
    if (!list)
        return m_summary->setText(list.error().message);
    int leadOut = 0;
    QTreeWidgetItem root; // beside the tree, which would look at itself for each of 50 000 items
    for (const ArchiveEntry &entry : list->entries) {
        addEntry(root, entry);
        leadOut += entry.leadsOut ? 1 : 0;
    }
    m_tree->addTopLevelItems(root.takeChildren());
    if (m_tree->topLevelItemCount() == 1)
        m_tree->expandToDepth(0);
    QString text = tr("%n entries", nullptr, static_cast<int>(list->entries.size()));
    if (!list->isWhole)
        text = tr("%1, and more that are not shown").arg(text);
    if (leadOut > 0)
        text += u'\n' + tr("%n entries lead out of the archive: whoever unpacks it may overwrite other files.", nullptr,
                           leadOut);
    m_summary->setText(text);
    m_tree->setFocus(Qt::OtherFocusReason);
}

void ArchiveDialog::addEntry(QTreeWidgetItem &root, const ArchiveEntry &entry)
{
    const qsizetype slash = entry.path.lastIndexOf(u'/');
    QTreeWidgetItem *parent = m_folders.value(entry.path.first(std::max<qsizetype>(slash, 0)), &root);
    QString name = singleLine(entry.path.sliced(slash + 1));
    if (!entry.linkTarget.isEmpty())
        name = u"%1 → %2"_s.arg(name, singleLine(entry.linkTarget));
    auto *item = new QTreeWidgetItem(parent, {name, entry.isFolder ? QString() : sizeText(entry.size)});
    item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    item->setIcon(0, icon(entry.leadsOut ? u"warning"_s : entry.isFolder ? u"open-file"_s : u"file"_s));
    if (entry.leadsOut)
        item->setToolTip(0, tr("Leads out of the archive"));
    if (entry.isFolder)
        m_folders.insert(entry.path, item);
    else if (entry.linkTarget.isEmpty())
        item->setData(0, pathRole, entry.path);
}

void ArchiveDialog::showEntry(const QTreeWidgetItem *item)
{
    const QString path = item ? item->data(0, pathRole).toString() : QString();
    m_stopReading.request_stop();
    m_stopReading = std::stop_source();
    m_text->clear();
    m_reading.setFuture({});
    if (path.isEmpty())
        return;
    m_reading.setFuture(inBackground<Result<QByteArray>>([file = m_file, path, stop = m_stopReading.get_token()] {
        return readArchiveEntry(file, path, shownBytes, stop);
    }));
}

QString ArchiveDialog::summary() const
{
    return m_summary->text();
}

} // namespace danube::console
