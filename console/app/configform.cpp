// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/configform.h"

#include "console/app/plainlabel.h"
#include "console/models/rulewords.h"

#include <QComboBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

constexpr int shownLines = 5;

void setShown(QWidget &editor, const QString &text)
{
    if (auto *line = qobject_cast<QLineEdit *>(&editor)) {
        if (line->text() != text) {
            line->setText(text);
            line->setCursorPosition(0); // a long text is shown from its beginning
        }
    } else if (auto *choice = qobject_cast<QComboBox *>(&editor)) {
        if (choice->findData(text) < 0)
            choice->addItem(text, text); // what the schema does not know is shown as it is
        choice->setCurrentIndex(choice->findData(text));
    } else if (auto *lines = qobject_cast<QPlainTextEdit *>(&editor)) {
        // A line that is just being begun is no entry yet, and stays.
        if (lines->toPlainText().split(u'\n', Qt::SkipEmptyParts) != text.split(u'\n', Qt::SkipEmptyParts))
            lines->setPlainText(text);
    } else if (auto *link = qobject_cast<QPushButton *>(&editor)) {
        link->setText(text.isEmpty() ? ConfigForm::tr("Not set; edit as text") : ConfigForm::tr("Show in the text"));
        link->setToolTip(text.left(500));
    }
}

} // namespace

ConfigForm::ConfigForm(QWidget *parent)
    : QScrollArea(parent), m_disabled(plainLabel(this)), m_unknown(plainLabel(this)), m_layout(nullptr)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *content = new QWidget(this);
    m_layout = new QVBoxLayout(content);
    m_layout->setContentsMargins(12, 12, 12, 12);
    m_layout->addWidget(m_disabled);
    m_layout->addWidget(m_unknown);
    m_layout->addStretch(1);
    setWidget(content);
    setFocusPolicy(Qt::NoFocus);
    rebuild();
}

void ConfigForm::setDocument(BlueprintDocument *document)
{
    if (m_document == document)
        return;
    if (m_document)
        m_document->disconnect(this);
    m_document = document;
    if (m_document)
        connect(m_document, &BlueprintDocument::textChanged, this, &ConfigForm::refresh);
    rebuild();
}

void ConfigForm::rebuild()
{
    delete m_fields;
    m_fields = nullptr;
    m_rows.clear();
    m_kind = m_document ? documentKind(m_document->object()) : std::nullopt;
    if (m_kind) {
        m_fields = new QWidget(widget());
        auto *outer = new QVBoxLayout(m_fields);
        outer->setContentsMargins(0, 0, 0, 0);
        outer->setSpacing(12);
        QFormLayout *form = nullptr;
        QString group = u"?"_s;
        for (const FormField &field : formFields(*m_kind)) {
            if (field.group != group) {
                group = field.group;
                QWidget *box = group.isEmpty() ? new QWidget(m_fields) : new QGroupBox(fieldLabel(group), m_fields);
                form = new QFormLayout(box);
                form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
                form->setRowWrapPolicy(QFormLayout::WrapLongRows);
                outer->addWidget(box);
            }
            QWidget *editor = makeEditor(field);
            editor->setToolTip(field.description);
            editor->setAccessibleDescription(field.description);
            editor->setAccessibleName(field.label);
            form->addRow(field.label, editor);
            m_rows.append({field, editor});
        }
        m_layout->insertWidget(1, m_fields);
    }
    refresh();
}

QWidget *ConfigForm::makeEditor(const FormField &field)
{
    switch (field.kind) {
    case FormField::Kind::Choice:
    case FormField::Kind::Flag:
        return makeChoice(field);
    case FormField::Kind::Number:
        return makeNumber(field);
    case FormField::Kind::Texts:
        return makeTexts(field);
    case FormField::Kind::Object:
        return makeLink(field);
    case FormField::Kind::Text:
        break;
    }
    auto *line = new QLineEdit(m_fields);
    connect(line, &QLineEdit::textChanged, this, [this, field](const QString &text) { store(field, text); });
    return line;
}

QWidget *ConfigForm::makeChoice(const FormField &field)
{
    auto *choice = new QComboBox(m_fields);
    choice->addItem(tr("(not set)"), QString());
    const QStringList values = field.kind == FormField::Kind::Flag ? QStringList{u"true"_s, u"false"_s} : field.choices;
    for (const QString &value : values)
        choice->addItem(value, value);
    connect(choice, &QComboBox::currentIndexChanged, this,
            [this, field, choice] { store(field, choice->currentData().toString()); });
    return choice;
}

// A line and no spin box: an absent number is not zero.
QWidget *ConfigForm::makeNumber(const FormField &field)
{
    auto *line = new QLineEdit(m_fields);
    line->setValidator(new QIntValidator(field.minimum, field.maximum, line));
    line->setPlaceholderText(tr("not set"));
    connect(line, &QLineEdit::textChanged, this, [this, field, line](const QString &text) {
        if (text.isEmpty() || line->hasAcceptableInput())
            store(field, text);
    });
    return line;
}

QWidget *ConfigForm::makeTexts(const FormField &field)
{
    auto *lines = new QPlainTextEdit(m_fields);
    lines->setTabChangesFocus(true);
    lines->setLineWrapMode(QPlainTextEdit::NoWrap);
    lines->setPlaceholderText(tr("one a line"));
    lines->setFixedHeight(lines->fontMetrics().lineSpacing() * shownLines + 14);
    connect(lines, &QPlainTextEdit::textChanged, this, [this, field, lines] { store(field, lines->toPlainText()); });
    return lines;
}

QWidget *ConfigForm::makeLink(const FormField &field)
{
    auto *button = new QPushButton(m_fields);
    connect(button, &QPushButton::clicked, this, [this, field] { emit textWanted(field.pointer); });
    return button;
}

void ConfigForm::store(const FormField &field, const QString &text)
{
    if (m_refreshing || !m_document || !m_document->isReadable())
        return;
    if (const auto done = setField(*m_document, field, text); !done)
        emit problem(done.error().message);
}

void ConfigForm::refresh()
{
    const bool readable = m_document && m_document->isReadable();
    if (readable && documentKind(m_document->object()) != m_kind)
        return rebuild();
    m_refreshing = true;
    for (const Row &row : std::as_const(m_rows)) {
        if (readable)
            setShown(*row.editor, fieldText(row.field, m_document->valueAt(row.field.pointer)));
    }
    m_refreshing = false;
    if (m_fields)
        m_fields->setEnabled(readable);
    QString why;
    if (m_document && !readable) {
        const auto at = blueprint::positionOf(m_document->text(), m_document->syntaxError()->offset);
        why = tr("The text is no JSON, so the form waits: line %1, column %2: %3")
                  .arg(at.line)
                  .arg(at.column)
                  .arg(inOwnWords(m_document->syntaxError()->message));
    } else if (m_document && !m_kind) {
        why = tr("This file holds several documents, or of no known kind: edit its text.");
    }
    m_disabled->setText(why);
    m_disabled->setVisible(!why.isEmpty());
    QStringList unknown;
    for (const QString &pointer : readable ? unknownFields(m_document->object()) : QStringList())
        unknown.append(u"    "_s + pointer);
    if (readable)
        m_unknown->setText(unknown.isEmpty() ? QString()
                                             : tr("Kept, though no schema knows them:") + u'\n' + unknown.join(u'\n'));
    m_unknown->setVisible(!m_unknown->text().isEmpty());
}

QWidget *ConfigForm::editorOf(const QString &pointer) const
{
    for (const Row &row : m_rows) {
        if (row.field.pointer == pointer)
            return row.editor;
    }
    return nullptr;
}

bool ConfigForm::focusField(const QString &pointer)
{
    for (QString at = pointer; !at.isEmpty(); at = at.section(u'/', 0, -2)) {
        if (QWidget *editor = editorOf(at)) {
            ensureWidgetVisible(editor);
            editor->setFocus();
            return true;
        }
    }
    return false;
}

QString ConfigForm::disabledText() const
{
    return m_disabled->text();
}

QString ConfigForm::unknownText() const
{
    return m_unknown->text();
}

} // namespace danube::console
