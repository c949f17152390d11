# SPDX-License-Identifier: GPL-3.0-or-later
"""One request, as it came and as the API understands it."""
import dataclasses
import urllib.parse

TRUE = ("1", "t", "T", "true", "TRUE", "True")


@dataclasses.dataclass
class User:
    name: str
    groups: tuple = ()
    uid: str = ""


@dataclasses.dataclass
class Request:
    method: str
    path: str  # decoded, without the query
    query: list  # [(name, value)] in order
    headers: dict  # lower-case name -> value; repeated ones joined by ", "
    body: bytes = b""
    user: User = None
    # What app.locate() reads from the path; resource None = not an API object
    group: str = ""
    version: str = ""
    resource: object = None  # resources.Resource
    namespace: str = ""
    name: str = ""
    subresource: str = ""
    verb: str = ""  # get list watch create update patch delete deletecollection
    certificate: dict = None  # of the peer, as ssl gives it
    audit_id: str = ""
    warnings: list = dataclasses.field(default_factory=list)

    def get(self, name, default=""):
        return next((value for key, value in self.query if key == name), default)

    def all(self, name):
        return [value for key, value in self.query if key == name]

    def flag(self, name):
        """A boolean parameter; absent = false. exec is more lenient: any value but false ones counts."""
        return self.get(name) in TRUE

    def number(self, name):
        value = self.get(name)
        return int(value) if value.isdigit() else None

    def facts(self):
        """For Faults.take."""
        return {"verb": self.verb, "method": self.method, "resource": self.resource.id if self.resource else "",
                "subresource": self.subresource, "namespace": self.namespace, "name": self.name, "path": self.path,
                "user": self.user.name if self.user else ""}


def parse_target(target):
    """(path, query) of a request line's target."""
    path, _, query = target.partition("?")
    return urllib.parse.unquote(path), urllib.parse.parse_qsl(query, keep_blank_values=True)
