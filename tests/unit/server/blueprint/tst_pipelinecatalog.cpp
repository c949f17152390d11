// SPDX-License-Identifier: GPL-3.0-or-later
// A Blueprint as a directory: the same findings as in a repository, all or nothing.
#include "server/blueprint/pipelinecatalog.h"
#include "shared/blueprint/directory.h"
#include "shared/blueprint/validator.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace danube;
using namespace danube::blueprint;
using namespace Qt::StringLiterals;

namespace {

// moc reads no quotes in raw strings.
QByteArray json(QByteArray text)
{
    return text.replace('\'', '"');
}

QByteArray config()
{
    return json("{'apiVersion': 'danube.dev/v1', 'kind': 'Config', 'metadata': {'name': 'global'},\n"
                "'spec': {'egress_allowlist': ['github.com']}}");
}

QByteArray pipeline(const QByteArray &name, const QByteArray &more = {})
{
    return json("{'apiVersion': 'danube.dev/v1', 'kind': 'Pipeline', 'metadata': {'name': '" + name +
                "'},\n 'spec': {'repository': 'https://git.example.org/a.git'" + more + "}}\n");
}

} // namespace

class TestPipelineCatalog : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    PipelineCatalog m_catalog;

    void write(const QString &path, const QByteArray &text)
    {
        const QString full = m_directory->filePath(path);
        QVERIFY(QDir().mkpath(QFileInfo(full).path()));
        QFile file(full);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    Result<void> load() { return m_catalog.load(m_directory->path()); }

private slots:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        m_catalog = {};
    }

    void readsPipelinesWithoutAConfig()
    {
        write(u"pipelines/web.json"_s, pipeline("web"));
        write(u"README.md"_s, "no part of it");
        QVERIFY(load());
        QCOMPARE(m_catalog.all().size(), 1);
        QVERIFY(!m_catalog.directorySnapshot());
    }
    void isAWholeBlueprintWithAConfig()
    {
        write(u"config.json"_s, config());
        write(u"pipelines/web.json"_s, pipeline("web"));
        QVERIFY(load());
        QVERIFY(m_catalog.directorySnapshot());
        QCOMPARE(m_catalog.directorySnapshot()->config.egressAllowlist, QStringList{u"github.com"_s});
    }
    void isEmptyWithoutFiles()
    {
        QVERIFY(load());
        QVERIFY(m_catalog.all().isEmpty());
        QVERIFY(m_catalog.load(m_directory->filePath(u"missing"_s)));
    }
    void refusesWhatARepositoryWould_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("words");
        const QString web = u"pipelines/web.json"_s;
        QTest::newRow("no JSON") << web << QByteArray("{") << u"/pipelines/web.json:1:2: error: "_s;
        QTest::newRow("schedule") << web << pipeline("web", ", 'triggers': [{'on': 'cron', 'schedule': '61 * * * *'}]")
                                  << u"/pipelines/web.json:2:"_s;
        QTest::newRow("image") << web << pipeline("web", ", 'worker': {'image': 'Debian:13'}") << u"image"_s;
        QTest::newRow("entry") << web << pipeline("web", ", 'egress_allowlist': ['https://a/']")
                               << u"egress_allowlist"_s;
        QTest::newRow("duplicate key") << web << pipeline("web", ", 'script': 'a', 'script': 'b'") << u"script"_s;
        QTest::newRow("another pipeline of the name") << u"pipelines/b.json"_s << pipeline("old") << u"old"_s;
        QTest::newRow("nobody's team") << web << pipeline("web", ", 'permissions': [{'team': 'x', 'level': 'read'}]")
                                       << u"permissions"_s;
    }
    void refusesWhatARepositoryWould()
    {
        QFETCH(QString, path);
        QFETCH(QByteArray, text);
        QFETCH(QString, words);
        write(u"pipelines/old.json"_s, pipeline("old"));
        QVERIFY(load());
        write(path, text);
        const auto refused = load();
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(words), qPrintable(refused.error().message));
        QCOMPARE(m_catalog.all().size(), 1); // the last good one
        const auto findings = validate(*readDirectory(m_directory->path())).findings;
        QVERIFY(std::ranges::any_of(findings, [&refused](const Finding &finding) {
            return refused.error().message.contains(describe(finding));
        }));
    }
    void refusesAnEndlessFile()
    {
        write(u"pipelines/web.json"_s, QByteArray((2 << 20) + 1, ' '));
        const auto refused = load();
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::ResourceExhausted);
    }
};

QTEST_APPLESS_MAIN(TestPipelineCatalog)
#include "tst_pipelinecatalog.moc"
