// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/model/artifact.h"

#include <QJsonDocument>
#include <QTest>

using namespace danube;
using namespace Qt::StringLiterals;

class TestArtifact : public QObject
{
    Q_OBJECT
private slots:
    void judgesNames_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("valid");
        QTest::newRow("file") << u"a.tgz"_s << true;
        QTest::newRow("path") << u"dist/x86/a.tgz"_s << true;
        QTest::newRow("blanks and UTF-8") << u"mein Paket ü.tgz"_s << true;
        QTest::newRow("dots in names") << u"..a/b..c/..."_s << true;
        QTest::newRow("512 bytes") << QString(512, u'a') << true;
        QTest::newRow("513 bytes") << QString(513, u'a') << false;
        QTest::newRow("513 bytes of UTF-8") << QString(257, u'ü') << false;
        QTest::newRow("empty") << QString() << false;
        QTest::newRow("absolute") << u"/etc/passwd"_s << false;
        QTest::newRow("parent") << u".."_s << false;
        QTest::newRow("parent inside") << u"a/../../b"_s << false;
        QTest::newRow("dot inside") << u"a/./b"_s << false;
        QTest::newRow("double slash") << u"a//b"_s << false;
        QTest::newRow("directory") << u"a/"_s << false;
        QTest::newRow("backslash") << u"a\\b"_s << false;
        QTest::newRow("newline") << u"a\nb"_s << false;
        QTest::newRow("last control") << u"a\x1f"_s << false;
        QTest::newRow("blank is none") << u"a\x20z"_s << true;
        QTest::newRow("DEL") << u"a\x7f"_s << false;
        QTest::newRow("NUL") << QString(QChar(0)) << false;
    }
    void judgesNames()
    {
        QFETCH(QString, name);
        QFETCH(bool, valid);
        QCOMPARE(isValidArtifactName(name), valid);
    }

    void goesToItsWireFormAndBack()
    {
        const Artifact artifact{ArtifactId(u"a1"_s),      JobId(u"j1"_s), u"x.tgz"_s,
                                ByteCount(5'000'000'000), "abcd",         WallTime(milliseconds(1'769'860'800'000))};
        QCOMPARE(QJsonDocument(toJson(artifact)).toJson(QJsonDocument::Compact),
                 R"({"created_at":"2026-01-31T12:00:00.000Z","id":"a1","job_id":"j1","name":"x.tgz","sha256":"abcd",)"
                 R"("size_bytes":5000000000})"_ba);
        QCOMPARE(artifactFromJson(toJson(artifact)), artifact);
        QCOMPARE(artifactFromJson({}), Artifact());
    }
};

QTEST_APPLESS_MAIN(TestArtifact)
#include "tst_artifact.moc"
