// SPDX-License-Identifier: GPL-3.0-or-later
// A39: what is installed is what desktops expect, and the program starts from there with all that belongs to it.
#include "console/controllers/preferences.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QPainter>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QSettings>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>

using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

constexpr int longest = 60'000;

struct Ran
{
    int code = -1;
    QString out;
    QString err;
};

Ran run(const QString &program, const QStringList &arguments, const QProcessEnvironment &environment)
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    if (!process.waitForFinished(longest))
        return {-1, {}, program + u": "_s + process.errorString()};
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

QSet<QString> optionsIn(const QString &text)
{
    static const QRegularExpression option(u"--[a-z][a-z-]+"_s);
    QSet<QString> options;
    for (const auto &match : option.globalMatch(text))
        options.insert(match.captured());
    return options;
}

// The lines of a page that show how to call the console.
QString usage(const QByteArray &page)
{
    return QString::fromUtf8(page).split(u'\n').filter(QRegularExpression(u"`danube-console .*--"_s)).join(u'\n');
}

} // namespace

class A39 : public QObject
{
    Q_OBJECT
    const QString m_build = QDir::cleanPath(QStringLiteral(DANUBE_BIN_DIR) + u"/.."_s);
    QTemporaryDir m_prefix;
    QTemporaryDir m_home;
    QString at(const QString &path) const { return m_prefix.filePath(path); }

    /// Somebody who never used the console, on a desktop of this language.
    QProcessEnvironment user(const QString &language) const
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
        environment.insert(u"HOME"_s, m_home.path());
        for (const QString &name : {u"XDG_CONFIG_HOME"_s, u"XDG_CACHE_HOME"_s, u"XDG_DATA_HOME"_s})
            environment.insert(name, m_home.filePath(name));
        for (const QString &name : {u"LC_ALL"_s, u"LC_MESSAGES"_s, u"LANGUAGE"_s, u"DANUBE_URL"_s, u"DANUBE_TOKEN"_s})
            environment.remove(name);
        environment.insert(u"LANG"_s, language);
        return environment;
    }
    Ran check(const QString &language) const
    {
        return run(at(u"bin/danube-console"_s), {u"--self-check"_s}, user(language));
    }

private slots:
    void initTestCase()
    {
        const Ran installed =
            run(u"cmake"_s, {u"--install"_s, m_build, u"--prefix"_s, m_prefix.path(), u"--component"_s, u"console"_s},
                QProcessEnvironment::systemEnvironment());
        QVERIFY2(installed.code == 0, qPrintable(installed.out + installed.err));
    }
    void theEntryOfMenusIsValid()
    {
        const QString entry = at(u"share/applications/dev.danube.console.desktop"_s);
        const Ran ran = run(u"desktop-file-validate"_s, {entry}, QProcessEnvironment::systemEnvironment());
        QVERIFY2(ran.code == 0 && ran.out.isEmpty(), qPrintable(ran.out + ran.err));
        QSettings keys(entry, QSettings::IniFormat);
        keys.beginGroup(u"Desktop Entry"_s);
        QVERIFY(QFile::exists(at(u"bin/"_s + keys.value("Exec").toString().section(u' ', 0, 0))));
        QFile file(entry);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY(text.contains("x-scheme-handler/danube;"));
        QVERIFY(text.contains("Exec=danube-console %U\n")); // the link comes as an argument
    }
    void softwareCentresTakeTheMetadata()
    {
        const Ran ran = run(u"appstreamcli"_s,
                            {u"validate"_s, u"--no-net"_s, u"--pedantic"_s, u"--no-color"_s,
                             at(u"share/metainfo/dev.danube.console.metainfo.xml"_s)},
                            QProcessEnvironment::systemEnvironment());
        QVERIFY2(ran.code == 0, qPrintable(ran.out + ran.err));
        // and entry, metadata and icon find each other
        const Ran tree = run(u"appstreamcli"_s, {u"validate-tree"_s, u"--no-net"_s, u"--no-color"_s, m_prefix.path()},
                             QProcessEnvironment::systemEnvironment());
        QVERIFY2(tree.code == 0, qPrintable(tree.out + tree.err));
    }
    void theIconIsInHicolor_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("coloured") << u"scalable/apps/dev.danube.console.svg"_s;
        QTest::newRow("symbolic") << u"symbolic/apps/dev.danube.console-symbolic.svg"_s;
    }
    void theIconIsInHicolor()
    {
        QFETCH(QString, path);
        QSvgRenderer drawing(at(u"share/icons/hicolor/"_s + path));
        QVERIFY(drawing.isValid());
        QImage image(32, 32, QImage::Format_ARGB32);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        drawing.render(&painter);
        painter.end();
        int drawn = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                drawn += qAlpha(image.pixel(x, y)) > 0;
        }
        QVERIFY2(drawn > 60, qPrintable(QString::number(drawn)));
    }
    void startsFromThePrefix_data()
    {
        QTest::addColumn<QString>("desktop");
        QTest::addColumn<QString>("language");
        QTest::newRow("English") << u"en_GB.UTF-8"_s << u"en"_s;
        QTest::newRow("German") << u"de_AT.UTF-8"_s << u"de"_s;
        QTest::newRow("one without a catalog") << u"fr_FR.UTF-8"_s << u"en"_s;
        QTest::newRow("none") << u"C"_s << u"en"_s;
    }
    void startsFromThePrefix()
    {
        QFETCH(QString, desktop);
        QFETCH(QString, language);
        const Ran ran = check(desktop);
        QVERIFY2(ran.code == 0 && !ran.err.contains(u"missing: "_s), qPrintable(ran.out + ran.err));
        const QStringList said = ran.out.split(u'\n');
        QVERIFY2(said.contains(u"program: %1"_s.arg(QFileInfo(at(u"bin/danube-console"_s)).canonicalFilePath())),
                 qPrintable(ran.out));
        QVERIFY2(said.contains(u"language: "_s + language), qPrintable(ran.out));
        QVERIFY2(said.contains(u"languages: en de"_s), qPrintable(ran.out));
        QVERIFY2(ran.out.contains(u"window: "_s) && !ran.out.contains(u"window: 0x"_s), qPrintable(ran.out));
    }
    void thePreferredLanguageWins()
    {
        const QString path = m_home.filePath(u"XDG_CONFIG_HOME/danube/danube-console.conf"_s);
        QSettings settings(path, QSettings::IniFormat);
        Preferences preferences;
        preferences.language = u"de"_s;
        preferences.store(settings);
        settings.sync();
        QCOMPARE(settings.status(), QSettings::NoError);
        const Ran ran = check(u"en_GB.UTF-8"_s);
        QVERIFY(QFile::remove(path));
        QVERIFY2(ran.out.contains(u"language: de\n"_s), qPrintable(ran.out + ran.err));
    }
    void helpNamesWhatTheDocumentsName()
    {
        QFile documents(QStringLiteral(DANUBE_SOURCE_DIR) + u"/docs/console.md"_s);
        QVERIFY(documents.open(QIODevice::ReadOnly));
        const Ran ran = run(at(u"bin/danube-console"_s), {u"--help"_s}, user(u"C"_s));
        QCOMPARE(ran.code, 0);
        const QSet<QString> common{u"--help"_s, u"--help-all"_s, u"--version"_s};
        const QSet<QString> offered = optionsIn(ran.out) - common;
        QVERIFY(!offered.isEmpty());
        QCOMPARE(optionsIn(usage(documents.readAll())), offered);
    }
    void nothingIsMissingFromAWholeInstallation()
    {
        if (!QFile::exists(QStringLiteral(DANUBE_BIN_DIR) + u"/danube-sandbox"_s) ||
            !QFile::exists(QStringLiteral(DANUBE_BIN_DIR) + u"/danube-master"_s))
            QSKIP("only some targets are built here; after a whole build this runs");
        QTemporaryDir whole;
        const Ran installed = run(u"cmake"_s, {u"--install"_s, m_build, u"--prefix"_s, whole.path()},
                                  QProcessEnvironment::systemEnvironment());
        QVERIFY2(installed.code == 0, qPrintable(installed.err));
        for (const QString &program : {u"danube-console"_s, u"danubectl"_s, u"danube-master"_s})
            QVERIFY2(QFileInfo(whole.filePath(u"bin/"_s + program)).isExecutable(), qPrintable(program));
        QVERIFY(QFile::exists(whole.filePath(u"share/applications/dev.danube.console.desktop"_s)));
    }
};

QTEST_GUILESS_MAIN(A39)
#include "a39_package.moc"
