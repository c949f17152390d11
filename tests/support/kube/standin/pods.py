# SPDX-License-Identifier: GPL-3.0-or-later
"""Pods: defaults as the server fills them in, and the validation that matters to who writes pod specs."""
import re

from . import wire
from .errors import invalid

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_LABEL_RULE = ("a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
               "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')")
_NOT_EPHEMERAL = ("ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "resources", "resizePolicy")
_IMMUTABLE = ("nodeName", "restartPolicy", "volumes", "initContainers", "containers", "serviceAccountName", "securityContext",
              "hostNetwork", "hostPID", "hostIPC", "runtimeClassName", "automountServiceAccountToken")


def _toleration(reason):
    return {"key": f"node.kubernetes.io/{reason}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}


def default(pod):
    """Fills a pod's spec in place."""
    spec = pod.setdefault("spec", {})
    default_template(spec)
    for name, value in (("priority", 0), ("enableServiceLinks", True), ("preemptionPolicy", "PreemptLowerPriority"),
                        ("serviceAccountName", "default")):
        spec.setdefault(name, value)
    spec["serviceAccount"] = spec["serviceAccountName"]
    tolerations = spec.setdefault("tolerations", [])
    for reason in ("not-ready", "unreachable"):
        if not any(t.get("key") == f"node.kubernetes.io/{reason}" for t in tolerations):
            tolerations.append(_toleration(reason))


def default_template(spec):
    """The defaults that a pod template gets as well."""
    for container in [*spec.get("initContainers", ()), *spec.get("containers", ()), *spec.get("ephemeralContainers", ())]:
        default_container(container)
    for volume in spec.get("volumes", ()):
        _default_volume(volume)
    for name, value in (("restartPolicy", "Always"), ("terminationGracePeriodSeconds", 30), ("dnsPolicy", "ClusterFirst"),
                        ("securityContext", {}), ("schedulerName", "default-scheduler")):
        spec.setdefault(name, value)
    if "serviceAccount" in spec or "serviceAccountName" in spec:
        name = spec.setdefault("serviceAccountName", spec.get("serviceAccount"))
        spec["serviceAccount"] = name


def default_container(container):
    image = container.get("image", "")
    latest = "@" not in image and (":" not in image.rpartition("/")[2] or image.endswith(":latest"))
    container.setdefault("resources", {})
    container.setdefault("terminationMessagePath", "/dev/termination-log")
    container.setdefault("terminationMessagePolicy", "File")
    container.setdefault("imagePullPolicy", "Always" if latest else "IfNotPresent")
    limits = container["resources"].get("limits")
    if limits:
        container["resources"]["requests"] = limits | container["resources"].get("requests", {})
    for port in container.get("ports", ()):
        port.setdefault("protocol", "TCP")
    for variable in container.get("env", ()):
        reference = variable.get("valueFrom", {}).get("fieldRef")
        if reference:
            reference.setdefault("apiVersion", "v1")
    for probe in filter(None, (container.get(f"{kind}Probe") for kind in ("liveness", "readiness", "startup"))):
        for name, value in (("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)):
            probe.setdefault(name, value)
        if "httpGet" in probe:
            probe["httpGet"].setdefault("scheme", "HTTP")


def _default_volume(volume):
    sources = [name for name in volume if name != "name"]
    if not sources:
        volume["emptyDir"] = {}
    for name in ("secret", "configMap", "downwardAPI", "projected"):
        if name in volume:
            volume[name].setdefault("defaultMode", 420)
    if "hostPath" in volume:
        volume["hostPath"].setdefault("type", "")


def qos(spec):
    containers = [*spec.get("containers", ()), *spec.get("initContainers", ())]
    wanted = [(c.get("resources", {}).get("requests", {}), c.get("resources", {}).get("limits", {})) for c in containers]
    if not any(requests or limits for requests, limits in wanted):
        return "BestEffort"
    if all(limits.keys() >= {"cpu", "memory"} and requests == limits for requests, limits in wanted):
        return "Guaranteed"
    return "Burstable"


def validate(pod):
    """Raises 422 with every cause."""
    spec, causes = pod.get("spec", {}), []
    if not spec.get("containers"):
        causes.append(("spec.containers", "FieldValueRequired", "Required value"))
    volumes = _volume_names(spec, causes)
    seen = set()
    for group in ("initContainers", "containers", "ephemeralContainers"):
        for i, container in enumerate(spec.get(group, ())):
            _container(container, f"spec.{group}[{i}]", volumes, seen, causes)
            if group == "ephemeralContainers":
                _ephemeral(container, f"spec.{group}[{i}]", causes)
    policies = ("Always", "OnFailure", "Never")
    if spec.get("restartPolicy") not in policies:
        causes.append(("spec.restartPolicy", "FieldValueNotSupported", _not_supported(spec.get("restartPolicy"), policies)))
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is not None and not 0 < deadline <= 2147483647:
        causes.append(("spec.activeDeadlineSeconds", "FieldValueInvalid",
                       f"Invalid value: {deadline}: must be between 1 and 2147483647, inclusive"))
    if causes:
        raise invalid("", "Pod", pod["metadata"]["name"], causes)


def _volume_names(spec, causes):
    names = set()
    for i, volume in enumerate(spec.get("volumes", ())):
        name, path = volume.get("name", ""), f"spec.volumes[{i}].name"
        if _name(name, path, causes) and name in names:
            causes.append((path, "FieldValueDuplicate", f'Duplicate value: "{name}"'))
        names.add(name)
    return names


def _name(name, path, causes):
    if not name:
        causes.append((path, "FieldValueRequired", "Required value"))
    elif not _LABEL.fullmatch(name) or len(name) > 63:
        rule = _LABEL_RULE if len(name) <= 63 else "must be no more than 63 bytes"
        causes.append((path, "FieldValueInvalid", f'Invalid value: "{name}": {rule}'))
    else:
        return True
    return False


def _not_supported(value, listed):
    return f'Unsupported value: "{value}": supported values: ' + ", ".join(f'"{v}"' for v in sorted(listed))


def _container(container, path, volumes, seen, causes):
    name = container.get("name", "")
    if _name(name, f"{path}.name", causes) and name in seen:
        causes.append((f"{path}.name", "FieldValueDuplicate", f'Duplicate value: "{name}"'))
    seen.add(name)
    if not container.get("image"):
        causes.append((f"{path}.image", "FieldValueRequired", "Required value"))
    policies = ("Always", "IfNotPresent", "Never")
    if container.get("imagePullPolicy") not in policies:
        causes.append((f"{path}.imagePullPolicy", "FieldValueNotSupported", _not_supported(container.get("imagePullPolicy"), policies)))
    mounted = set()
    for i, mount in enumerate(container.get("volumeMounts", ())):
        where = f"{path}.volumeMounts[{i}]"
        if mount.get("name") not in volumes:
            causes.append((f"{where}.name", "FieldValueNotFound", f'Not found: "{mount.get("name", "")}"'))
        if not mount.get("mountPath"):
            causes.append((f"{where}.mountPath", "FieldValueRequired", "Required value"))
        elif mount["mountPath"] in mounted:
            causes.append((f"{where}.mountPath", "FieldValueInvalid", f'Invalid value: "{mount["mountPath"]}": must be unique'))
        mounted.add(mount.get("mountPath"))
    limits = container.get("resources", {}).get("limits", {})
    for name, wanted in container.get("resources", {}).get("requests", {}).items():
        if name in limits and wire.quantity(wanted) > wire.quantity(limits[name]):
            causes.append((f"{path}.resources.requests", "FieldValueInvalid",
                           f'Invalid value: "{wanted}": must be less than or equal to {name} limit of {limits[name]}'))
    for i, variable in enumerate(container.get("env", ())):
        if not variable.get("name"):
            causes.append((f"{path}.env[{i}].name", "FieldValueRequired", "Required value"))


def _ephemeral(container, path, causes):
    for name in _NOT_EPHEMERAL:
        if container.get(name):
            causes.append((f"{path}.{name}", "FieldValueForbidden", "Forbidden: cannot be set for an Ephemeral Container"))
    for i, mount in enumerate(container.get("volumeMounts", ())):
        for name in ("subPath", "subPathExpr"):
            if mount.get(name):
                causes.append((f"{path}.volumeMounts[{i}].{name}", "FieldValueForbidden", "Forbidden: cannot be set for an Ephemeral Container"))


def check_update(old, new):
    """What may change in a stored pod by update or patch: images, deadlines, tolerations, metadata."""
    for name in _IMMUTABLE:
        before, after = old["spec"].get(name), new["spec"].get(name)
        if name.endswith("ontainers"):
            before, after = _imageless(before), _imageless(after)
        if before != after:
            raise invalid("", "Pod", new["metadata"]["name"], [(
                "spec", "FieldValueForbidden",
                "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                f"`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n@@ spec.{name} @@\n")])
    new["spec"]["ephemeralContainers"] = old["spec"].get("ephemeralContainers", [])
    if not new["spec"]["ephemeralContainers"]:
        del new["spec"]["ephemeralContainers"]


def _imageless(containers):
    return [{key: value for key, value in c.items() if key != "image"} for c in containers or ()]


def check_ephemeral_update(old, new):
    """The ephemeralcontainers subresource: containers may be added, never changed or removed. Leaves everything else as it was."""
    before = {c["name"]: c for c in old["spec"].get("ephemeralContainers", ())}
    after = new["spec"].get("ephemeralContainers", [])
    for container in after:
        default_container(container)
        container.setdefault("resources", {})
    causes = []
    for i, container in enumerate(after):
        known = before.pop(container.get("name"), None)
        if known is not None and known != container:
            causes.append((f"spec.ephemeralContainers[{i}]", "FieldValueForbidden",
                           "Forbidden: existing ephemeral containers \"" + container["name"] + "\" may not be changed"))
    if before:
        causes.append(("spec.ephemeralContainers", "FieldValueForbidden", "Forbidden: existing ephemeral containers "
                       + ", ".join(f'"{name}"' for name in before) + " may not be removed"))
    if causes:
        raise invalid("", "Pod", old["metadata"]["name"], causes)
    result = dict(old, spec=dict(old["spec"], ephemeralContainers=after))
    result["metadata"] = dict(old["metadata"], managedFields=new["metadata"].get("managedFields", []))
    validate(result)
    return result
