// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/models/blueprintworkspace.h"

#include "shared/blueprint/masking.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace danube::console {

namespace {

// What a Blueprint without configuration begins with; committed only when somebody edits it.
constexpr char emptyConfig[] = R"({
  "apiVersion": "danube.dev/v1",
  "kind": "Config",
  "metadata": {"name": "global"},
  "spec": {}
}
)";

/// Masters show password hashes as asterisks, which no Blueprint may have: for validating what nobody touched, any hash
/// stands in their place.
QByteArray withStandInHashes(QByteArray text)
{
    static const QByteArray hash = "\"$2b$12$" + QByteArray(53, 'a') + '"';
    for (int left = 1000; left > 0; --left) {
        const auto json = blueprint::JsonPositions::scan(text);
        const auto *mask = json ? blueprint::findMask(*json) : nullptr;
        if (!mask)
            break;
        text = text.first(mask->begin) + hash + text.sliced(mask->end);
    }
    return text;
}

} // namespace

BlueprintWorkspace::BlueprintWorkspace(const Clock &clock, QObject *parent) : QObject(parent), m_clock(clock)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(findingsDelay);
    connect(&m_timer, &QTimer::timeout, this, &BlueprintWorkspace::validateNow);
}

BlueprintWorkspace::~BlueprintWorkspace() = default;

void BlueprintWorkspace::load(BlueprintBase base)
{
    m_base = std::move(base);
    m_loaded = true;
    for (const auto &[path, document] : m_documents)
        document->load(startText(path));
    judgeBase();
    emit loaded();
    validateNow();
}

QByteArray BlueprintWorkspace::startText(const QString &path) const
{
    return m_base.files.value(path, path == configFile ? QByteArray(emptyConfig) : QByteArray());
}

void BlueprintWorkspace::judgeBase()
{
    blueprint::ValidatorOptions lenient = m_options;
    lenient.alwaysSnapshot = true;
    m_before = blueprint::validate(validated(m_base.files), lenient).snapshot.value_or(blueprint::Snapshot());
}

BlueprintDocument *BlueprintWorkspace::document(const QString &path)
{
    const auto known = m_documents.find(path);
    if (known != m_documents.end())
        return known->second.get();
    if (!m_base.files.contains(path) && path != configFile)
        return nullptr;
    auto document = std::make_unique<BlueprintDocument>(path, startText(path), m_clock);
    follow(*document);
    return (m_documents[path] = std::move(document)).get();
}

void BlueprintWorkspace::follow(BlueprintDocument &document)
{
    connect(&document, &BlueprintDocument::textChanged, this, [this, &document] {
        m_timer.start();
        emit edited(document.path());
    });
    connect(&document, &BlueprintDocument::modifiedChanged, this, &BlueprintWorkspace::modifiedChanged);
}

QStringList BlueprintWorkspace::paths() const
{
    QStringList paths = m_base.files.keys();
    paths.removeOne(configFile);
    paths.prepend(configFile);
    return paths;
}

bool BlueprintWorkspace::isModified() const
{
    return std::ranges::any_of(m_documents, [](const auto &entry) { return entry.second->isModified(); });
}

blueprint::Files BlueprintWorkspace::files() const
{
    blueprint::Files files = m_base.files;
    files.insert(changedFiles());
    return files;
}

blueprint::Files BlueprintWorkspace::changedFiles() const
{
    blueprint::Files files;
    for (const auto &[path, document] : m_documents) {
        if (document->isModified())
            files.insert(path, document->text());
    }
    return files;
}

blueprint::Files BlueprintWorkspace::validated(const blueprint::Files &files) const
{
    blueprint::Files all = files;
    for (auto it = all.begin(); it != all.end(); ++it) {
        if (it.value() == m_base.files.value(it.key()))
            it.value() = withStandInHashes(it.value());
    }
    return all;
}

void BlueprintWorkspace::validateNow()
{
    m_timer.stop();
    auto validation = blueprint::validate(validated(files()), m_options);
    m_findings = std::move(validation.findings);
    m_after = std::move(validation.snapshot);
    m_changes = m_after ? blueprint::changesBetween(m_before, *m_after) : QList<blueprint::Change>();
    emit findingsChanged();
}

void BlueprintWorkspace::setLintOptions(const egress::LintOptions &options)
{
    m_options.egress = options;
    if (m_loaded)
        validateNow();
}

void BlueprintWorkspace::markCommitted(const QString &commit, const blueprint::Files &sent)
{
    m_base.files.insert(sent);
    m_base.commit = commit;
    for (const auto &[path, document] : m_documents) {
        if (sent.contains(path))
            document->markSaved(sent.value(path));
    }
    judgeBase();
    validateNow();
}

void BlueprintWorkspace::rebase(BlueprintBase base, const blueprint::Files &merged)
{
    m_base = std::move(base);
    for (const auto &[path, document] : m_documents) {
        if (merged.contains(path))
            document->rebase(startText(path), merged.value(path), tr("Merge with the branch"));
        else
            document->load(startText(path));
    }
    judgeBase();
    emit modifiedChanged();
    validateNow();
}

} // namespace danube::console
