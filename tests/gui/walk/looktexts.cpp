// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/walk/looktexts.h"

#include "tests/gui/walk/looks.h"

#include <QAbstractButton>
#include <QAction>
#include <QComboBox>
#include <QDirIterator>
#include <QDockWidget>
#include <QFile>
#include <QGroupBox>
#include <QHash>
#include <QHeaderView>
#include <QLabel>
#include <QLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QSpinBox>
#include <QTabBar>
#include <QTextDocumentFragment>

using namespace Qt::StringLiterals;

namespace danube::tests {

namespace {

constexpr int mostRows = 20;

const QRegularExpression &placeholder()
{
    static const QRegularExpression expression(u"%L?(?:\\d+|n)"_s);
    return expression;
}

struct Said
{
    QString where;
    QString text;
};

bool isProse(QString text)
{
    text.remove(placeholder());
    static const QRegularExpression words(u"^[^/:.]*\\p{L}{2,}[,.;:]? (.* )?\\p{L}{2,}"_s);
    static const QRegularExpression caption(u"^&?[A-Z]&?[a-z]{2,}(?![a-z+])"_s);
    return words.match(text).hasMatch() || caption.match(text).hasMatch();
}

void addLiterals(QStringList &texts, const QString &source)
{
    static const QRegularExpression literal(u"\"((?:[^\"\\\\\\n]|\\\\.)*)\""_s);
    static const QRegularExpression cause(u"\\b(?:fail|failErrno|fileError|errorOf|qCWarning|qCInfo)\\("_s);
    static const QRegularExpression name(u"setObjectName|Q_ENUM|#include|\\bsubject\\b|\\bsay\\(parts"_s);
    for (const QString &line : source.split(u'\n')) {
        if (cause.match(line).hasMatch() || name.match(line).hasMatch())
            continue;
        for (const auto &match : literal.globalMatch(line)) {
            if (isProse(match.captured(1)))
                texts.append(match.captured(1));
        }
    }
}

void addStrings(QStringList &texts, const QString &form)
{
    static const QRegularExpression string(u"<string>([^<]+)</string>"_s);
    for (const auto &match : string.globalMatch(form)) {
        const QString text = QTextDocumentFragment::fromHtml(match.captured(1)).toPlainText();
        if (isProse(text))
            texts.append(text);
    }
}

// All of them as one expression. Short ones must be all there is between words with accents, since data has short words
// too; long ones may stand inside of more.
const QRegularExpression &sourceExpression()
{
    static const QRegularExpression expression = [] {
        static const QRegularExpression escaped(u"\\\\%L?(?:\\d+|n)"_s);
        static const QRegularExpression word(u"\\b\\p{L}{2,}"_s);
        constexpr int longFrom = 4; // words
        QStringList whole;
        QStringList inside;
        for (QString text : sourceTexts()) {
            QStringList &list = QString(text).remove(placeholder()).count(word) >= longFrom ? inside : whole;
            list.append(QRegularExpression::escape(text.remove(u'&')).replace(escaped, u".{1,80}"_s));
        }
        return QRegularExpression(
            u"^(?:%1)$|(?<![\\p{L}\\p{N}_-])(?:%2)(?![\\p{L}\\p{N}_-])"_s.arg(whole.join(u'|'), inside.join(u'|')));
    }();
    return expression;
}

// What a form of a document says of its fields is the schema's, in the words of the file.
bool isOfSchema(const QWidget &widget)
{
    for (const QWidget *at = &widget; at; at = at->parentWidget()) {
        if (at->inherits("danube::console::ConfigForm"))
            return true;
    }
    return false;
}

void addCells(QList<Said> &said, const QAbstractItemView &view)
{
    const QAbstractItemModel *model = view.model();
    if (!model)
        return;
    for (int row = 0; row < std::min(mostRows, model->rowCount(view.rootIndex())); ++row) {
        for (int column = 0; column < model->columnCount(view.rootIndex()); ++column) {
            const QModelIndex index = model->index(row, column, view.rootIndex());
            for (const int role : {int(Qt::DisplayRole), int(Qt::ToolTipRole), int(Qt::AccessibleTextRole)})
                said.append({u"row %1, column %2"_s.arg(row).arg(column), index.data(role).toString()});
        }
    }
}

void addActions(QList<Said> &said, const QList<QAction *> &actions)
{
    for (const QAction *action : actions) {
        said.append({u"action "_s + action->objectName(), action->text()});
        said.append({u"tooltip of action "_s + action->objectName(), action->toolTip()});
        if (action->menu())
            addActions(said, action->menu()->actions());
    }
}

QList<Said> everythingSaid(const QWidget &widget)
{
    QList<Said> said{{u"title"_s, widget.isWindow() || qobject_cast<const QDockWidget *>(&widget) ? widget.windowTitle()
                                                                                                  : QString()},
                     {u"tooltip"_s, widget.toolTip()},
                     {u"status tip"_s, widget.statusTip()},
                     {u"name"_s, widget.accessibleName()},
                     {u"description"_s, widget.accessibleDescription()}};
    addActions(said, widget.actions());
    if (const auto *label = qobject_cast<const QLabel *>(&widget))
        said.append({u"text"_s, label->text()});
    if (const auto *button = qobject_cast<const QAbstractButton *>(&widget))
        said.append({u"text"_s, button->text()});
    if (const auto *group = qobject_cast<const QGroupBox *>(&widget))
        said.append({u"caption"_s, group->title()});
    if (const auto *line = qobject_cast<const QLineEdit *>(&widget))
        said.append({u"placeholder"_s, line->placeholderText()});
    if (const auto *edit = qobject_cast<const QPlainTextEdit *>(&widget))
        said.append({u"placeholder"_s, edit->placeholderText()});
    if (const auto *spin = qobject_cast<const QSpinBox *>(&widget))
        said.append({u"unit"_s, spin->prefix() + u' ' + spin->suffix() + u' ' + spin->specialValueText()});
    if (const auto *combo = qobject_cast<const QComboBox *>(&widget)) {
        for (int row = 0; combo->objectName() != "languageChoice"_L1 && row < combo->count(); ++row)
            said.append({u"choice"_s, combo->itemText(row)}); // languages are named in themselves
    }
    if (const auto *tabs = qobject_cast<const QTabBar *>(&widget)) {
        for (int tab = 0; tab < tabs->count(); ++tab)
            said.append({u"tab"_s, tabs->tabText(tab) + u'\n' + tabs->tabToolTip(tab)});
    }
    if (const auto *header = qobject_cast<const QHeaderView *>(&widget)) {
        for (int section = 0; header->model() && section < header->count(); ++section) {
            for (const int role : {int(Qt::DisplayRole), int(Qt::ToolTipRole)})
                said.append(
                    {u"header"_s, header->model()->headerData(section, header->orientation(), role).toString()});
        }
    } else if (const auto *view = qobject_cast<const QAbstractItemView *>(&widget)) {
        addCells(said, *view);
    }
    return said;
}

// The first of sourceTexts() that stands in `text` between words with accents; empty = none. Most texts come again and
// again.
const QString &sourceTextIn(const QString &text)
{
    static QHash<QString, QString> known;
    if (const auto found = known.constFind(text); found != known.constEnd())
        return *found;
    static const QRegularExpression tag(u"<[^<>]+>"_s);
    static const QRegularExpression pseudo(u"[^\\s]*[^\\x00-\\x7f‐-›−·][^\\s]*"_s); // a word with an accent
    QString rest = text;
    rest.remove(u'&').replace(tag, u" "_s).replace(pseudo, u"\n"_s);
    QString &found = known[text];
    for (const QString &run : rest.split(u'\n', Qt::SkipEmptyParts)) {
        if (const auto match = sourceExpression().match(run.trimmed()); match.hasMatch())
            return found = match.captured();
    }
    return found;
}

QList<const QWidget *> visibleIn(const QWidget &shown)
{
    QList<const QWidget *> widgets{&shown};
    for (const QWidget *widget : shown.findChildren<QWidget *>()) {
        if (widget->isVisible() && widget->window() == &shown)
            widgets.append(widget);
    }
    return widgets;
}

void addItems(QList<QWidget *> &widgets, const QLayout &layout)
{
    for (int index = 0; index < layout.count(); ++index) {
        QLayoutItem *item = layout.itemAt(index);
        if (item->widget() && item->widget()->isVisible())
            widgets.append(item->widget());
        else if (item->layout())
            addItems(widgets, *item->layout());
    }
}

QChar mnemonicOf(QString text)
{
    text.remove(u"&&"_s);
    const qsizetype at = text.indexOf(u'&');
    return at < 0 || at + 1 >= text.size() ? QChar() : text.at(at + 1).toLower();
}

} // namespace

const QStringList &sourceTexts()
{
    static const QStringList texts = [] {
        QStringList found;
        QDirIterator files(QStringLiteral(DANUBE_SOURCE_DIR "/console"), {u"*.cpp"_s, u"*.h"_s, u"*.ui"_s}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (file.fileName().contains("/cli/"_L1) || !file.open(QIODevice::ReadOnly))
                continue;
            const QString text = QString::fromUtf8(file.readAll());
            if (file.fileName().endsWith(".ui"_L1))
                addStrings(found, text);
            else
                addLiterals(found, text);
        }
        found.removeDuplicates();
        return found;
    }();
    return texts;
}

QStringList untranslated(const QWidget &shown)
{
    QStringList findings;
    for (const QWidget *widget : visibleIn(shown)) {
        if (isOfSchema(*widget))
            continue;
        for (const Said &said : everythingSaid(*widget)) {
            if (const QString &text = sourceTextIn(said.text); !text.isEmpty())
                findings.append(
                    u"%1, %2: \"%3\" in \"%4\""_s.arg(describe(*widget), said.where, text, said.text.left(160)));
        }
    }
    return findings;
}

QStringList overlapping(const QWidget &shown)
{
    QStringList findings;
    for (const QWidget *widget : visibleIn(shown)) {
        if (!widget->layout())
            continue;
        QList<QWidget *> items;
        addItems(items, *widget->layout());
        for (qsizetype a = 0; a < items.size(); ++a) {
            for (qsizetype b = a + 1; b < items.size(); ++b) {
                const QRect common = items.at(a)->geometry() & items.at(b)->geometry();
                if (items.at(a)->parentWidget() == items.at(b)->parentWidget() && common.width() > 1 &&
                    common.height() > 1)
                    findings.append(u"%1 lies on %2"_s.arg(describe(*items.at(a)), describe(*items.at(b))));
            }
        }
    }
    return findings;
}

QStringList sharedMnemonics(const QWidget &shown)
{
    QHash<QChar, QString> taken;
    QStringList findings;
    const auto take = [&](const QString &text) {
        const QChar letter = mnemonicOf(text);
        if (letter.isNull())
            return;
        QString &owner = taken[letter];
        if (owner.isEmpty())
            owner = text;
        else if (owner != text)
            findings.append(u"\"%1\" and \"%2\" share Alt+%3"_s.arg(owner, text, letter));
    };
    for (const QWidget *widget : visibleIn(shown)) {
        if (const auto *label = qobject_cast<const QLabel *>(widget); label && label->buddy())
            take(label->text());
        else if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
            take(button->text());
        else if (const auto *tabs = qobject_cast<const QTabBar *>(widget)) {
            for (int tab = 0; tab < tabs->count(); ++tab)
                take(tabs->tabText(tab));
        }
    }
    return findings;
}

} // namespace danube::tests
