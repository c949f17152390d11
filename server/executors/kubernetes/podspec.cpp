// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/executors/kubernetes/podspec.h"

#include "server/executors/kubernetes/podnames.h"
#include "server/executors/kubernetes/podsecurity.h"

#include <QDir>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace danube::kubernetes {
namespace {

constexpr qsizetype maxWorkers = 10;
constexpr seconds terminationMargin{5}; ///< for the agent to end after its steps

QJsonObject labelsOf(const jobs::JobLaunch &launch, const KubernetesSettings &settings)
{
    return {{jobLabel, launch.job.id.value()},
            {pipelineLabel, labelValue(launch.job.pipeline)},
            {instanceLabel, labelValue(settings.instance)},
            {managedByLabel, managedBy}};
}

QJsonObject variable(const QString &name, const QString &value)
{
    return {{u"name"_s, name}, {u"value"_s, value}};
}

QJsonObject mount(const QString &volume, const QString &path, bool isReadOnly = false)
{
    QJsonObject mounted{{u"name"_s, volume}, {u"mountPath"_s, path}};
    if (isReadOnly)
        mounted.insert(u"readOnly"_s, true);
    return mounted;
}

QJsonObject emptyDirectory(const QString &name, const QString &sizeLimit = {})
{
    QJsonObject source;
    if (!sizeLimit.isEmpty())
        source.insert(u"sizeLimit"_s, sizeLimit);
    return {{u"name"_s, name}, {u"emptyDir"_s, source}};
}

// A limit without a request is the request too: the default one might lie above it.
QJsonObject resourcesOf(const WorkerResources &asked, const KubernetesSettings &settings)
{
    QJsonObject requests;
    QJsonObject limits;
    const auto add = [&](const QString &name, const QString &request, const QString &limit,
                         const QString &defaultRequest, const QString &defaultLimit) {
        const bool isSilent = request.isEmpty() && limit.isEmpty();
        const QString requested = isSilent ? defaultRequest : request;
        const QString limited = isSilent ? defaultLimit : limit;
        if (!requested.isEmpty())
            requests.insert(name, requested);
        if (!limited.isEmpty())
            limits.insert(name, limited);
    };
    add(u"cpu"_s, asked.cpuRequest, asked.cpuLimit, settings.cpuRequest, settings.cpuLimit);
    add(u"memory"_s, asked.memoryRequest, asked.memoryLimit, settings.memoryRequest, settings.memoryLimit);
    QJsonObject resources;
    if (!requests.isEmpty())
        resources.insert(u"requests"_s, requests);
    if (!limits.isEmpty())
        resources.insert(u"limits"_s, limits);
    return resources;
}

// What every container with an agent has in common.
QJsonObject agentContainer(const QString &name, const QString &image, const QJsonArray &mounts,
                           const QJsonObject &security)
{
    return {{u"name"_s, name},
            {u"image"_s, image},
            {u"command"_s, QJsonArray{places::agentProgram, u"daemon"_s, u"--dir"_s, places::agentDirectory}},
            {u"workingDir"_s, places::workspace},
            {u"env"_s, QJsonArray{variable(u"HOME"_s, places::home), variable(u"TMPDIR"_s, u"/tmp"_s),
                                  variable(u"CI"_s, u"true"_s), variable(u"DANUBE_WORKSPACE"_s, places::workspace)}},
            {u"volumeMounts"_s, mounts},
            {u"securityContext"_s, security},
            // What the agent says before it dies is then part of the container's state.
            {u"terminationMessagePolicy"_s, u"FallbackToLogsOnError"_s}};
}

QJsonObject agentInstaller(const KubernetesSettings &settings)
{
    return {{u"name"_s, u"agent"_s},
            {u"image"_s, settings.coordinatorImage},
            {u"command"_s, QJsonArray{settings.layout.agentProgram, u"install"_s, places::agentProgram}},
            {u"volumeMounts"_s, QJsonArray{mount(u"agent"_s, places::agentVolume)}},
            {u"securityContext"_s, containerSecurity({}, settings.runAsUser)},
            {u"resources"_s, resourcesOf({}, settings)}};
}

QJsonObject coordinator(const KubernetesSettings &settings)
{
    const QJsonArray mounts{
        mount(u"agent"_s, places::agentVolume, true),  mount(u"run-coordinator"_s, places::runVolume),
        mount(u"home-coordinator"_s, places::home),    mount(u"tmp-coordinator"_s, u"/tmp"_s),
        mount(u"private"_s, places::privateDirectory), mount(u"token"_s, places::tokenVolume, true),
        mount(u"workspace"_s, places::workspace)};
    QJsonObject container = agentContainer(coordinatorContainer, settings.coordinatorImage, mounts,
                                           containerSecurity({}, settings.runAsUser));
    container.insert(u"resources"_s, resourcesOf({}, settings));
    return container;
}

QJsonObject worker(const QString &name, const QString &image, const QString &runVolume, const Pipeline &pipeline,
                   const KubernetesSettings &settings)
{
    const QJsonArray mounts{mount(u"agent"_s, places::agentVolume, true), mount(runVolume, places::runVolume),
                            mount(u"home"_s, places::home), mount(u"tmp"_s, u"/tmp"_s),
                            mount(u"workspace"_s, places::workspace)};
    return agentContainer(name, image, mounts, containerSecurity(pipeline.security, settings.runAsUser));
}

QJsonArray volumesOf(const JobId &job, const QList<WorkerContainer> &workers, const KubernetesSettings &settings)
{
    QJsonArray volumes{emptyDirectory(u"agent"_s),
                       emptyDirectory(u"workspace"_s, settings.workspaceLimit),
                       emptyDirectory(u"home"_s),
                       emptyDirectory(u"tmp"_s),
                       emptyDirectory(u"private"_s),
                       emptyDirectory(u"home-coordinator"_s),
                       emptyDirectory(u"tmp-coordinator"_s),
                       emptyDirectory(u"run-coordinator"_s)};
    for (const WorkerContainer &container : workers)
        volumes.append(emptyDirectory(u"run-"_s + container.name));
    const int spares = settings.imagePrefixes.isEmpty() ? 0 : settings.maxEphemeralImages;
    for (int index = 0; index < spares; ++index)
        volumes.append(emptyDirectory(spareRunVolume(index)));
    volumes.append(
        QJsonObject{{u"name"_s, u"token"_s},
                    {u"secret"_s, QJsonObject{{u"secretName"_s, secretNameOf(job)}, {u"defaultMode"_s, 0440}}}});
    return volumes;
}

QJsonObject podSpec(const jobs::JobLaunch &launch, const QList<WorkerContainer> &workers,
                    const KubernetesSettings &settings)
{
    QJsonArray containers{coordinator(settings)};
    for (const WorkerContainer &declared : workers) {
        QJsonObject container =
            worker(declared.name, declared.image, u"run-"_s + declared.name, launch.pipeline, settings);
        container.insert(u"resources"_s, resourcesOf(launch.pipeline.resources, settings));
        containers.append(container);
    }
    const auto wholeSeconds = [](milliseconds time) { return std::chrono::ceil<seconds>(time).count(); };
    const seconds deadline = launch.pipeline.maxDuration + std::chrono::ceil<seconds>(settings.deadlineMargin);
    QJsonObject spec{
        {u"restartPolicy"_s, u"Never"_s},
        {u"automountServiceAccountToken"_s, false},
        {u"enableServiceLinks"_s, false},
        {u"dnsConfig"_s,
         QJsonObject{{u"options"_s, QJsonArray{QJsonObject{{u"name"_s, u"ndots"_s}, {u"value"_s, u"1"_s}}}}}},
        {u"activeDeadlineSeconds"_s, static_cast<qint64>(deadline.count())},
        {u"terminationGracePeriodSeconds"_s,
         static_cast<qint64>(wholeSeconds(settings.killGrace) + terminationMargin.count())},
        {u"securityContext"_s, podSecurity(settings.runAsUser)},
        {u"initContainers"_s, QJsonArray{agentInstaller(settings)}},
        {u"containers"_s, containers},
        {u"volumes"_s, volumesOf(launch.job.id, workers, settings)}};
    QJsonArray pullSecrets;
    for (const QString &name : settings.imagePullSecrets)
        pullSecrets.append(QJsonObject{{u"name"_s, name}});
    if (!pullSecrets.isEmpty())
        spec.insert(u"imagePullSecrets"_s, pullSecrets);
    return spec;
}

QJsonObject metadataOf(const QString &name, const jobs::JobLaunch &launch, const KubernetesSettings &settings)
{
    return {{u"name"_s, name}, {u"namespace"_s, settings.jobsNamespace}, {u"labels"_s, labelsOf(launch, settings)}};
}

// "/workspace/x", "x" and "" are the contract's ways to name a place in the workspace.
QString workingDirectory(const QString &wanted)
{
    const QString root = places::workspace;
    const QString inside = wanted == root || wanted.startsWith(root + u'/') ? wanted.mid(root.size()) : wanted;
    const QString clean = QDir::cleanPath(root + u'/' + inside);
    return clean == root || clean.startsWith(root + u'/') ? clean : root;
}

} // namespace

Result<QList<WorkerContainer>> declaredWorkers(const Pipeline &pipeline, const KubernetesSettings &settings)
{
    QString first = pipeline.image.isEmpty() ? settings.defaultWorkerImage : pipeline.image;
    if (first.isEmpty())
        first = settings.coordinatorImage;
    QStringList images{first};
    images += pipeline.images;
    images.removeDuplicates();
    if (images.size() > maxWorkers)
        return fail(
            ErrorCode::InvalidArgument,
            u"pipeline %1 declares %2 images, at most %3 run beside each other: remove some from worker.images"_s
                .arg(pipeline.name)
                .arg(images.size())
                .arg(maxWorkers));
    QList<WorkerContainer> workers;
    for (const QString &image : std::as_const(images)) {
        if (!isImageReference(image))
            return fail(ErrorCode::InvalidArgument,
                        u"pipeline %1: \"%2\" is no image reference; expected one such as registry.example/app:1"_s.arg(
                            pipeline.name, image.left(100)));
        workers.append({workerContainer(workers.size()), image});
    }
    return workers;
}

Result<void> checkUndeclared(const QString &image, qsizetype used, const Pipeline &pipeline,
                             const KubernetesSettings &settings)
{
    if (!isImageReference(image))
        return fail(ErrorCode::InvalidArgument, u"\"%1\" is no image reference"_s.arg(image.left(100)));
    if (settings.imagePrefixes.isEmpty())
        return fail(ErrorCode::PermissionDenied,
                    u"image %1 is not declared by pipeline %2: add it to worker.images"_s.arg(image, pipeline.name));
    if (!isAllowedImage(image, settings.imagePrefixes))
        return fail(ErrorCode::PermissionDenied,
                    u"image %1 is neither declared by pipeline %2 nor below one of %3: add it to worker.images, or ask "
                    "the operator to extend kubernetes.image_prefixes"_s.arg(image, pipeline.name,
                                                                             settings.imagePrefixes.join(u", "_s)));
    if (used >= settings.maxEphemeralImages)
        return fail(
            ErrorCode::ResourceExhausted,
            u"the job uses %1 images already that pipeline %2 does not declare: add %3 to worker.images"_s.arg(used)
                .arg(pipeline.name, image));
    return {};
}

Result<QJsonObject> makePod(const jobs::JobLaunch &launch, const KubernetesSettings &settings)
{
    if (auto checked = checkJobName(launch.job.id); !checked)
        return std::unexpected(checked.error());
    if (auto allowed = checkCeiling(launch.pipeline, settings.ceiling); !allowed)
        return std::unexpected(allowed.error());
    const auto workers = declaredWorkers(launch.pipeline, settings);
    if (!workers)
        return std::unexpected(workers.error());
    QJsonObject metadata = metadataOf(podNameOf(launch.job.id), launch, settings);
    metadata.insert(u"annotations"_s,
                    QJsonObject{{u"kubectl.kubernetes.io/default-container"_s, workers->first().name}});
    return QJsonObject{{u"apiVersion"_s, u"v1"_s},
                       {u"kind"_s, u"Pod"_s},
                       {u"metadata"_s, metadata},
                       {u"spec"_s, podSpec(launch, *workers, settings)}};
}

QJsonObject makeSecret(const jobs::JobLaunch &launch, const KubernetesSettings &settings)
{
    const QString token = QString::fromLatin1(launch.token.reveal().toBase64());
    return {{u"apiVersion"_s, u"v1"_s},
            {u"kind"_s, u"Secret"_s},
            {u"metadata"_s, metadataOf(secretNameOf(launch.job.id), launch, settings)},
            {u"type"_s, u"Opaque"_s},
            {u"immutable"_s, true},
            {u"data"_s, QJsonObject{{u"token"_s, token}}}};
}

QJsonObject ownerPatch(const JobId &job, const QString &podUid)
{
    const QJsonObject owner{
        {u"apiVersion"_s, u"v1"_s}, {u"kind"_s, u"Pod"_s}, {u"name"_s, podNameOf(job)}, {u"uid"_s, podUid}};
    return {{u"metadata"_s, QJsonObject{{u"ownerReferences"_s, QJsonArray{owner}}}}};
}

Result<QJsonObject> ephemeralPatch(const QString &image, int spareVolume, const Pipeline &pipeline,
                                   const KubernetesSettings &settings)
{
    if (auto allowed = checkCeiling(pipeline, settings.ceiling); !allowed)
        return std::unexpected(allowed.error());
    const QJsonObject container =
        worker(ephemeralContainer(image), image, spareRunVolume(spareVolume), pipeline, settings);
    return QJsonObject{{u"spec"_s, QJsonObject{{u"ephemeralContainers"_s, QJsonArray{container}}}}};
}

QJsonObject keyedPatch(const QString &container)
{
    const QJsonObject annotations{{keyedAnnotation + container, u"true"_s}};
    return {{u"metadata"_s, QJsonObject{{u"annotations"_s, annotations}}}};
}

link::StepSpec coordinatorSpec(const jobs::JobLaunch &launch, const KubernetesSettings &settings)
{
    jobs::Environment environment = launch.coordinatorEnvironment;
    environment.append({{u"DANUBE_RPC_URL"_s, launch.rpcUrl},
                        {u"DANUBE_TOKEN_FILE"_s, places::tokenFile},
                        {u"DANUBE_PRIVATE_DIR"_s, places::privateDirectory},
                        {u"DANUBE_SDK_DIR"_s, settings.layout.sdkDirectory}});
    return {.argv = {settings.layout.coordinatorProgram},
            .environment = environment,
            .workingDirectory = places::privateDirectory,
            .limits = {}};
}

std::optional<link::StepSpec> stepSpec(const jobs::StepLaunch &step, const KubernetesSettings &settings)
{
    if (step.argv.isEmpty())
        return {};
    return link::StepSpec{.argv = step.argv,
                          .environment = step.environment,
                          .workingDirectory = workingDirectory(step.workingDirectory),
                          .timeout = step.timeout,
                          .grace = settings.killGrace,
                          .limits = {}};
}

} // namespace danube::kubernetes
