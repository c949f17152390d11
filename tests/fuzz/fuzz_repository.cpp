// SPDX-License-Identifier: GPL-3.0-or-later
// URLs of repositories and names of commits, as people and pipelines write them: nothing that git is given can be an
// option or a helper, nothing that is shown holds a password, and a URL that was taken is taken again.
#include "server/source/repository.h"
#include "tests/fuzz/require.h"

using namespace danube::source;

namespace {

bool isHarmless(const QString &text)
{
    return !text.startsWith(u'-') &&
           std::ranges::none_of(text, [](QChar c) { return c.unicode() < 0x20 || c.unicode() == 0x7f; });
}

void checkRepository(const QString &text)
{
    const QStringList allowed{QStringLiteral("https"), QStringLiteral("ssh"), QStringLiteral("file")};
    const auto repository = parseRepository(text, allowed);
    if (!repository)
        return require(!repository.error().message.contains(u'\n'));
    require(allowed.contains(repository->protocol) && repository->mirrorName.size() == 64);
    require(isHarmless(repository->url) && isHarmless(repository->shown));
    const qsizetype helper = repository->url.indexOf(u"::"); // git runs git-remote-X for X::…
    require(helper < 0 || repository->url.first(helper).contains(u'/'));
    if (repository->protocol != u"https")
        return;
    require(!repository->url.section(u'/', 2, 2).contains(u'@'));
    if (repository->url.size() > 2048) // written out it may be longer than what is taken
        return;
    const auto again = parseRepository(repository->url, allowed);
    require(again && again->url == repository->url && again->config.isEmpty());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QString text = QString::fromUtf8(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    checkRepository(text);
    checkRepository(QStringLiteral("https://") + text);
    if (const auto reference = parseReference(text)) {
        require(isHarmless(reference->text) && reference->text.size() <= 255);
        require((reference->kind == Reference::Kind::Default) == text.isEmpty());
        require((reference->kind == Reference::Kind::Commit) == isCommitId(reference->text));
    }
    return 0;
}
