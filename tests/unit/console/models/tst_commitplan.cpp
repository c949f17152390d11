// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/commitplan.h"

#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

class TestCommitPlan : public QObject
{
    Q_OBJECT
    static blueprint::Change host(const QString &name)
    {
        return {.verb = blueprint::Change::Verb::Added, .field = u"egress_allowlist"_s, .after = name};
    }
    static blueprint::Change setting(const QString &field)
    {
        return {.field = field, .before = u"1"_s, .after = u"2"_s};
    }

private slots:
    void theMessageSaysWhatChanges()
    {
        QCOMPARE(messageTemplateOf({host(u"a.example.org"_s), setting(u"retention.logs_days"_s)}),
                 u"blueprint: allow a.example.org, set logs_days"_s);
        QCOMPARE(messageTemplateOf({}), u"blueprint: change the configuration"_s);
    }
    void theSubjectIsShort()
    {
        const QString subject =
            messageTemplateOf({host(u"a.example.org"_s), setting(u"logs_days"_s), setting(u"max_jobs"_s)});
        QCOMPARE(subject, u"blueprint: allow a.example.org, set logs_days"_s);
        QVERIFY(subject.size() <= 50);
    }
};

QTEST_GUILESS_MAIN(TestCommitPlan)
#include "tst_commitplan.moc"
