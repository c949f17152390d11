// SPDX-License-Identifier: GPL-3.0-or-later
// A25: the hosts whose verdict an edit changes, against brute force over random lists and hosts.
#include "console/models/hosttest.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

using namespace danube;
using namespace danube::console;
using namespace Qt::StringLiterals;

namespace {

const QStringList labels{u"a"_s, u"b"_s, u"files"_s, u"cdn"_s, u"evil"_s};
const QStringList domains{u"pypi.org"_s, u"example.org"_s, u"example.com"_s, u"github.com"_s};
const QStringList ports{u""_s, u""_s, u""_s, u":443"_s, u":80"_s, u":8443"_s};

class Dice
{
public:
    explicit Dice(quint32 seed) : m_random(seed) {}
    const QString &of(const QStringList &list) { return list[m_random.bounded(list.size())]; }
    int below(int bound) { return m_random.bounded(bound); }

    QString name()
    {
        QString name = of(domains);
        if (below(6) == 0)
            name = of(labels) + name; // "evilpypi.org"
        for (int depth = below(3); depth > 0; --depth)
            name = of(labels) + u'.' + name;
        return name;
    }
    QString entry()
    {
        static const QStringList stars{u"*."_s, u"**."_s, u"*"_s, u"*.*."_s, u"f*."_s};
        const QString start = below(2) == 0 ? QString() : of(stars);
        return (below(60) == 0 ? u"*"_s : start + name()) + of(ports);
    }
    /// A name that an entry of the list may or may not match.
    QString nameNear(const QStringList &list)
    {
        if (list.isEmpty() || below(3) == 0)
            return name();
        QString near = of(list).section(u':', 0, 0);
        near.replace(u"**"_s, of(labels) + u'.' + of(labels)).replace(u'*', of(labels));
        return near.contains(u'.') ? near : name();
    }
    QStringList list()
    {
        QStringList list;
        for (int i = below(5); i > 0; --i)
            list.append(entry());
        return list;
    }

private:
    QRandomGenerator m_random;
};

/// What the contract's grammar says, by regular expressions: the second opinion.
bool oracle(const QString &host, quint16 port, const QStringList &list)
{
    return std::ranges::any_of(list, [&](const QString &entry) {
        const QString pattern = entry.section(u':', 0, 0);
        const QString written = entry.section(u':', 1);
        if (written.isEmpty() ? (port != 80 && port != 443) : written.toInt() != port)
            return false;
        if (pattern == u"*"_s)
            return true;
        QString expression;
        QString rest = pattern;
        if (rest.startsWith("**."_L1)) {
            expression = u"([-a-z0-9_]+[.])+"_s;
            rest.remove(0, 3);
        }
        for (const QChar c : rest)
            expression += c == u'*' ? u"[-a-z0-9_]*"_s : QRegularExpression::escape(c);
        return QRegularExpression(QRegularExpression::anchoredPattern(expression)).match(host).hasMatch();
    });
}

} // namespace

class TestHosts : public QObject
{
    Q_OBJECT
private slots:
    void changesEqualBruteForce()
    {
        Dice dice(2025);
        constexpr int pairs = 10'000;
        int changed = 0;
        for (int i = 0; i < pairs; ++i) {
            const QStringList before = dice.list();
            QStringList after = before;
            if (!after.isEmpty() && dice.below(2) == 0)
                after.removeAt(dice.below(int(after.size())));
            if (dice.below(2) == 0)
                after.append(dice.entry());
            const egress::Question host{dice.nameNear(before + after),
                                        quint16(QList<int>{443, 443, 443, 80, 8443, 22}[dice.below(6)])};
            const HostVerdict verdict = testHosts({host}, {.base = before}, {.base = after}, {}).first();
            const bool now = oracle(host.host, host.port, before);
            const bool then = oracle(host.host, host.port, after);
            const auto where =
                u"%1:%2 in [%3] then [%4]"_s.arg(host.host).arg(host.port).arg(before.join(u' '), after.join(u' '));
            QVERIFY2(verdict.now.isAllowed == now && verdict.after.isAllowed == then, qPrintable(where));
            QCOMPARE(verdict.changes(), now != then);
            changed += now != then;
        }
        QVERIFY2(changed > 1000, qPrintable(u"only %1 changes"_s.arg(changed))); // the dice are worth something
    }
    void findsTheHostsOfALog()
    {
        const QString log = u"Collecting requests (from -r requirements.txt)\n"
                            "  Downloading https://files.example.org:8443/packages/a/b.whl (63 kB)\n"
                            "curl: (6) Could not resolve host: cdn.example.com\n"
                            "Cloning into 'x' from git+ssh://git@github.com/a/b\n"
                            "fatal: unable to access 'https://user:secret@git.example.org/x.git/': refused\n"
                            "src/main.c:12:3: warning: unused setup.py\n"
                            "registry.danube-system:5000\n"
                            "connect to mirror.example.net port 443 failed\n"
                            "https://files.example.org:8443/again\n"_s;
        QCOMPARE(hostsIn(log), (QStringList{u"https://files.example.org:8443"_s, u"cdn.example.com"_s,
                                            u"git+ssh://github.com"_s, u"https://git.example.org"_s,
                                            u"registry.danube-system:5000"_s, u"mirror.example.net"_s}));
    }
    void takesAPlainList()
    {
        QCOMPARE(hostsIn(u"pypi.org\n\n  files.example.org:8443  \r\nlocalhost\npypi.org\n"_s),
                 (QStringList{u"pypi.org"_s, u"files.example.org:8443"_s, u"localhost"_s}));
    }
    void isBounded()
    {
        QString text;
        for (int i = 0; i < 5000; ++i)
            text += u"h%1.example.org\n"_s.arg(i);
        QCOMPARE(hostsIn(text).size(), maxHosts);
        QCOMPARE(hostsIn(QString(1'000'000, u'a')).size(), 0);
    }
    void countsTheJobsAnEditLetsThrough()
    {
        const auto refusal = [](const char *job, const char *host, quint16 port) {
            EgressRefusal made;
            made.job = JobId(QString::fromLatin1(job));
            made.host = QString::fromLatin1(host);
            made.port = port;
            return made;
        };
        const QList<EgressRefusal> refusals{refusal("j1", "cdn.example.com", 443), refusal("j1", "cdn.example.com", 0),
                                            refusal("j2", "cdn.example.com", 0), refusal("j3", "evil.example.net", 443),
                                            refusal("j4", "pypi.org", 443)};
        QCOMPARE(jobsLetThrough(refusals, {.base = {u"pypi.org"_s}}, {.base = {u"pypi.org"_s, u"*.example.com"_s}}, {}),
                 2);
        QCOMPARE(jobsLetThrough(refusals, {.base = {u"pypi.org"_s}}, {.base = {}}, {}), 0);
    }
};

QTEST_GUILESS_MAIN(TestHosts)
#include "a25_hosts.moc"
