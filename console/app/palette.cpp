// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/palette.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int margin = 8;
constexpr int widest = 680;

/// Title where lines begin, hint in secondary colour where they end.
class EntryDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const bool selected = option.state & QStyle::State_Selected;
        painter->save();
        painter->setPen(option.palette.color(selected ? QPalette::HighlightedText : QPalette::PlaceholderText));
        painter->drawText(option.rect.adjusted(margin, 0, -margin, 0), Qt::AlignRight | Qt::AlignVCenter,
                          option.fontMetrics.elidedText(index.data(PaletteModel::HintRole).toString(), Qt::ElideRight,
                                                        option.rect.width() / 2));
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        return {QStyledItemDelegate::sizeHint(option, index).width(), option.fontMetrics.height() + margin};
    }
};

} // namespace

Palette::Palette(PaletteModel &model, QWidget *window)
    : QFrame(window), m_model(model), m_line(new QLineEdit(this)), m_list(new QListView(this))
{
    setFrameShape(QFrame::NoFrame);
    m_line->setPlaceholderText(tr("Find anything: > action, # job, @ profile, : line"));
    m_line->setAccessibleName(tr("Find anything"));
    m_line->setClearButtonEnabled(true);
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new EntryDelegate(this));
    m_list->setAccessibleName(tr("What was found"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setIconSize({16, 16});
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(margin, margin, margin, margin);
    layout->addWidget(m_line);
    layout->addWidget(m_list, 1);
    m_line->installEventFilter(this);
    window->installEventFilter(this);
    connect(m_line, &QLineEdit::textChanged, this, &Palette::search);
    connect(m_line, &QLineEdit::returnPressed, this, [this] { run(m_list->currentIndex()); });
    connect(m_list, &QListView::clicked, this, &Palette::run);
    hide();
}

void Palette::open(const QString &text)
{
    m_before = QApplication::focusWidget();
    m_line->setText(text);
    search();
    place();
    show();
    raise();
    m_line->setFocus(Qt::ShortcutFocusReason);
}

void Palette::place()
{
    const QRect window = parentWidget()->rect();
    const int width = std::min(widest, window.width() - 4 * margin);
    const int height = std::min(window.height() * 2 / 3, fontMetrics().height() * 28);
    setGeometry((window.width() - width) / 2, 5 * margin, width, height);
}

void Palette::search()
{
    m_model.setText(m_line->text());
    m_list->setCurrentIndex(m_model.index(0));
}

// Closed first: what runs may open a dialog and take the focus.
void Palette::run(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    const std::function<void()> action = m_model.entry(index.row()).run;
    close();
    action();
}

bool Palette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parent() && event->type() == QEvent::Resize && isVisible())
        place();
    if (watched != m_line || !isVisible())
        return false;
    if (event->type() == QEvent::FocusOut && QApplication::activePopupWidget() == nullptr)
        hide();
    if (event->type() != QEvent::KeyPress)
        return false;
    auto *key = static_cast<QKeyEvent *>(event);
    switch (key->key()) {
    case Qt::Key_Escape:
        close();
        return true;
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        QApplication::sendEvent(m_list, key);
        return true;
    default:
        return false;
    }
}

void Palette::close()
{
    hide();
    if (m_before)
        m_before->setFocus();
}

void Palette::setColors(const ThemeColors &colors)
{
    m_colors = &colors;
    update();
}

void Palette::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_colors->accent, 1.5));
    painter.setBrush(palette().color(QPalette::Window));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 6, 6);
}

} // namespace danube::console
