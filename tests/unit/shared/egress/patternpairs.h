// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/egress/pattern.h"

#include <QRandomGenerator>

/// Patterns and names that every reader of allowlists is held against: the pattern itself, explain, the compiler, the
/// guard.
namespace danube::egress::tests {

using namespace Qt::StringLiterals;

constexpr CiliumVersion older{1, 18};
constexpr CiliumVersion newer{1, 19};

/// One row of the contract's table.
struct PatternRow
{
    const char *name = nullptr;
    QString text;
    QList<bool> isMatch; ///< of tableNames, since Cilium 1.19
    bool isDeepMatchOnOlder = false;
};
inline const QStringList tableNames{u"pypi.org"_s, u"files.pypi.org"_s, u"a.b.pypi.org"_s, u"evilpypi.org"_s};
inline QList<PatternRow> patternTable()
{
    return {{"name", u"pypi.org"_s, {true, false, false, false}, false},
            {"one label", u"*.pypi.org"_s, {false, true, false, false}, false},
            {"any depth", u"**.pypi.org"_s, {false, true, true, false}, false},
            {"loose", u"*pypi.org"_s, {true, false, false, true}, false},
            {"everything", u"*"_s, {true, true, true, true}, true},
            {"two labels", u"*.*.pypi.org"_s, {false, false, true, false}, true},
            {"upper case, trailing dot", u"*.PyPI.org."_s, {false, true, false, false}, false}};
}

/// An independent reading of the grammar: character by character, every way tried. Exponential and obviously right.
inline bool triesAll(QStringView glob, QStringView name)
{
    if (glob.isEmpty())
        return name.isEmpty();
    if (glob[0] == u'*')
        return triesAll(glob.sliced(1), name) || (!name.isEmpty() && name[0] != u'.' && triesAll(glob, name.sliced(1)));
    return !name.isEmpty() && glob[0] == name[0] && triesAll(glob.sliced(1), name.sliced(1));
}

inline bool oracle(const QString &text, const QString &name, CiliumVersion version)
{
    const QString glob = text.toLower();
    const QString host = name.toLower();
    if (std::ranges::all_of(glob, [](QChar c) { return c == u'*'; }))
        return true;
    const auto stars = std::ranges::find_if(glob, [](QChar c) { return c != u'*'; }) - glob.begin();
    if (stars < 2 || glob[stars] != u'.' || version < newer)
        return triesAll(glob, host);
    for (auto dot = host.indexOf(u'.'); dot > 0; dot = host.indexOf(u'.', dot + 1)) {
        if (triesAll(QStringView(glob).sliced(stars + 1), QStringView(host).sliced(dot + 1)))
            return true;
    }
    return false;
}

/// Few letters and labels, so that random pairs often match.
inline QString randomText(QRandomGenerator &random, const QString &letters)
{
    QStringList labels;
    for (int label = random.bounded(1, 5); label > 0; --label) {
        QString text;
        for (int i = random.bounded(1, 4); i > 0; --i)
            text.append(letters[random.bounded(int(letters.size()))]);
        labels.append(text);
    }
    return labels.join(u'.');
}

/// 10 000 pairs of pattern and name, always the same.
inline QList<std::pair<QString, QString>> randomPairs()
{
    QRandomGenerator random(20261122);
    QList<std::pair<QString, QString>> pairs;
    for (int i = 0; i < 10'000; ++i) {
        QString text = randomText(random, u"ab*"_s);
        if (random.bounded(4) == 0)
            text.prepend(u"**."_s);
        pairs.append({text, randomText(random, u"ab"_s)});
    }
    return pairs;
}

} // namespace danube::egress::tests
