// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/cli/egressfiles.h"

#include "shared/core/jsonreader.h"
#include "shared/egress/servicetext.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace danube::cli {
namespace {

constexpr qint64 maxFileBytes = 1 << 20;

Result<QByteArray> readFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::InvalidArgument, u"read %1: %2"_s.arg(path, file.errorString()));
    QByteArray bytes = file.read(maxFileBytes + 1);
    if (bytes.size() > maxFileBytes)
        return fail(ErrorCode::InvalidArgument, u"read %1: longer than 1 MiB"_s.arg(path));
    return bytes;
}

/// A directory stands for the Blueprint's files in it.
QStringList filesOf(const QString &path)
{
    if (!QFileInfo(path).isDir())
        return {path};
    QStringList files;
    const QDir directory(path);
    if (directory.exists(u"config.json"_s))
        files.append(directory.filePath(u"config.json"_s));
    const QDir pipelines(directory.filePath(u"pipelines"_s));
    for (const QString &name : pipelines.entryList({u"*.json"_s}, QDir::Files, QDir::Name))
        files.append(pipelines.filePath(name));
    return files;
}

QStringList entriesOfText(const QByteArray &bytes)
{
    QStringList entries;
    for (const QString &line : QString::fromUtf8(bytes).split(u'\n')) {
        const QString entry = line.section(u'#', 0, 0).trimmed();
        if (!entry.isEmpty())
            entries.append(entry);
    }
    return entries;
}

Result<EgressList> readDocument(const QJsonObject &document)
{
    JsonReader envelope(document);
    const QString kind = envelope.requiredString("kind"_L1);
    const bool isPipeline = kind == u"Pipeline";
    if (!isPipeline && kind != u"Config")
        envelope.refuse("kind"_L1, u"\"Config\" or \"Pipeline\""_s);
    JsonReader metadata(envelope.object("metadata"_L1).value_or(QJsonObject()), envelope.pathOf("metadata"_L1));
    JsonReader spec(envelope.object("spec"_L1).value_or(QJsonObject()), envelope.pathOf("spec"_L1));
    EgressList list;
    if (isPipeline)
        list.pipeline = metadata.requiredString("name"_L1);
    list.entries = spec.stringList("egress_allowlist"_L1).value_or(QStringList());
    const QString mode = spec.string("egress_mode"_L1).value_or(u"enforce"_s);
    if (mode != u"enforce" && mode != u"audit")
        spec.refuse("egress_mode"_L1, u"\"enforce\" or \"audit\""_s);
    list.mode = mode == u"audit" ? egress::Mode::Audit : egress::Mode::Enforce;
    for (const JsonReader *reader : {&envelope, &metadata, &spec}) {
        if (auto finished = reader->finish(UnknownFields::Ignore); !finished)
            return std::unexpected(finished.error());
    }
    return list;
}

Result<EgressList> readList(const QString &path)
{
    const auto bytes = readFile(path);
    if (!bytes)
        return std::unexpected(bytes.error());
    const QByteArray text = bytes->trimmed();
    if (!text.startsWith('{') && !text.startsWith('['))
        return EgressList{.file = path, .pipeline = {}, .entries = entriesOfText(text)};
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(text, &error);
    if (document.isNull())
        return fail(ErrorCode::InvalidArgument,
                    u"%1: byte %2: %3"_s.arg(path).arg(error.offset).arg(error.errorString()));
    // An array is read as the list of a document, so that both refuse the same.
    const QJsonObject object = document.isObject()
                                   ? document.object()
                                   : QJsonObject{{u"kind"_s, u"Config"_s},
                                                 {u"spec"_s, QJsonObject{{u"egress_allowlist"_s, document.array()}}}};
    auto list = readDocument(object);
    if (!list)
        return std::unexpected(list.error().in(path));
    list->file = path;
    return list;
}

} // namespace

egress::PolicyRequest EgressLists::request() const
{
    egress::PolicyRequest request{.allowlist = base.entries, .mode = base.mode, .pipelines = {}};
    for (const EgressList &list : pipelines)
        request.pipelines.append({list.pipeline, list.entries, list.mode});
    return request;
}

Result<EgressLists> readEgressLists(const QStringList &files)
{
    EgressLists lists;
    for (const QString &path : files) {
        for (const QString &file : filesOf(path)) {
            auto list = readList(file);
            if (!list)
                return std::unexpected(list.error());
            if (!list->pipeline.isEmpty())
                lists.pipelines.append(*std::move(list));
            else if (lists.base.file.isEmpty())
                lists.base = *std::move(list);
            else
                return fail(ErrorCode::InvalidArgument,
                            u"%1: a second list for every job, after %2"_s.arg(file, lists.base.file));
        }
    }
    if (lists.base.file.isEmpty() && lists.pipelines.isEmpty())
        return fail(ErrorCode::InvalidArgument,
                    u"%1: no config.json and no pipelines/*.json"_s.arg(files.join(u", "_s)));
    return lists;
}

QStringList egressHosts(const Options &options)
{
    return options.arguments.value(0) == u"explain" ? options.arguments.sliced(1, 1) : options.values.value(u"host"_s);
}

Result<egress::PolicySettings> egressSettings(const Options &options)
{
    egress::PolicySettings settings;
    const auto cilium = egress::parseCiliumVersion(options.value(u"cilium"_s, toText(settings.cilium)));
    if (!cilium)
        return std::unexpected(cilium.error());
    settings.cilium = *cilium;
    settings.instance = options.value(u"instance"_s, settings.instance);
    settings.jobsNamespace = options.value(u"namespace"_s, settings.jobsNamespace);
    settings.fallbackCidrs = options.values.value(u"cidr"_s);
    for (const QString &text : options.values.value(u"service"_s)) {
        auto service = egress::parseService(text);
        if (!service)
            return std::unexpected(service.error().in(u"--service"_s));
        settings.services.append(*std::move(service));
    }
    return settings;
}

} // namespace danube::cli
