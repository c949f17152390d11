// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;

namespace danube::console {

/// Takes a secret's value: typed unseen, or from a file (keys have several lines). It can be taken once; then the field
/// is empty, and so is its undo. Offers to clear the clipboard when something was pasted.
class SecretField : public QWidget
{
    Q_OBJECT
public:
    explicit SecretField(QWidget *parent = nullptr);

    bool isEmpty() const;
    Secret take();
    QLineEdit *line() const { return m_line; }
    Result<void> readFile(const QString &path); ///< at most 64 KiB

signals:
    void changed();
    void problem(const QString &text);

private:
    void chooseFile();

    QLineEdit *m_line;
    QPushButton *m_file;
    QPushButton *m_clipboard;
    QLabel *m_note;
    Secret m_fromFile;
};

} // namespace danube::console
