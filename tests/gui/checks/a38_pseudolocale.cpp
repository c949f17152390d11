// SPDX-License-Identifier: GPL-3.0-or-later
// A38: every page and dialog in a made-up language of longer, accented texts, from left to right and from right to
// left, and in English and German. What still reads like the sources was never translated; what lies on something else
// or is cut was measured for another language.
#include "console/app/allowlisteditor.h"
#include "console/app/translations.h"
#include "tests/gui/walk/looks.h"
#include "tests/gui/walk/looktexts.h"
#include "tests/gui/walk/walksample.h"

#include <QDir>
#include <QLabel>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTextLayout>
#include <QTranslator>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

namespace {

// Qt's own texts (the buttons of its dialogs, "Ctrl") have no pseudo-catalog: made here, for Qt's contexts alone, so
// that a text of ours that lupdate never saw stays English.
class PseudoQt : public QTranslator
{
public:
    using QTranslator::QTranslator;
    bool isEmpty() const override { return false; }
    QString translate(const char *context, const char *source, const char *, int) const override
    {
        const QLatin1StringView name(context);
        const bool isQt = name == "CloseButton"_L1 || (name.size() > 2 && name.startsWith(u'Q') &&
                                                       QChar(name.at(1)).isUpper() && name != "QObject"_L1);
        if (!isQt || name == "QShortcut"_L1) // keys keep their names
            return {};
        QString text = QString::fromUtf8(source);
        return text.replace(u'a', u'å').replace(u'e', u'é').replace(u'o', u'ö').replace(u'i', u'ï').replace(u'u', u'ü');
    }
};

} // namespace

class A38 : public QObject
{
    Q_OBJECT

    static void keep(const QString &name, QWidget &shown)
    {
        const QString folder = qEnvironmentVariable("DANUBE_SCREENSHOTS");
        if (!folder.isEmpty())
            QVERIFY(QDir().mkpath(folder) && shown.grab().save(u"%1/%2-%3.png"_s.arg(
                                                 folder, QString::fromLatin1(QTest::currentDataTag()), name)));
    }
    /// Looks at everything once; `look` gives what is wrong with what is shown.
    static void walk(const std::function<QStringList(QWidget &)> &look)
    {
        WalkSample sample;
        sample.window->resize(1280, 800);
        sample.connectAll();
        QStringList findings;
        QHash<QString, bool> told;
        const auto note = [&](const QString &name, QWidget &shown) {
            keep(name, shown);
            for (const QString &finding : look(shown)) {
                if (!std::exchange(told[finding], true)) // once is enough: much of it is on every page
                    findings.append(name + u": "_s + finding);
            }
        };
        Walk walk(sample.scene());
        walk.pages(note);
        walk.dialogs(note);
        QCOMPARE(walk.problems().join(u", "_s), QString());
        QVERIFY2(walk.names().size() > 40, qPrintable(QString::number(walk.names().size())));
        for (const QString &finding : std::as_const(findings))
            qWarning("%s", qPrintable(finding)); // a failure's text is cut
        QVERIFY2(findings.isEmpty(), qPrintable(QString::number(findings.size()) + u" findings"_s));
    }

    QTranslator m_pseudo;
    PseudoQt m_pseudoQt;

private slots:
    void initTestCase()
    {
        QVERIFY(m_pseudo.load(QStringLiteral(DANUBE_PSEUDO_CATALOG)));
        QVERIFY(!sourceTexts().isEmpty());
    }
    void cleanup()
    {
        QCoreApplication::removeTranslator(&m_pseudo);
        QCoreApplication::removeTranslator(&m_pseudoQt);
        QGuiApplication::setLayoutDirection(Qt::LeftToRight);
    }
    void everyTextIsTranslated_data()
    {
        QTest::addColumn<Qt::LayoutDirection>("direction");
        QTest::newRow("ltr") << Qt::LeftToRight;
        QTest::newRow("rtl") << Qt::RightToLeft;
    }
    void everyTextIsTranslated()
    {
        QFETCH(Qt::LayoutDirection, direction);
        QCoreApplication::installTranslator(&m_pseudoQt);
        QCoreApplication::installTranslator(&m_pseudo);
        QGuiApplication::setLayoutDirection(direction);
        walk([direction](QWidget &shown) {
            QStringList findings = overlapping(shown) + clipped(shown);
            if (shown.layoutDirection() != direction)
                findings.append(u"is not laid out in its direction"_s);
            return direction == Qt::LeftToRight ? untranslated(shown) + findings : findings;
        });
    }
    void languagesFit_data()
    {
        QTest::addColumn<QString>("language");
        for (const QString &language : languages())
            QTest::newRow(qPrintable(language)) << language;
    }
    void languagesFit()
    {
        QFETCH(QString, language);
        useLanguage(language);
        QCOMPARE(usedLanguage(), language);
        walk([](QWidget &shown) { return overlapping(shown) + clipped(shown) + sharedMnemonics(shown); });
    }
    void oneIsSingular_data()
    {
        QTest::addColumn<QString>("language");
        QTest::addColumn<int>("count");
        QTest::addColumn<QString>("text");
        QTest::newRow("en 1") << u"en"_s << 1 << u"1 error"_s;
        QTest::newRow("en 2") << u"en"_s << 2 << u"2 errors"_s;
        QTest::newRow("de 1") << u"de"_s << 1 << u"1 Warnung"_s;
        QTest::newRow("de 2") << u"de"_s << 2 << u"2 Warnungen"_s;
    }
    void oneIsSingular()
    {
        QFETCH(QString, language);
        QFETCH(int, count);
        useLanguage(language);
        const char *source = language == "en"_L1 ? "%n errors" : "%n warnings";
        QTEST(QCoreApplication::translate("danube::console::FindingsModel", source, nullptr, count), "text");
    }
    void patternsReadFromLeftToRight()
    {
        QGuiApplication::setLayoutDirection(Qt::RightToLeft);
        const SystemClock clock;
        const AllowlistEditor editor(clock, lightColors());
        const auto *delegate = qobject_cast<const QStyledItemDelegate *>(
            editor.table()->itemDelegateForColumn(AllowlistModel::PatternColumn));
        QVERIFY(delegate);
        QTextLayout drawn(delegate->displayText(u"*.example.org"_s, {}));
        QTextOption option;
        option.setTextDirection(Qt::RightToLeft);
        drawn.setTextOption(option);
        drawn.beginLayout();
        const QTextLine line = drawn.createLine();
        drawn.endLayout();
        QVERIFY(line.cursorToX(int(drawn.text().indexOf(u'.'))) < line.cursorToX(int(drawn.text().indexOf(u'x'))));
    }
    void whatIsNotTranslatedIsFound()
    {
        QCoreApplication::installTranslator(&m_pseudo);
        QWidget shown;
        auto *raw = new QLabel(QString::fromLatin1("Nothing is selected."), &shown); // as in the sources, without tr()
        auto *good = new QLabel(QCoreApplication::translate("Words", "Sign-in needed"), &shown);
        auto *data = new QLabel(u"nightly-benchmarks on feature/search-3"_s, &shown);
        raw->setGeometry(0, 0, 100, 20);
        good->setGeometry(0, 30, 100, 20);
        data->setGeometry(0, 60, 100, 20);
        shown.show();
        QCOMPARE(untranslated(shown).size(), 1);
        QVERIFY(untranslated(shown).front().contains(u"Nothing is selected."_s));
    }
};

QTEST_MAIN(A38)
#include "a38_pseudolocale.moc"
