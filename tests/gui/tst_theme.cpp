// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/actionregistry.h"
#include "console/app/consolestyle.h"
#include "console/app/icons.h"
#include "console/app/statelook.h"
#include "console/app/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QSpinBox>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestTheme : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { installLook(); }

    void textIsReadable_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void textIsReadable()
    {
        QFETCH(bool, dark);
        const ThemeColors &colors = dark ? darkColors() : lightColors();
        const auto readable = [](const char *what, const QColor &text, const QColor &background) {
            QVERIFY2(contrast(text, background) >= 4.5,
                     qPrintable(u"%1: %2 on %3 is %4"_s.arg(QString::fromLatin1(what), text.name(), background.name())
                                    .arg(contrast(text, background))));
        };
        const QPalette &palette = colors.palette;
        for (const auto role : {QPalette::Window, QPalette::Base, QPalette::AlternateBase}) {
            const QColor background = palette.color(role);
            readable("text", palette.color(QPalette::Text), background);
            readable("muted", colors.muted, background);
            readable("accent", colors.accent, background);
            for (const JobState state : allJobStates)
                readable(qPrintable(toText(state)), stateColor(colors, state), background);
            for (const auto state :
                 {ConnectionState::Live, ConnectionState::Connecting, ConnectionState::Stale, ConnectionState::Offline})
                readable("connection", stateColor(colors, state), background);
        }
        readable("highlight", palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight));
        readable("button", palette.color(QPalette::ButtonText), palette.color(QPalette::Button));
        for (int i = 0; i < 16; ++i)
            readable(qPrintable(u"sgr %1"_s.arg(i)), colors.ansi[i], colors.logBackground);
        readable("log", colors.logText, colors.logBackground);
        readable("log selected", colors.logText, colors.selection);
        readable("system", colors.system, colors.logBackground);
        readable("gutter", colors.gutterText, colors.gutterBackground);
        readable("match", colors.matchText, colors.match);
        readable("hit", colors.currentMatchText, colors.currentMatch);
    }
    void coloursBehindTextLeaveItReadable()
    {
        for (uint32_t index = 0; index < 256; ++index) {
            AnsiStyle style;
            style.background = {AnsiColor::Kind::Indexed, index};
            const CellColors cell = cellColors(darkColors(), style);
            QVERIFY(contrast(cell.text, cell.background) >= 4.5);
        }
    }
    void inverseSwaps()
    {
        AnsiStyle style;
        style.inverse = true;
        QCOMPARE(cellColors(lightColors(), style), (CellColors{lightColors().logBackground, lightColors().logText}));
    }
    void everyIconIsDrawn()
    {
        const QStringList files = QDir(u":/icons/danube/scalable"_s).entryList({u"*.svg"_s});
        QVERIFY(files.size() > 30);
        for (const QString &file : files) {
            const QImage picture = icon(file.chopped(4), Qt::red).pixmap(QSize(16, 16), 2.0).toImage();
            QCOMPARE(picture.size(), QSize(32, 32));
            int drawn = 0;
            for (int i = 0; i < 32 * 32; ++i)
                drawn += qAlpha(picture.pixel(i % 32, i / 32)) > 128;
            QVERIFY2(drawn > 20, qPrintable(file));
        }
    }
    void theMenuSwitchChangesThePalette()
    {
        Theme theme;
        theme.choose(ThemeChoice::Dark);
        QCOMPARE(QApplication::palette().color(QPalette::Window), darkColors().palette.color(QPalette::Window));
        theme.choose(ThemeChoice::Light);
        QCOMPARE(QApplication::palette().color(QPalette::Window), lightColors().palette.color(QPalette::Window));
    }
    // An empty field, or a choice that is not taken, is nothing but its outline.
    void outlinesAreSeen_data()
    {
        QTest::addColumn<ThemeChoice>("theme");
        QTest::addColumn<int>("kind");
        for (const auto &[name, theme] : {std::pair("light", ThemeChoice::Light), std::pair("dark", ThemeChoice::Dark),
                                          std::pair("contrast", ThemeChoice::Contrast)}) {
            for (const auto &[what, kind] :
                 {std::pair("line", 0), std::pair("text", 1), std::pair("radio", 2), std::pair("check", 3),
                  std::pair("number", 4), std::pair("editable choice", 5)})
                QTest::addRow("%s %s", what, name) << theme << kind;
        }
    }
    void outlinesAreSeen()
    {
        QFETCH(const ThemeChoice, theme);
        QFETCH(const int, kind);
        Theme themes;
        themes.choose(theme);
        QWidget window;
        auto *choice = new QComboBox(&window);
        choice->setEditable(true);
        auto *number = new QSpinBox(&window);
        number->setSpecialValueText(u" "_s);
        QWidget *const shapes[] = {new QLineEdit(&window),
                                   new QPlainTextEdit(&window),
                                   new QRadioButton(&window),
                                   new QCheckBox(&window),
                                   number,
                                   choice};
        for (QWidget *shape : shapes) {
            shape->resize(100, 40);
            shape->setFocusPolicy(Qt::NoFocus);
        }
        QImage picture(100, 40, QImage::Format_RGB32);
        const QColor behind = QApplication::palette().color(QPalette::Window);
        picture.fill(behind);
        shapes[kind]->render(&picture, {}, {}, QWidget::DrawChildren);
        double most = 1;
        for (int x = 0; x < picture.width() / 2; ++x) {
            for (int y = 0; y < picture.height(); ++y)
                most = std::max(most, contrast(picture.pixelColor(x, y), behind));
        }
        QVERIFY2(most >= (theme == ThemeChoice::Contrast ? 7 : 3), qPrintable(QString::number(most)));
    }
    void noTwoActionsShareAKey()
    {
        const ActionRegistry actions;
        QHash<QKeySequence, QString> used;
        for (const QAction *action : actions.all()) {
            QVERIFY2(!action->text().isEmpty() && !action->toolTip().isEmpty(), qPrintable(action->objectName()));
            for (const QKeySequence &key : action->shortcuts()) {
                QVERIFY2(!used.contains(key),
                         qPrintable(u"%1: %2 and %3"_s.arg(key.toString(), used.value(key), action->objectName())));
                QVERIFY2(!key.isEmpty() && key[0].key() != Qt::Key_unknown, qPrintable(action->objectName()));
                used.insert(key, action->objectName());
            }
        }
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
