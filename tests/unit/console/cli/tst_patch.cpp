// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/patch.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace danube::cli;
using namespace Qt::StringLiterals;

class TestPatch : public QObject
{
    Q_OBJECT
private slots:
    void isWhatGitApplies_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        const QByteArray long1 = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        QTest::newRow("middle") << long1 << QByteArray("1\n2\n3\n4\nx\n5\n6\n7\n8\n9\n");
        QTest::newRow("first") << long1 << QByteArray("x\n2\n3\n4\n5\n6\n7\n8\n9\n");
        QTest::newRow("last") << long1 << QByteArray("1\n2\n3\n4\n5\n6\n7\n8\n9\nx\n");
        QTest::newRow("removed") << long1 << QByteArray("1\n2\n3\n7\n8\n9\n");
        QTest::newRow("far apart") << long1 << QByteArray("1\nx\n3\n4\n5\n6\n7\ny\n9\n");
        QTest::newRow("no end") << QByteArray("1\n2") << QByteArray("1\n3");
        QTest::newRow("end added") << QByteArray("1\n2") << QByteArray("1\n2\n");
        QTest::newRow("repeated lines") << QByteArray("a\na\na\n") << QByteArray("a\na\na\na\n");
        QTest::newRow("carriage returns") << QByteArray("1\r\n2\r\n") << QByteArray("1\r\n3\r\n2\r\n");
    }
    void isWhatGitApplies()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QTemporaryDir directory;
        QVERIFY(QDir(directory.path()).mkpath(u"some dir"_s));
        QFile file(directory.filePath(u"some dir/a.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(before);
        file.close();
        QProcess git;
        git.setWorkingDirectory(directory.path());
        git.start(u"git"_s, {u"apply"_s, u"--whitespace=nowarn"_s, u"-"_s});
        git.write(unifiedDiff(u"some dir/a.json"_s, before, after));
        git.closeWriteChannel();
        QVERIFY(git.waitForFinished(20'000));
        QVERIFY2(git.exitCode() == 0, git.readAllStandardError().constData());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), after);
    }

    void isEmptyForTheSame() { QVERIFY(unifiedDiff(u"a"_s, "x\n", "x\n").isEmpty()); }
};

QTEST_GUILESS_MAIN(TestPatch)
#include "tst_patch.moc"
