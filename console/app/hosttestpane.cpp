// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/hosttestpane.h"

#include "console/app/hostdelegate.h"
#include "console/app/plainlabel.h"
#include "console/app/severitydelegate.h"
#include "console/app/tablelook.h"

#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTableView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr milliseconds typingPause{200};
constexpr int shownLines = 4;

} // namespace

HostTestPane::HostTestPane(const ThemeColors &colors, QWidget *parent)
    : QWidget(parent),
      m_hosts(new QPlainTextEdit(this)),
      m_table(new QTableView(this)),
      m_summary(new QLabel(this)),
      m_history(new QLabel(this)),
      m_now(new VerdictDelegate(HostTestModel::AllowedRole, this)),
      m_after(new VerdictDelegate(HostTestModel::AllowedRole, this))
{
    m_hosts->setPlaceholderText(tr("packages.example.org\nfiles.example.org:8443\nor a whole log"));
    m_hosts->setAccessibleName(tr("Hosts to test"));
    m_hosts->setTabChangesFocus(true);
    m_hosts->setMaximumHeight(fontMetrics().lineSpacing() * shownLines + 16);
    m_table->setModel(&m_model);
    for (const int column : {HostTestModel::HostColumn, HostTestModel::EntryColumn})
        m_table->setItemDelegateForColumn(column, new HostDelegate(this));
    m_table->setItemDelegateForColumn(HostTestModel::NowColumn, m_now);
    m_table->setItemDelegateForColumn(HostTestModel::AfterColumn, m_after);
    dressTable(*m_table, tr("Verdicts"),
               {{HostTestModel::HostColumn, "a.b.cdn.example.com:443 x"},
                {HostTestModel::NowColumn, "refused xxxxx"},
                {HostTestModel::AfterColumn, "refused xxxxx"},
                {HostTestModel::EntryColumn, "*.example.org"},
                {HostTestModel::ReasonColumn, "'packages.example.org' (entry 1 of config.json) allows it"}});
    for (QLabel *label : {m_summary, m_history}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(m_hosts);
    layout->addWidget(m_summary);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_history);
    setFocusProxy(m_hosts);
    m_typing.setSingleShot(true);
    m_typing.setInterval(typingPause);
    connect(m_hosts, &QPlainTextEdit::textChanged, this, [this] { m_typing.start(); });
    connect(&m_typing, &QTimer::timeout, this, [this] { m_model.setText(m_hosts->toPlainText()); });
    connect(&m_model, &HostTestModel::tested, this, [this] { m_summary->setText(m_model.summary()); });
    m_summary->setText(m_model.summary());
    setColors(colors);
}

void HostTestPane::setHistory(const QString &text)
{
    m_history->setText(text);
}

QString HostTestPane::historyText() const
{
    return m_history->text();
}

void HostTestPane::setColors(const ThemeColors &colors)
{
    m_now->setColors(colors);
    m_after->setColors(colors);
    setTextColor(*m_history, colors.muted);
    m_table->viewport()->update();
}

} // namespace danube::console
