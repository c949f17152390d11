// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/connectiontestdialog.h"

#include "console/app/icons.h"

#include <QApplication>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QListView>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

/// A step: icon and colour of its state; the sentence wraps.
class TestStepDelegate : public QStyledItemDelegate
{
public:
    TestStepDelegate(const ThemeColors &colors, QObject *parent) : QStyledItemDelegate(parent), m_colors(colors) {}

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->features |= QStyleOptionViewItem::HasDecoration | QStyleOptionViewItem::WrapText;
        option->decorationSize = {16, 16};
        const auto paint = [option](const QString &name, const QColor &color) {
            option->icon = icon(name, color);
            option->palette.setColor(QPalette::Text, color);
        };
        switch (index.data(ConnectionTest::StateRole).value<ConnectionTest::State>()) {
        case ConnectionTest::State::Waiting:
            return paint(u"state-queued"_s, m_colors.muted);
        case ConnectionTest::State::Running:
            return paint(u"state-running"_s, m_colors.running);
        case ConnectionTest::State::Passed:
            return paint(u"state-success"_s, m_colors.success);
        case ConnectionTest::State::Failed:
            return paint(u"state-failure"_s, m_colors.failure);
        case ConnectionTest::State::Skipped:
            return paint(u"state-cancelled"_s, m_colors.muted);
        }
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QSize size = QStyledItemDelegate::sizeHint(option, index);
        size.setHeight(size.height() + 8);
        return size;
    }

private:
    const ThemeColors &m_colors;
};

} // namespace

ConnectionTestDialog::ConnectionTestDialog(const Profile &profile, Secret token, const ThemeColors &colors,
                                           QWidget *parent)
    : QDialog(parent), m_test(profile, std::move(token)), m_list(new QListView(this))
{
    setWindowTitle(tr("Test connection to %1").arg(profile.name));
    m_list->setModel(&m_test);
    m_list->setItemDelegate(new TestStepDelegate(colors, this));
    m_list->setSelectionMode(QAbstractItemView::NoSelection);
    m_list->setWordWrap(true);
    m_list->setResizeMode(QListView::Adjust);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Steps of the test"));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton *copy = buttons->addButton(tr("C&opy"), QDialogButtonBox::ActionRole);
    copy->setAutoDefault(false); // Return closes
    connect(copy, &QPushButton::clicked, this, [this] { QApplication::clipboard()->setText(m_test.toText()); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_list, 1);
    layout->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 90, fontMetrics().height() * 22);
    QMetaObject::invokeMethod(&m_test, &ConnectionTest::start, Qt::QueuedConnection);
}

} // namespace danube::console
