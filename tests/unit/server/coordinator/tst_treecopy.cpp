// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/coordinator/treecopy.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace danube;
using namespace danube::coordinator;
using namespace Qt::StringLiterals;

class TestTreeCopy : public QObject
{
    Q_OBJECT
private:
    struct Fixture
    {
        QTemporaryDir dir;
        QString source = dir.filePath(u"source"_s);
        QString target = dir.filePath(u"target"_s);
        QString outside = dir.filePath(u"outside"_s);
        Fixture()
        {
            for (const auto &path : {source, target, outside})
                QDir().mkpath(path);
            write(outside + u"/file"_s, "precious");
        }
        static void write(const QString &path, const QByteArray &text)
        {
            QDir().mkpath(QFileInfo(path).path());
            QFile file(path);
            if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
                qFatal("cannot write %s", qPrintable(path));
        }
        static void link(const QString &text, const QString &path)
        {
            QDir().mkpath(QFileInfo(path).path());
            if (::symlink(QFile::encodeName(text).constData(), QFile::encodeName(path).constData()) != 0)
                qFatal("cannot link %s", qPrintable(path));
        }
        static QByteArray read(const QString &path)
        {
            QFile file(path);
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(none)");
        }
        static mode_t modeOf(const QString &path)
        {
            struct stat info{};
            return ::lstat(QFile::encodeName(path).constData(), &info) == 0 ? info.st_mode : 0;
        }
        bool outsideIsUntouched() const
        {
            return QDir(outside).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot) ==
                       QStringList{u"file"_s} &&
                   read(outside + u"/file"_s) == "precious";
        }
    };

private slots:
    void copiesFilesDirectoriesLinksAndModes()
    {
        Fixture fixture;
        Fixture::write(fixture.source + u"/a/b/c"_s, QByteArray(3'000'000, 'x'));
        Fixture::write(fixture.source + u"/.git/HEAD"_s, "ref\n");
        Fixture::write(fixture.source + u"/run"_s, "#!/bin/sh\n");
        Fixture::write(fixture.source + u"/empty"_s, "");
        QVERIFY(::chmod(QFile::encodeName(fixture.source + u"/run"_s).constData(), 04755) == 0);
        QVERIFY(::chmod(QFile::encodeName(fixture.source + u"/a/b/c"_s).constData(), 0444) == 0);
        Fixture::link(u"a/b/c"_s, fixture.source + u"/link"_s);
        Fixture::link(u"/etc/passwd"_s, fixture.source + u"/absolute"_s);
        Fixture::link(u"nowhere"_s, fixture.source + u"/dangling"_s);
        const auto copied = copyTree(fixture.source, fixture.target);
        QVERIFY2(copied, qPrintable(copied ? QString() : copied.error().message));
        QCOMPARE(copied->files, 7);
        QCOMPARE(copied->bytes, 3'000'000 + 4 + 10);
        QCOMPARE(Fixture::read(fixture.target + u"/a/b/c"_s), QByteArray(3'000'000, 'x'));
        QCOMPARE(Fixture::read(fixture.target + u"/.git/HEAD"_s), "ref\n");
        QCOMPARE(Fixture::modeOf(fixture.target + u"/run"_s) & 07777, mode_t(0755));
        QCOMPARE(Fixture::modeOf(fixture.target + u"/a/b/c"_s) & 07777, mode_t(0444));
        QCOMPARE(QFile::symLinkTarget(fixture.target + u"/absolute"_s), u"/etc/passwd"_s);
        QVERIFY(S_ISLNK(Fixture::modeOf(fixture.target + u"/dangling"_s)));
        QVERIFY(S_ISLNK(Fixture::modeOf(fixture.target + u"/link"_s)));
    }
    void neverFollowsWhatTheWorkspaceHolds_data()
    {
        // What a hostile user of the volume put there, and where the source has a file or directory of that name.
        QTest::addColumn<QString>("trap");
        QTest::addColumn<QString>("linkText");
        QTest::addColumn<QString>("file");
        QTest::newRow("directory link") << u"sub"_s << u"../outside"_s << u"sub/file"_s;
        QTest::newRow("absolute directory link") << u"sub"_s << u"OUTSIDE"_s << u"sub/new"_s;
        QTest::newRow("file link") << u"file"_s << u"../outside/file"_s << u"file"_s;
        QTest::newRow("dangling file link") << u"new"_s << u"../outside/new"_s << u"new"_s;
        QTest::newRow("deep directory link") << u"a/b"_s << u"../../outside"_s << u"a/b/file"_s;
        QTest::newRow("magic link") << u"sub"_s << u"/proc/self/cwd"_s << u"sub/file"_s;
        QTest::newRow("link to itself") << u"sub"_s << u"sub"_s << u"sub/file"_s;
    }
    void neverFollowsWhatTheWorkspaceHolds()
    {
        QFETCH(QString, trap);
        QFETCH(QString, linkText);
        QFETCH(QString, file);
        Fixture fixture;
        Fixture::link(linkText == "OUTSIDE"_L1 ? fixture.outside : linkText, fixture.target + u'/' + trap);
        Fixture::write(fixture.source + u'/' + file, "mine");
        const auto copied = copyTree(fixture.source, fixture.target);
        QVERIFY2(copied, qPrintable(copied ? QString() : copied.error().message));
        QVERIFY(fixture.outsideIsUntouched());
        QVERIFY(!S_ISLNK(Fixture::modeOf(fixture.target + u'/' + trap)));
        QCOMPARE(Fixture::read(fixture.target + u'/' + file), "mine");
    }
    void sourceLinksAreNotFollowedEither()
    {
        Fixture fixture;
        Fixture::link(fixture.outside, fixture.source + u"/sub"_s);
        QVERIFY(copyTree(fixture.source, fixture.target));
        QVERIFY(S_ISLNK(Fixture::modeOf(fixture.target + u"/sub"_s)));
        QCOMPARE(QFile::symLinkTarget(fixture.target + u"/sub"_s), fixture.outside);
    }
    void replacesFilesAndHardLinksInsteadOfWritingThrough()
    {
        Fixture fixture;
        const auto hard = fixture.target + u"/file"_s;
        QVERIFY(::link(QFile::encodeName(fixture.outside + u"/file"_s).constData(),
                       QFile::encodeName(hard).constData()) == 0);
        QVERIFY(::mkfifo(QFile::encodeName(fixture.target + u"/pipe"_s).constData(), 0600) == 0);
        Fixture::write(fixture.source + u"/file"_s, "mine");
        Fixture::write(fixture.source + u"/pipe"_s, "no pipe");
        QVERIFY(copyTree(fixture.source, fixture.target));
        QVERIFY(fixture.outsideIsUntouched());
        QCOMPARE(Fixture::read(hard), "mine");
        QCOMPARE(Fixture::read(fixture.target + u"/pipe"_s), "no pipe");
    }
    void refusesADirectoryInAFilesPlace()
    {
        Fixture fixture;
        Fixture::write(fixture.target + u"/name/keep"_s, "theirs");
        Fixture::write(fixture.source + u"/name"_s, "mine");
        const auto copied = copyTree(fixture.source, fixture.target);
        QVERIFY(!copied);
        QVERIFY2(copied.error().message.startsWith("replace name: "_L1), qPrintable(copied.error().message));
    }
    void refusesPipesInTheSource()
    {
        Fixture fixture;
        QVERIFY(::mkfifo(QFile::encodeName(fixture.source + u"/pipe"_s).constData(), 0600) == 0);
        QVERIFY(copyTree(fixture.source, fixture.target).error().message.startsWith("pipe: "_L1));
    }
    void boundsTheDepth()
    {
        Fixture fixture;
        QString path = fixture.source;
        for (int i = 0; i < 250; ++i)
            path += u"/d"_s;
        QVERIFY(QDir().mkpath(path));
        const auto copied = copyTree(fixture.source, fixture.target);
        QVERIFY(!copied);
        QCOMPARE(copied.error().code, ErrorCode::ResourceExhausted);
    }
    void keepsWhatElseIsThere()
    {
        Fixture fixture;
        Fixture::write(fixture.target + u"/cache/x"_s, "kept");
        Fixture::write(fixture.source + u"/file"_s, "mine");
        QVERIFY(copyTree(fixture.source, fixture.target));
        QCOMPARE(Fixture::read(fixture.target + u"/cache/x"_s), "kept");
    }
    void namesAMissingWorkspace()
    {
        Fixture fixture;
        QVERIFY(copyTree(fixture.source, fixture.dir.filePath(u"gone"_s)).error().message.contains("gone"_L1));
    }
};

QTEST_APPLESS_MAIN(TestTreeCopy)
#include "tst_treecopy.moc"
