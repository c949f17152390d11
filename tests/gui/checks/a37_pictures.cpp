// SPDX-License-Identifier: GPL-3.0-or-later
// A37: every page and dialog in light, dark and high contrast, at 1 and 2 pixels a point, 1024x700: no text is clipped,
// no icon empty, every text can be read. With DANUBE_SCREENSHOTS set, the pictures are kept there.
#include "tests/gui/walk/looks.h"
#include "tests/gui/walk/walksample.h"

#include <QDir>
#include <QProcess>

#include <cstdio>

using namespace danube;
using namespace danube::console;
using namespace danube::tests;
using namespace Qt::StringLiterals;

class A37 : public QObject
{
    Q_OBJECT
    QStringList m_findings;

    static QString minimumSizes(const QWidget &window)
    {
        QStringList wide;
        for (const QWidget *widget : window.findChildren<QWidget *>()) {
            if ((widget->isVisible() || widget->inherits("danube::console::Page")) &&
                widget->minimumSizeHint().width() > 400)
                wide.append(
                    u"%1 needs %2"_s.arg(danube::tests::describe(*widget)).arg(widget->minimumSizeHint().width()));
        }
        return wide.join(u"; "_s);
    }

    void look(const QString &name, QWidget &shown, const ThemeColors &colors)
    {
        const auto note = [&](const QStringList &findings) {
            for (const QString &finding : findings)
                m_findings.append(u"%1: %2"_s.arg(name, finding));
        };
        if (shown.objectName().isEmpty() && shown.inherits("QMainWindow") && shown.size() != QSize(1024, 700))
            note({minimumSizes(shown), u"the window is %1x%2"_s.arg(shown.width()).arg(shown.height())});
        const QImage picture = shown.grab().toImage();
        note(clipped(shown));
        note(emptyIcons(shown));
        note(unreadable(shown, picture, colors.readable));
        const QString folder = qEnvironmentVariable("DANUBE_SCREENSHOTS");
        const QString file = u"%1/%2-%3-%4x.png"_s.arg(folder, name, QString::fromLatin1(QTest::currentDataTag()))
                                 .arg(shown.devicePixelRatioF());
        QVERIFY(folder.isEmpty() || (QDir().mkpath(folder) && picture.save(file)));
    }

private slots:
    void themes_data()
    {
        QTest::addColumn<ThemeChoice>("theme");
        QTest::newRow("light") << ThemeChoice::Light;
        QTest::newRow("dark") << ThemeChoice::Dark;
        QTest::newRow("contrast") << ThemeChoice::Contrast;
    }
    void themes()
    {
        QFETCH(ThemeChoice, theme);
        if (qEnvironmentVariableIsSet("QT_SCALE_FACTOR"))
            QCOMPARE(qApp->devicePixelRatio(), qEnvironmentVariable("QT_SCALE_FACTOR").toDouble());
        m_findings.clear();
        WalkSample sample;
        Preferences preferences = sample.window->preferences().value();
        preferences.theme = toText(theme);
        sample.window->preferences().set(preferences);
        sample.window->resize(1024, 700);
        sample.window->show();
        const ThemeColors &colors = sample.theme.colors();
        for (const QString &finding : unreadable(colors, colors.readable))
            m_findings.append(finding);
        const auto looking = [&](const QString &name, QWidget &shown) { look(name, shown, colors); };
        Walk::settle();
        looking(u"welcome"_s, *sample.window);
        sample.connectAll();
        Walk walk(sample.scene());
        walk.pages(looking);
        walk.dialogs(looking);
        QVERIFY2(walk.problems().isEmpty(), qPrintable(walk.problems().join(u'\n')));
        QVERIFY(report(m_findings));
    }
    // The scale is the process's: another one looks at twice as many pixels.
    void twiceAsManyPixels_data() { themes_data(); }
    void twiceAsManyPixels()
    {
        QProcess other;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"QT_SCALE_FACTOR"_s, u"2"_s);
        other.setProcessEnvironment(environment);
        other.setProcessChannelMode(QProcess::MergedChannels);
        other.start(QCoreApplication::applicationFilePath(),
                    {u"themes:"_s + QString::fromLatin1(QTest::currentDataTag()), u"-maxwarnings"_s, u"0"_s});
        QVERIFY(other.waitForFinished(280'000));
        const QByteArray said = other.readAll();
        std::fputs(said.constData(), stdout);
        QVERIFY(other.exitStatus() == QProcess::NormalExit && other.exitCode() == 0);
        QVERIFY(said.contains(" 0 failed, 0 skipped"));
    }
};

QTEST_MAIN(A37)
#include "a37_pictures.moc"
