// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/app/actionregistry.h"
#include "console/app/consolestyle.h"
#include "console/app/icons.h"
#include "console/app/theme.h"

#include <QApplication>
#include <QDir>
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
