# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pod's spec asks of one container, as options of danube-cell. Pure but for looking up Secrets and ConfigMaps."""
import dataclasses
import re

from .volumes import data_of, field

_CAPABILITIES = ("CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE "
                 "NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN "
                 "SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE "
                 "MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE").split()
_BY_DEFAULT = ("CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL "
               "AUDIT_WRITE").split()
_REFERENCE = re.compile(r"\$(\$|\(([A-Za-z_.-][A-Za-z0-9_.-]*)\))")


class ConfigError(Exception):
    """The container cannot be made as asked: waiting reason CreateContainerConfigError."""


@dataclasses.dataclass
class Process:
    """How processes of one container run, its first one and those of exec."""
    user: int
    group: int
    groups: list
    capabilities: int
    forbids_new_privileges: bool
    env: dict
    directory: str

    def options(self):
        found = ["--user", str(self.user), "--group", str(self.group), "--groups", ",".join(map(str, self.groups)),
                 "--capabilities", f"{self.capabilities:x}", "--directory", self.directory]
        if self.forbids_new_privileges:
            found.append("--no-new-privileges")
        for name, value in self.env.items():
            found += ["--env", f"{name}={value}"]
        return found


def process_of(store, pod, spec, image):
    """Process for container `spec` of `pod`. Raises ConfigError."""
    common, own = pod["spec"].get("securityContext") or {}, spec.get("securityContext") or {}
    user, name, group = _user(pod, spec, image, common, own)
    groups = {group, *(common.get("supplementalGroups") or [])}
    if common.get("supplementalGroupsPolicy") != "Strict":
        groups.update(image.groups_of(name) if name else [])
    if common.get("fsGroup") is not None:
        groups.add(common["fsGroup"])
    home = next((entry[3] for entry in image.passwd() if entry[1] == user), "/")
    env = _environment(store, pod, spec, {"HOME": home} | image.env | {"HOSTNAME": _hostname(pod)})
    return Process(user, group, sorted(groups), _capability_mask(own), own.get("allowPrivilegeEscalation") is False, env,
                   spec.get("workingDir") or image.directory)


def is_read_only(spec):
    return (spec.get("securityContext") or {}).get("readOnlyRootFilesystem") is True


def command_of(spec, image, env):
    """argv of the container; [] = the image has no command and the spec gives none."""
    command = spec.get("command") or image.entrypoint
    arguments = spec.get("args") or ([] if spec.get("command") else image.command)
    return [expand(word, env) for word in [*command, *arguments]]


def expand(text, env):
    """$(NAME) of known names; $$ is one dollar."""
    def value(match):
        if match[1] == "$":
            return "$"
        return env.get(match[2], match[0])
    return _REFERENCE.sub(value, text)


def _hostname(pod):
    return (pod["spec"].get("hostname") or pod["metadata"]["name"])[:63].rstrip("-.")


def _where(pod, spec):
    metadata = pod["metadata"]
    return f'(pod: "{metadata["name"]}_{metadata["namespace"]}({metadata["uid"]})", container: {spec["name"]})'


def _user(pod, spec, image, common, own):
    """(uid, name in the image or "", gid), as kubelet and runtime find them."""
    asked = own.get("runAsUser", common.get("runAsUser"))
    must_not_be_root = own.get("runAsNonRoot", common.get("runAsNonRoot"))
    user_text, _, group_text = image.user.partition(":")
    if must_not_be_root:
        if asked == 0:
            raise ConfigError(f"container's runAsUser breaks non-root policy {_where(pod, spec)}")
        if asked is None and user_text in ("", "0", "root"):
            raise ConfigError(f"container has runAsNonRoot and image will run as root {_where(pod, spec)}")
        if asked is None and not user_text.isdigit():
            raise ConfigError(f"container has runAsNonRoot and image has non-numeric user ({user_text}), cannot verify user is non-root "
                              + _where(pod, spec))
    entries = image.passwd()
    if asked is None and user_text and not user_text.isdigit():
        entry = next((e for e in entries if e[0] == user_text), None)
        if entry is None:
            raise ConfigError(f"unable to find user {user_text}: no matching entries in passwd file")
    else:
        uid = asked if asked is not None else int(user_text or 0)
        entry = next((e for e in entries if e[1] == uid), ("", uid, 0, "/"))
    group = own.get("runAsGroup", common.get("runAsGroup"))
    if group is None:
        group = int(group_text) if asked is None and group_text.isdigit() else entry[2]
    return entry[1], entry[0], group


def _capability_mask(own):
    if own.get("privileged"):
        return (1 << len(_CAPABILITIES)) - 1
    asked = own.get("capabilities") or {}
    add = [name.removeprefix("CAP_") for name in asked.get("add") or []]
    drop = [name.removeprefix("CAP_") for name in asked.get("drop") or []]
    kept = set(_CAPABILITIES) if "ALL" in add else set() if "ALL" in drop else set(_BY_DEFAULT) - set(drop)
    return sum(1 << number for number, name in enumerate(_CAPABILITIES) if name in kept | set(add))


def _environment(store, pod, spec, env):
    for source in spec.get("envFrom") or []:
        for kind, resource in (("secretRef", "secrets"), ("configMapRef", "configmaps")):
            if kind in source:
                data = _data(store, pod, resource, source[kind])
                env |= {source.get("prefix", "") + key: value.decode(errors="replace") for key, value in (data or {}).items()}
    for entry in spec.get("env") or []:
        value = _value(store, pod, entry["valueFrom"]) if "valueFrom" in entry else expand(entry.get("value", ""), env)
        if value is not None:
            env[entry["name"]] = value
    return env


def _data(store, pod, resource, reference):
    record = store.get(resource, pod["metadata"]["namespace"], reference["name"])
    if record is not None:
        return data_of(record.obj)
    if reference.get("optional"):
        return None
    raise ConfigError(f'{resource.rstrip("s")} "{reference["name"]}" not found')


def _value(store, pod, source):
    if "fieldRef" in source:
        return field(pod, source["fieldRef"]["fieldPath"])
    for kind, resource, word in (("secretKeyRef", "secrets", "Secret"), ("configMapKeyRef", "configmaps", "ConfigMap")):
        if kind in source:
            data = _data(store, pod, resource, source[kind])
            key = source[kind]["key"]
            if data is not None and key in data:
                return data[key].decode(errors="replace")
            if source[kind].get("optional"):
                return None
            raise ConfigError(f'couldn\'t find key {key} in {word} {pod["metadata"]["namespace"]}/{source[kind]["name"]}')
    raise ConfigError(f"unsupported valueFrom {', '.join(source)}")
