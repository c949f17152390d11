// SPDX-License-Identifier: GPL-3.0-or-later
// What git prints of a repository that anybody may have written, and what a forge answers: within the limits, or an
// error. What is listed can be read back from a batch of exactly that form.
#include "server/blueprint/apptokens.h"
#include "server/blueprint/gitobjects.h"
#include "server/blueprint/signatures.h"
#include "server/source/mirror.h"
#include "tests/fuzz/require.h"

using namespace danube;
using namespace danube::blueprint;

namespace {

constexpr ReadLimits limits{.files = 20, .fileBytes = 1000, .totalBytes = 5000};

QByteArray batchOf(std::span<const TreeEntry> entries)
{
    QByteArray output;
    for (const TreeEntry &entry : entries)
        output += entry.object.toLatin1() + " blob " + QByteArray::number(entry.size) + '\n' +
                  QByteArray(entry.size, 'x') + '\n';
    return output;
}

void checkTree(const QByteArray &output)
{
    const auto listing = parseTree(output, QStringLiteral("a"), limits);
    if (!listing)
        return;
    require(listing->entries.size() <= limits.files + 1);
    for (const TreeEntry &entry : listing->entries)
        require(entry.size >= 0 && entry.size <= limits.fileBytes && source::isCommitId(entry.object));
    const std::span entries(listing->entries.constData(), static_cast<size_t>(listing->entries.size()));
    const QByteArray batch = batchOf(entries);
    const auto contents = parseBatch(batch, entries);
    require(contents && contents->size() == listing->entries.size());
    require(entries.empty() || !parseBatch(batch.chopped(1), entries));
    std::ignore = parseBatch(output, entries);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray output(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    checkTree(output);
    if (const auto signature = parseSignature(output)) {
        const bool isTrusted = !whyNotTrusted(QStringLiteral("c"), *signature);
        require(isTrusted == (signature->verdict == u'G'));
    }
    if (const auto found = source::chooseDefault(output))
        require(source::isCommitId(found->commit));
    std::ignore = source::chooseRef(QStringLiteral("main"), output);
    if (const auto token = readAppToken(output))
        require(!token->token.isEmpty() && token->token.reveal().size() <= 4096);
    return 0;
}
