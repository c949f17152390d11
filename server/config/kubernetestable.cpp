// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/setting.h"

#include <QRegularExpression>
#include <QUrl>

#include <array>

using namespace Qt::StringLiterals;

namespace danube::config {
namespace {

// What each kind of text must look like as a whole: an expression, and the words a refusal uses.
struct Form
{
    const char *expression;
    const char *words;
};

constexpr Form dnsLabel{"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", "a name of lower-case letters, digits and dashes"};
constexpr Form image{"([a-z0-9][^\\s]{0,254})?",
                     "an image such as \"registry.danube-system:5000/danube-coordinator:1\""};
constexpr Form prefix{"[a-z0-9][^\\s*]{0,254}", "image prefixes such as \"docker.io/library/\" (no wildcards)"};
constexpr Form capability{"[A-Z][A-Z_]{1,40}", "capabilities such as \"NET_BIND_SERVICE\" (without CAP_)"};
constexpr Form quantity{"([0-9]+(\\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?)?",
                        "a quantity such as \"500m\" or \"2Gi\", or \"\" for none"};
constexpr const char *objectName = "[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?";
constexpr Form policy{objectName, "names of CiliumNetworkPolicies"};
constexpr Form pullSecret{objectName, "names of Secrets"};

template <const Form &form> bool fits(const QString &text)
{
    static const QRegularExpression expression(
        QRegularExpression::anchoredPattern(QString::fromLatin1(form.expression)));
    return expression.match(text).hasMatch();
}

template <auto member> bool differs(const Config &a, const Config &b)
{
    return a.kubernetes.*member != b.kubernetes.*member;
}

template <auto member> constexpr Setting text(const char *key)
{
    return {key, [](Config &c, const Value &v) { return setText(c.kubernetes.*member, v); }, differs<member>};
}

template <auto member, const Form &form> constexpr Setting formed(const char *key)
{
    const auto set = [](Config &c, const Value &v) -> Expected {
        const auto *given = std::get_if<QString>(&v);
        if (!given || !fits<form>(*given))
            return QString::fromLatin1(form.words);
        c.kubernetes.*member = *given;
        return {};
    };
    return {key, set, differs<member>};
}

template <auto member, const Form &form> constexpr Setting entries(const char *key)
{
    const auto set = [](Config &c, const Value &v) {
        return setEntries(c.kubernetes.*member, v, fits<form>, QString::fromLatin1(form.words));
    };
    return {key, set, differs<member>};
}

template <auto member, int minimum, int maximum> constexpr Setting integer(const char *key)
{
    return {key, [](Config &c, const Value &v) { return setInteger(c.kubernetes.*member, v, minimum, maximum); },
            differs<member>};
}

template <auto member> constexpr Setting flag(const char *key)
{
    return {key, [](Config &c, const Value &v) { return setBoolean(c.kubernetes.*member, v); }, differs<member>};
}

template <auto member> constexpr Setting duration(const char *key)
{
    return {key, [](Config &c, const Value &v) { return setDuration(c.kubernetes.*member, v); }, differs<member>};
}

Expected setRpcUrl(Config &config, const Value &value)
{
    const auto *given = std::get_if<QString>(&value);
    const QUrl url(given ? *given : u"?"_s, QUrl::StrictMode);
    const bool isPlain = url.scheme() == "http"_L1 && !url.host().isEmpty() && url.port() > 0 &&
                         (url.path().isEmpty() || url.path() == "/"_L1) && !url.hasQuery() && !url.hasFragment() &&
                         url.userInfo().isEmpty();
    if (!isPlain && !(given && given->isEmpty()))
        return u"a URL such as \"http://danube-master.danube-system.svc.cluster.local:9000\""_s;
    config.kubernetes.rpcUrl = *given;
    return {};
}

using K = KubernetesConfig;

constexpr std::array table{
    text<&K::kubeconfig>("kubernetes.kubeconfig"),
    text<&K::context>("kubernetes.context"),
    flag<&K::insecureTls>("kubernetes.insecure_tls"),
    formed<&K::systemNamespace, dnsLabel>("kubernetes.namespace_system"),
    formed<&K::jobsNamespace, dnsLabel>("kubernetes.namespace_jobs"),
    Setting{"kubernetes.rpc_url", setRpcUrl, differs<&K::rpcUrl>},
    integer<&K::qps, 1, 10'000>("kubernetes.qps"),
    integer<&K::burst, 1, 100'000>("kubernetes.burst"),
    Setting{
        "kubernetes.cilium",
        [](Config &c, const Value &v) { return setText(c.kubernetes.cilium, v, {u"auto"_s, u"required"_s, u"off"_s}); },
        differs<&K::cilium>},
    entries<&K::guardingPolicies, policy>("kubernetes.guarding_policies"),
    entries<&K::imagePrefixes, prefix>("kubernetes.image_prefixes"),
    entries<&K::imagePullSecrets, pullSecret>("kubernetes.image_pull_secrets"),
    integer<&K::ephemeralImages, 0, 8>("kubernetes.ephemeral_images"),
    formed<&K::coordinatorImage, image>("kubernetes.coordinator_image"),
    formed<&K::workerImage, image>("kubernetes.worker_image"),
    integer<&K::runAsUser, 0, 2'147'483'647>("kubernetes.run_as_user"),
    flag<&K::allowRoot>("kubernetes.allow_root"),
    flag<&K::allowWritableRoot>("kubernetes.allow_writable_root"),
    entries<&K::capabilities, capability>("kubernetes.capabilities"),
    formed<&K::cpuRequest, quantity>("kubernetes.cpu_request"),
    formed<&K::memoryRequest, quantity>("kubernetes.memory_request"),
    formed<&K::cpuLimit, quantity>("kubernetes.cpu_limit"),
    formed<&K::memoryLimit, quantity>("kubernetes.memory_limit"),
    duration<&K::startLimit>("kubernetes.start_limit"),
    duration<&K::imagePullLimit>("kubernetes.image_pull_limit"),
    duration<&K::killGrace>("kubernetes.kill_grace"),
    duration<&K::unreachableLimit>("kubernetes.unreachable_limit"),
    formed<&K::instance, dnsLabel>("kubernetes.instance"),
};

} // namespace

std::span<const Setting> kubernetesSettings()
{
    return table;
}

} // namespace danube::config
