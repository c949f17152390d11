# SPDX-License-Identifier: GPL-3.0-or-later
"""Pod Security admission: `enforce` and `warn` labels of the namespace, levels privileged, baseline, restricted."""
from .errors import forbidden

_BASELINE_CAPABILITIES = {"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
                          "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"}
_VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret", "image"}
_SYSCTLS = {"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.tcp_syncookies",
            "net.ipv4.ping_group_range"}


def admit(pod, namespace, request):
    """Raises 403 when the namespace enforces what the pod violates; adds warnings."""
    labels = namespace["metadata"].get("labels", {})
    enforce, warn = (labels.get(f"pod-security.kubernetes.io/{mode}", "privileged") for mode in ("enforce", "warn"))
    version = labels.get("pod-security.kubernetes.io/enforce-version", "latest")
    found = violations(pod["spec"], enforce)
    if found:
        raise forbidden("", "pods", pod["metadata"]["name"], f'violates PodSecurity "{enforce}:{version}": ' + ", ".join(found))
    found = violations(pod["spec"], warn)
    if found:
        version = labels.get("pod-security.kubernetes.io/warn-version", "latest")
        text = f'would violate PodSecurity "{warn}:{version}": ' + ", ".join(found)
        request.warnings.append(text.replace('"', '\\"'))


def violations(spec, level):
    if level not in ("baseline", "restricted"):
        return []
    containers = [c for group in ("initContainers", "containers", "ephemeralContainers") for c in spec.get(group, ())]
    found = _baseline(spec, containers)
    return found + (_restricted(spec, containers) if level == "restricted" else [])


def _named(names):
    listed = ", ".join(f'"{name}"' for name in names)
    return f"container {listed}" if len(names) == 1 else f"containers {listed}"


def _where(containers, test):
    return [c["name"] for c in containers if test(c.get("securityContext", {}))]


def _baseline(spec, containers):
    found = []
    host = [name for name in ("hostNetwork", "hostPID", "hostIPC") if spec.get(name)]
    if host:
        found.append("host namespaces (" + ", ".join(f"{name}=true" for name in host) + ")")
    paths = [v["name"] for v in spec.get("volumes", ()) if "hostPath" in v]
    if paths:
        found.append(f"hostPath volumes (volume{'s' if len(paths) > 1 else ''} " + ", ".join(f'"{p}"' for p in paths) + ")")
    ports = [c["name"] for c in containers if any(p.get("hostPort") for p in c.get("ports", ()))]
    if ports:
        found.append(f"hostPort ({_named(ports)} uses hostPort)")
    privileged = _where(containers, lambda s: s.get("privileged"))
    if privileged:
        found.append(f"privileged ({_named(privileged)} must not set securityContext.privileged=true)")
    extra = _where(containers, lambda s: set(s.get("capabilities", {}).get("add", ())) - _BASELINE_CAPABILITIES)
    if extra:
        found.append(f"non-default capabilities ({_named(extra)} must not include capabilities in securityContext.capabilities.add)")
    if any(s.get("seccompProfile", {}).get("type") == "Unconfined" for s in [spec.get("securityContext", {}), *_contexts(containers)]):
        found.append('seccompProfile (pod or container must not set securityContext.seccompProfile.type to "Unconfined")')
    if any(s["name"] not in _SYSCTLS for s in spec.get("securityContext", {}).get("sysctls", ())):
        found.append("forbidden sysctls")
    if any(s.get("procMount", "Default") != "Default" for s in _contexts(containers)):
        found.append("procMount")
    return found


def _contexts(containers):
    return [c.get("securityContext", {}) for c in containers]


def _restricted(spec, containers):
    pod, found = spec.get("securityContext", {}), []
    escalating = _where(containers, lambda s: s.get("allowPrivilegeEscalation") is not False)
    if escalating:
        found.append(f"allowPrivilegeEscalation != false ({_named(escalating)} must set securityContext.allowPrivilegeEscalation=false)")
    capable = _where(containers, lambda s: "ALL" not in s.get("capabilities", {}).get("drop", ())
                     or set(s.get("capabilities", {}).get("add", ())) - {"NET_BIND_SERVICE"})
    if capable:
        found.append(f'unrestricted capabilities ({_named(capable)} must set securityContext.capabilities.drop=["ALL"])')
    odd = [v["name"] for v in spec.get("volumes", ()) if not (v.keys() - {"name"}) <= _VOLUMES]
    if odd:
        found.append(f"restricted volume types (volumes {', '.join(odd)})")
    rooted = _where(containers, lambda s: not s.get("runAsNonRoot", pod.get("runAsNonRoot")))
    if rooted:
        found.append(f"runAsNonRoot != true (pod or {_named(rooted)} must set securityContext.runAsNonRoot=true)")
    zero = _where(containers, lambda s: s.get("runAsUser", pod.get("runAsUser")) == 0)
    if zero:
        found.append(f"runAsUser=0 (pod or {_named(zero)} must not set runAsUser=0)")
    loose = _where(containers, lambda s: s.get("seccompProfile", pod.get("seccompProfile", {})).get("type") not in ("RuntimeDefault", "Localhost"))
    if loose:
        found.append(f'seccompProfile (pod or {_named(loose)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")')
    return found
