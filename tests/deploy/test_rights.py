# SPDX-License-Identifier: GPL-3.0-or-later
"""The master's Role is what its sources call, no less and no more: read from the calls of server/kube's request builders."""
import re
import unittest

from manifests import SOURCE, only, render

# Builder -> verbs of the resource it is given.
VERBS = {"get": {"get"}, "list": {"list"}, "listAll": {"list"}, "create": {"create"}, "apply": {"create", "patch"}, "mergePatch": {"patch"},
         "remove": {"delete"}, "watch": {"watch"}}
PLURALS = {"pods": "pods", "secrets": "secrets", "events": "events", "resourceQuotas": "resourcequotas",
           "ciliumNetworkPolicies": "ciliumnetworkpolicies", "networkPolicies": "networkpolicies"}
RESOURCE = r"((?:kube::)?resources::\w+|type\(\))"


def calls():
    """{(resource, verb)} of everything that asks the API server for something."""
    found = set()
    for folder in ("server/executors/kubernetes", "server/egress", "server/app"):
        for path in sorted((SOURCE / folder).glob("*.cpp")):
            found |= calls_in(path.read_text(encoding="utf-8"))
    return found


def plurals(resource):
    """type() is what PolicyService calls the kind of policy this cluster has."""
    return ("ciliumnetworkpolicies", "networkpolicies") if resource == "type()" else (PLURALS[resource.rpartition("::")[2]],)


def calls_in(text):
    found = set()
    for builder, resource in re.findall(r"\b(\w+)\(\s*" + RESOURCE, text):
        found |= {(plural, verb) for plural in plurals(resource) for verb in VERBS.get(builder, ())}
    for resource, subresource in re.findall(r"patchSubresource\(\s*" + RESOURCE + r"[^;]*?u\"(\w+)\"_s", text):
        found |= {(f"{plural}/{subresource}", "patch") for plural in plurals(resource)}
    for resource in re.findall(r"\.type = " + RESOURCE, text):  # a Watcher's scope
        found |= {(plural, verb) for plural in plurals(resource) for verb in ("list", "watch")}
    if re.search(r"requests::exec\(", text):  # get, and since Kubernetes 1.35 create as well
        found |= {("pods/exec", "get"), ("pods/exec", "create")}
    return found


class Rights(unittest.TestCase):
    def test_the_role_is_what_the_sources_call(self):
        rules = only(render("deploy/base/access"), "Role")["rules"]
        role = {(resource, verb) for rule in rules for resource in rule["resources"] for verb in rule["verbs"]}
        self.assertEqual(role, calls())

    def test_the_reader_of_sources_sees_every_form_of_call(self):
        text = """send(kube::requests::get(kube::resources::ciliumNetworkPolicies, x));
            requests::mergePatch(
                resources::pods, y); client.listAll(\n  kube::resources::secrets, z);
            m_watcher(client, {.type = kube::resources::events, .nameSpace = n});
            kube::requests::patchSubresource(kube::resources::pods, space,\n name, u"ephemeralcontainers"_s, patch);
            requests::remove(type(), space, name);
            kube::requests::exec(a, b, c); accessReview(m, u"create"_s, kube::resources::pods)"""
        self.assertEqual(calls_in(text), {
            ("ciliumnetworkpolicies", "get"), ("pods", "patch"), ("secrets", "list"), ("events", "list"), ("events", "watch"),
            ("pods/ephemeralcontainers", "patch"), ("pods/exec", "get"), ("pods/exec", "create"),
            ("ciliumnetworkpolicies", "delete"), ("networkpolicies", "delete")})


if __name__ == "__main__":
    unittest.main()
