# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in's watches and lists: versions, bookmarks, compaction, selectors, pages, and how they break by fault."""
import http.client
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/kube"))

from apicase import JOBS, MERGE, ApiCase, config_map  # noqa: E402
from harness import wait_for  # noqa: E402

MAPS = f"{JOBS}/configmaps"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"


def brief(event):
    return event and (event["type"], event["object"]["metadata"].get("name"))


class Watches(ApiCase):
    def version(self):
        return self.ask("GET", MAPS).json()["metadata"]["resourceVersion"]

    def change(self, name, **metadata):
        answer = self.ask("PATCH", f"{MAPS}/{name}", {"metadata": metadata}, kind=MERGE)
        self.assertEqual(answer.code, 200, answer.body)
        return answer.json()

    def test_changes_come_in_order_from_a_version_on(self):
        self.make(MAPS, config_map("before"))
        with self.watching(MAPS, resourceVersion=self.version()) as following:
            self.make(MAPS, config_map("a"))
            self.change("a", labels={"x": "y"})
            self.change("before", labels={"x": "y"})
            self.ask("DELETE", f"{MAPS}/a")
            events = [following() for _ in range(4)]
            self.assertEqual([brief(e) for e in events], [("ADDED", "a"), ("MODIFIED", "a"), ("MODIFIED", "before"), ("DELETED", "a")])
            versions = [int(e["object"]["metadata"]["resourceVersion"]) for e in events]
            self.assertEqual(versions, sorted(set(versions)))

    def test_past_changes_are_told_again(self):
        start = self.version()
        self.make(MAPS, config_map("a"), config_map("b"))
        self.ask("DELETE", f"{MAPS}/a")
        with self.watching(MAPS, resourceVersion=start) as following:
            self.assertEqual([brief(following()) for _ in range(3)], [("ADDED", "a"), ("ADDED", "b"), ("DELETED", "a")])

    def test_without_version_what_exists_comes_first(self):
        self.make(MAPS, config_map("b"), config_map("a"))
        with self.watching(MAPS) as following:
            self.assertEqual([brief(following()) for _ in range(3)], [("ADDED", "a"), ("ADDED", "b"), ("ADDED", "kube-root-ca.crt")])

    def test_initial_events_end_with_a_bookmark(self):
        self.make(MAPS, config_map("a"))
        more = {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan", "allowWatchBookmarks": "true"}
        with self.watching(MAPS, **more) as following:
            self.assertEqual(brief(following()), ("ADDED", "a"))
            following()
            mark = following()
            self.assertEqual(mark["type"], "BOOKMARK")
            self.assertEqual(mark["object"]["metadata"]["annotations"], {"k8s.io/initial-events-end": "true"})

    def test_bookmarks_carry_the_newest_version(self):
        with self.watching(f"{JOBS}/pods", resourceVersion=self.version(), allowWatchBookmarks="true") as following:
            newest = self.make(MAPS, config_map("elsewhere"))[0]["metadata"]["resourceVersion"]
            marks = [following(), following()]
            self.assertEqual(marks[-1], {"type": "BOOKMARK", "object": {
                "kind": "Pod", "apiVersion": "v1", "metadata": {"resourceVersion": newest}, "spec": {"containers": None}, "status": {}}})

    def test_no_bookmarks_unasked_and_a_clean_end(self):
        with self.watching(MAPS, resourceVersion=self.version(), timeoutSeconds=1) as following:
            self.assertIsNone(following())

    def test_compacted_version_is_gone(self):
        self.make(MAPS, config_map("a"))
        current = self.ask("POST", "/standin/compact", {"resource": "configmaps"}).json()["resourceVersion"]
        with self.watching(MAPS, resourceVersion=1) as following:
            self.assertEqual(following(), {"type": "ERROR", "object": {
                "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
                "message": f"too old resource version: 1 ({current})", "reason": "Expired", "code": 410}})
            self.assertIsNone(following())
        listed = self.ask("GET", f"{MAPS}?resourceVersion=1&resourceVersionMatch=Exact")
        self.assertEqual((listed.code, listed.message), (410, "The resourceVersion for the provided list is too old."))
        with self.watching(MAPS, resourceVersion=current) as following:
            self.change("a", labels={"x": "y"})
            self.assertEqual(brief(following()), ("MODIFIED", "a"))

    def test_storm_of_410(self):
        self.fault("gone", count=2, match={"verb": "watch"})
        for expected in ("ERROR", "ERROR", "ADDED"):
            with self.watching(MAPS) as following:
                self.assertEqual(following()["type"], expected)

    def test_selectors_turn_changes_into_coming_and_going(self):
        self.make(MAPS, config_map("a"), config_map("b"))
        with self.watching(MAPS, resourceVersion=self.version(), labelSelector="w=1,!off") as following:
            self.change("a", labels={"w": "1"})
            self.change("b", labels={"w": "2"})
            self.change("a", annotations={"x": "y"})
            self.change("a", labels={"off": "1"})
            self.assertEqual([brief(following()) for _ in range(3)], [("ADDED", "a"), ("MODIFIED", "a"), ("DELETED", "a")])

    def test_one_object_by_field_selector(self):
        self.make(MAPS, config_map("a"), config_map("b"))
        with self.watching(MAPS, resourceVersion=self.version(), fieldSelector="metadata.name=b") as following:
            self.change("a", labels={"w": "1"})
            self.change("b", labels={"w": "1"})
            self.assertEqual(brief(following()), ("MODIFIED", "b"))

    def test_odd_versions(self):
        garbage = self.ask("GET", f"{MAPS}?watch=1&resourceVersion=abc")
        self.assertEqual((garbage.code, garbage.message), (
            500, 'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax'))
        self.assertNotIn("reason", garbage.json())
        with self.watching(MAPS, resourceVersion=99999999, timeoutSeconds=1) as following:
            self.assertIsNone(following())
        future = self.ask("GET", f"{MAPS}?resourceVersion=99999999")
        self.assertEqual((future.code, future.headers["Retry-After"], future.json()["reason"]), (504, "1", "Timeout"))
        self.assertRegex(future.message, r"^Timeout: Too large resource version: 99999999, current: \d+$")

    def test_pages_show_one_moment(self):
        self.make(MAPS, *(config_map(name) for name in "abcd"))
        first = self.ask("GET", f"{MAPS}?limit=2").json()
        self.assertEqual(first["metadata"]["remainingItemCount"], 3)
        self.ask("DELETE", f"{MAPS}/c")
        self.make(MAPS, config_map("e"))
        second = self.ask("GET", f"{MAPS}?limit=9&continue={first['metadata']['continue']}").json()
        self.assertEqual([i["metadata"]["name"] for i in first["items"] + second["items"]], ["a", "b", "c", "d", "kube-root-ca.crt"])
        self.assertEqual(first["metadata"]["resourceVersion"], second["metadata"]["resourceVersion"])
        self.assertNotIn("kind", first["items"][0])

    def test_expired_page_offers_a_fresh_continue(self):
        self.make(MAPS, *(config_map(name) for name in "abcd"))
        first = self.ask("GET", f"{MAPS}?limit=2").json()
        self.ask("POST", "/standin/compact")
        gone = self.ask("GET", f"{MAPS}?limit=2&continue={first['metadata']['continue']}")
        self.assertEqual(gone.code, 200)  # nothing changed since: still the same moment
        self.make(MAPS, config_map("e"))
        self.ask("POST", "/standin/compact")
        gone = self.ask("GET", f"{MAPS}?limit=2&continue={first['metadata']['continue']}")
        self.assertEqual((gone.code, gone.json()["reason"]), (410, "Expired"))
        fresh = self.ask("GET", f"{MAPS}?continue={gone.json()['metadata']['continue']}").json()
        self.assertEqual([i["metadata"]["name"] for i in fresh["items"]], ["c", "d", "e", "kube-root-ca.crt"])

    def test_table_columns_come_once(self):
        connection = self.connect()
        self.addCleanup(connection.close)
        self.make(MAPS, config_map("a", k="v"), config_map("b"))
        connection.request("GET", f"{MAPS}?watch=1", headers={"Authorization": "Bearer administrator-token", "Accept": TABLE})
        answer = connection.getresponse()
        self.addCleanup(answer.close)
        events = [json.loads(answer.readline()) for _ in range(2)]
        self.assertEqual([c["name"] for c in events[0]["object"]["columnDefinitions"]], ["Name", "Data", "Age"])
        self.assertEqual(events[0]["object"]["rows"][0]["cells"][:2], ["a", 1])
        self.assertEqual(events[1]["object"]["columnDefinitions"], [])

    def test_cut_at_a_byte(self):
        self.make(MAPS, config_map("a"))
        self.fault("watch-cut", bytes=100, count=1)
        connection = self.connect()
        self.addCleanup(connection.close)
        connection.request("GET", f"{MAPS}?watch=1", headers={"Authorization": "Bearer administrator-token"})
        with self.assertRaises((http.client.IncompleteRead, ConnectionError, OSError)):
            connection.getresponse().read()

    def test_restart_ends_watches_and_keeps_objects(self):
        self.make(MAPS, config_map("kept"))
        with self.watching(MAPS, resourceVersion=self.version()) as following:
            self.assertEqual(self.ask("POST", "/standin/restart", {"down_ms": 100}).code, 200)
            with self.assertRaises((http.client.IncompleteRead, ConnectionError, OSError)):
                if following() is None:
                    raise ConnectionResetError
        self.assertEqual(self.retried("GET", f"{MAPS}/kept").json()["metadata"]["name"], "kept")

    def retried(self, method, path):
        def answer():
            try:
                self.connection.close()
                return self.ask(method, path)
            except OSError:
                return None
        return wait_for(answer, "the stand-in to come back")


if __name__ == "__main__":
    unittest.main()
