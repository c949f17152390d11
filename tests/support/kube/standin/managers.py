# SPDX-License-Identifier: GPL-3.0-or-later
"""managedFields: who set which field, and server-side apply with its conflicts."""
from . import fieldsets, wire
from .errors import ApiError, bad_request


def manager_of(request):
    """?fieldManager, else the User-Agent up to the slash."""
    return request.get("fieldManager") or request.headers.get("user-agent", "").split("/")[0][:128] or "unknown"


class _Entries:
    """metadata.managedFields as {(manager, operation, subresource): [apiVersion, time, paths]}."""

    def __init__(self, listed):
        self.all = {}
        for entry in listed or ():
            key = (entry.get("manager", ""), entry.get("operation", "Update"), entry.get("subresource", ""))
            self.all[key] = [entry.get("apiVersion", ""), entry.get("time", ""), fieldsets.from_json(entry.get("fieldsV1") or {})]

    def as_list(self):
        listed = []
        for (manager, operation, subresource), (version, time, paths) in self.all.items():
            if not paths:
                continue
            entry = {"manager": manager, "operation": operation, "apiVersion": version, "time": time, "fieldsType": "FieldsV1",
                     "fieldsV1": fieldsets.to_json(paths)}
            listed.append(entry | ({"subresource": subresource} if subresource else {}))
        return listed


def note_update(resource, old, new, manager, subresource=""):
    """Sets new's managedFields after a create (old None), update or patch."""
    node = fieldsets.of_resource(resource)
    given = new["metadata"].get("managedFields")
    if given == [{}] or (given == [] and old):
        entries = _Entries(())
    else:
        entries = _Entries(given if given else (old or {}).get("metadata", {}).get("managedFields"))
    empty = {"metadata": {}} if resource.custom else {"metadata": {}, "spec": {"containers": []}, "status": {}}
    before = fieldsets.trimmed(old) if old else {key: value for key, value in empty.items() if key == "metadata" or key in new}
    changed, gone = fieldsets.compare(before, fieldsets.trimmed(new), node)
    if changed or gone:
        for entry in entries.all.values():
            entry[2] -= changed | gone
        mine = entries.all.setdefault((manager, "Update", subresource), ["", "", set()])
        mine[:] = [resource.api_version, wire.now(), mine[2] | changed]
    new["metadata"]["managedFields"] = entries.as_list()


def apply(resource, live, config, manager, force):
    """The object after a server-side apply; live None: it is created. Raises 409 with every conflict."""
    if config.get("metadata", {}).get("managedFields"):
        raise bad_request("metadata.managedFields must be nil")
    node = fieldsets.of_resource(resource)
    wanted = fieldsets.applied(fieldsets.trimmed(config), node)
    base = live or {}
    entries = _Entries(base.get("metadata", {}).get("managedFields"))
    key = (manager, "Apply", "")
    before = entries.all.get(key, ["", "", set()])[2]
    result = fieldsets.merged(base, config, node) if live else wire.clone(config)
    others = {who: entry for who, entry in entries.all.items() if who != key}
    kept = {path[:n] for paths in (wanted, *(entry[2] for entry in others.values())) for path in paths for n in range(1, len(path) + 1)}
    doomed = before - kept
    if doomed:
        result = fieldsets.without(result, doomed, node)
    if live:
        changed, _ = fieldsets.compare(fieldsets.trimmed(live), fieldsets.trimmed(result), node)
        _settle(others, changed & wanted, force)
    old_entry = entries.all.get(key)
    if old_entry is None or old_entry[2] != wanted or result != live:
        entries.all[key] = [resource.api_version, wire.now(), wanted]
    result["metadata"] = dict(result.get("metadata", {}), managedFields=entries.as_list())
    return result


def _settle(others, changed, force):
    """Conflicts of the changed fields with other managers: raised, or by force their loss."""
    found = []
    for (manager, operation, subresource), entry in others.items():
        clash = entry[2] & changed
        if not clash:
            continue
        if force:
            entry[2] -= clash
            continue
        who = wire.quoted(manager)
        if subresource:
            who += f" with subresource {wire.quoted(subresource)}"
        if operation == "Update":
            who += f" using {entry[0]}"
        found.append((who, sorted(fieldsets.shown(path) for path in clash)))
    if not found:
        return
    count = sum(len(paths) for _, paths in found)
    parts = [f"conflict with {who}: {paths[0]}" if len(paths) == 1 else f"conflicts with {who}:\n" + "\n".join(f"- {p}" for p in paths)
             for who, paths in found]
    causes = [{"reason": "FieldManagerConflict", "message": f"conflict with {who}", "field": path} for who, paths in found for path in paths]
    raise ApiError(409, "Conflict", f"Apply failed with {count} conflict{'s' if count > 1 else ''}: " + "\n".join(parts), {"causes": causes})
