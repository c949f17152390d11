// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/jsonreader.h"
#include "shared/model/pipeline.h"

#include <QDir>
#include <QTest>

using namespace danube;
using namespace Qt::StringLiterals;

class TestExamples : public QObject
{
    Q_OBJECT
private:
    static QDir folder() { return QDir(QStringLiteral(DANUBE_SOURCE_DIR "/resources/examples")); }

private slots:
    void areWholePipelines_data()
    {
        QTest::addColumn<QString>("name");
        for (const QString &name : folder().entryList(QDir::Dirs | QDir::NoDotAndDotDot))
            QTest::newRow(qPrintable(name)) << name;
    }
    void areWholePipelines()
    {
        QFETCH(QString, name);
        QFile file(folder().filePath(name + u"/pipeline.json"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto pipeline = parseJsonObject(file.readAll()).and_then(pipelineFromDocument);
        QVERIFY2(pipeline, qPrintable(pipeline ? QString() : pipeline.error().message));
        QCOMPARE(pipeline->name, name);
        QCOMPARE(pipeline->repository, u"${REPOSITORY}"_s);
        QVERIFY(QFile::exists(folder().filePath(name + u"/repo/"_s + pipeline->script)));
    }
};

QTEST_APPLESS_MAIN(TestExamples)
#include "tst_examples.moc"
