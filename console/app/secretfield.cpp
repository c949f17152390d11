// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/secretfield.h"

#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr qint64 maxFile = 64 << 10;

} // namespace

SecretField::SecretField(QWidget *parent)
    : QWidget(parent),
      m_line(new QLineEdit(this)),
      m_file(new QPushButton(tr("From &file…"), this)),
      m_clipboard(new QPushButton(tr("Clear the clipboard"), this)),
      m_note(new QLabel(this))
{
    m_line->setEchoMode(QLineEdit::Password);
    m_line->setAccessibleName(tr("Value"));
    m_line->setAccessibleDescription(tr("What is typed is not shown"));
    m_line->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText);
    m_line->setContextMenuPolicy(Qt::NoContextMenu);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_clipboard->hide();
    auto *line = new QHBoxLayout;
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_line, 1);
    line->addWidget(m_file);
    auto *below = new QHBoxLayout;
    below->setContentsMargins(0, 0, 0, 0);
    below->addWidget(m_note, 1);
    below->addWidget(m_clipboard);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(line);
    layout->addLayout(below);
    setFocusProxy(m_line);
    connect(m_line, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_fromFile = Secret();
        // Many characters at once were pasted: the clipboard has them still.
        if (text.size() > 1 && text == QGuiApplication::clipboard()->text()) {
            m_note->setText(tr("It is in the clipboard as well."));
            m_clipboard->show();
        } else {
            m_note->clear();
        }
        emit changed();
    });
    connect(m_clipboard, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->clear();
        m_clipboard->hide();
        m_note->setText(tr("The clipboard is empty now."));
    });
    connect(m_file, &QPushButton::clicked, this, &SecretField::chooseFile);
}

bool SecretField::isEmpty() const
{
    return m_line->text().isEmpty() && m_fromFile.isEmpty();
}

// setText(), not clear(): it also forgets what undo would bring back.
Secret SecretField::take()
{
    Secret value = m_fromFile.isEmpty() ? Secret(m_line->text().toUtf8()) : std::move(m_fromFile);
    m_fromFile = Secret();
    m_line->setText({});
    return value;
}

void SecretField::chooseFile()
{
    auto *chooser = new QFileDialog(this, tr("File with the value"));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setFileMode(QFileDialog::ExistingFile);
    connect(chooser, &QFileDialog::fileSelected, this, [this](const QString &path) {
        if (const auto read = readFile(path); !read)
            emit problem(read.error().message);
    });
    chooser->open();
}

Result<void> SecretField::readFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, tr("Read %1: %2").arg(path, file.errorString()));
    QByteArray bytes = file.read(maxFile + 1);
    if (bytes.isEmpty() || bytes.size() > maxFile)
        return fail(ErrorCode::InvalidArgument, tr("Read %1: expected 1 byte to 64 KiB.").arg(path));
    m_line->setText({});
    const qsizetype size = bytes.size();
    m_fromFile = Secret(std::move(bytes));
    m_note->setText(tr("%1, %Ln bytes", nullptr, int(size)).arg(QFileInfo(path).fileName()));
    emit changed();
    return {};
}

} // namespace danube::console
