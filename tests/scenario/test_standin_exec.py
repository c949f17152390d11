# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in's exec says and does what real clusters were recorded to, and breaks where its faults say."""
import asyncio
import hashlib
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/kube"))

from execclient import V4, V5, is_alive, masked  # noqa: E402
from nodecase import NodeCase, container  # noqa: E402

SUCCESS = b'{"metadata":{},"status":"Success"}'
EXIT_3_V5 = (b'{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: command terminated with exit '
             b'code 3","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}')
EXIT_3_V4 = EXIT_3_V5.replace(b"command terminated with exit code 3", b"error executing command [sh -c exit 3], exit code 3")
PLAIN_3 = b"command terminated with non-zero exit code: error executing command [sh -c exit 3], exit code 3"
YES = ["sh", "-c", "yes 0123456 | head -c 2000000"]


class Statuses(NodeCase):
    async def test_bytes_of_an_exit(self):
        await self.running()
        for protocol, expected in ((V5, EXIT_3_V5), (V4, EXIT_3_V4), ("channel.k8s.io", PLAIN_3), ("", PLAIN_3)):
            with self.subTest(protocol):
                client = await self.open(["sh", "-c", "exit 3"], protocol)
                self.assertIn(b"Sec-WebSocket-Accept: L0wnD1wIihn9V9r5OgZW4UbtLIA=\r\n", client.head)
                self.assertIn(f"Sec-WebSocket-Protocol: {protocol}\r\n".encode(), client.head)
                found = await client.finish()
                self.assertEqual(found.frames, [(2, b"\1"), (2, b"\3" + expected), (8, b"\x03\xe8")])

    async def test_bytes_of_a_success(self):
        await self.running()
        for protocol, expected in ((V5, [SUCCESS]), (V4, [SUCCESS]), ("channel.k8s.io", [])):
            with self.subTest(protocol):
                self.assertEqual((await self.exec(["true"], protocol)).status, expected)

    async def test_base64_forms(self):
        await self.running()
        found = await self.exec(["echo", "out"], "base64.channel.k8s.io")
        self.assertEqual(found.frames, [(1, b"1"), (1, b"1b3V0Cg=="), (8, b"\x03\xe8")])
        found = await self.exec(["true"], "v4.base64.channel.k8s.io")
        self.assertEqual(found.frames[1][0], 1)
        self.assertTrue(found.frames[1][1].startswith(b"3eyJtZXRhZGF0YSI6"))

    async def test_which_protocol_is_chosen(self):
        await self.running()
        for asked, expected in ((f"{V5}, {V4}", V5), (f"{V4}, {V5}", V5), (f"bogus, {V4}", V4)):
            client = await self.open(["true"], asked)
            self.assertIn(f"Sec-WebSocket-Protocol: {expected}\r\n".encode(), client.head, asked)
            await client.finish()
        for asked in ("bogus", "v5.base64.channel.k8s.io", "V4.CHANNEL.K8S.IO"):
            client = await self.open(["true"], asked)
            self.assertEqual((client.code, client.body), (403, b""), asked)

    async def test_a_command_that_cannot_start(self):
        await self.running()
        for command, why in ((["nosuch"], 'exec: "nosuch": executable file not found in $PATH'),
                             (["/no/such"], 'exec: "/no/such": stat /no/such: no such file or directory'),
                             (["/etc"], 'exec: "/etc": permission denied'), ([], "args must not be empty")):
            for protocol, times in ((V5, 2), (V4, 1)):
                status = json.loads((await self.exec(command, protocol)).status[0])
                self.assertEqual((status["reason"], status["code"]), ("InternalError", 500))
                self.assertTrue(status["message"].endswith(why), status["message"])
                self.assertEqual(status["message"].count("Internal error occurred: "), times)

    async def test_signals(self):
        await self.running()
        for protocol in (V5, V4):
            self.assertIn(b'"message":"137"', (await self.exec(["sh", "-c", "kill -9 $$"], protocol)).status[0])

    async def test_lowest_channel_is_told_first(self):
        await self.running()
        for streams, first in ((("stdout", "stderr"), b"\1"), (("stderr",), b"\2"), (("stdin",), b"\3")):
            client = await self.open(["true"], streams=streams)
            self.assertEqual((await client.finish()).frames[0], (2, first))

    async def test_status_waits_for_who_holds_the_output(self):
        await self.running()
        found = await self.exec(["sh", "-c", "(sleep 0.4; echo late) & exit 5"])
        self.assertEqual(found.channel(1), b"late\n")
        self.assertIn(b'"message":"5"', found.status[0])


class Refusals(NodeCase):
    async def test_answers_before_the_upgrade(self):
        await self.running("job1")
        await self.running("two", container(), container("side"))
        self.create("done", container(command=["true"]))
        await self.phase("done", "Succeeded")
        self.faults.add({"fault": "unschedulable"})
        self.create("pend")
        rows = [("nopod", {}, 404, 'pods "nopod" not found'), ("job1", {"container": "nope"}, 400, "container nope is not valid for pod job1"),
                ("two", {"container": ""}, 400, "a container name must be specified for pod two, choose one of: [main side]"),
                ("pend", {}, 400, "pod pend does not have a host assigned"), ("job1", {"upgrade": False}, 400, "Upgrade request required"),
                ("job1", {"streams": ()}, 400, "you must specify at least 1 of stdin, stdout, stderr"),
                ("done", {}, 500, 'container not found ("main")'), ("job1", {"method": "POST"}, 405, "bad method")]
        for name, more, code, message in rows:
            with self.subTest(message):
                client = await self.open(["true"], name=name, **more)
                text = json.loads(client.body)["message"] if client.body.startswith(b"{") else client.body.decode()
                self.assertEqual((client.code, text), (code, message))

    async def test_a_lost_node_is_no_backend(self):
        await self.running()
        await self.act("node-lost")
        client = await self.open(["true"])
        status = json.loads(client.body)
        self.assertEqual((client.code, "reason" in status), (500, False))
        self.assertIn("error dialing backend", status["message"])
        self.assertEqual(self.pod("job1")["status"]["reason"], "NodeLost")
        await self.act("node-back")
        self.assertEqual((await self.exec(["true"])).status, [SUCCESS])


class Frames(NodeCase):
    async def test_output_is_exact_and_frames_are_bounded(self):
        await self.running()
        found = await self.exec(YES)
        expected = (b"0123456\n" * 250_000)
        self.assertEqual(hashlib.sha256(found.channel(1)).digest(), hashlib.sha256(expected).digest())
        self.assertLessEqual(max(len(payload) for _, payload in found.frames), 32769)

    async def test_stdin_arrives_and_ends_on_v5(self):
        await self.running()
        data = bytes(range(256)) * 20000
        self.assertEqual((await self.exec(["cat"], stdin=data)).channel(1), data)

    async def test_v4_has_no_end_of_stdin(self):
        await self.running()
        client = await self.open(["cat"], V4)
        client.send(0, b"x")
        client.send(255, b"\0")
        self.assertEqual(await client.read_some(7), b"\x82\x01\x01\x82\x02\x01x")
        self.assertIn("cat", await self.processes())
        client.leave("fin")

    async def test_what_comes_with_the_handshake_is_lost(self):
        await self.running()
        client = await self.open(["head", "-c", "1"], early=masked(b"\0A"))
        await client.read_some(3)
        client.send(0, b"B")
        self.assertEqual((await client.finish()).channel(1), b"B")

    async def test_fragments_are_messages_of_their_own(self):
        await self.running()
        client = await self.open(["cat"])
        client.send_raw(masked(b"\0one", 2, 0) + masked(b"\x09two", 0, 0) + masked(b"\0!", 0))
        client.send(255, b"\0")
        self.assertEqual((await client.finish()).channel(1), b"one!")

    async def test_what_is_ignored(self):
        await self.running()
        client = await self.open(["head", "-c", "2"])
        for frame in (masked(b"", 10), masked(b""), masked(b"\x09x"), masked(b"\1x"), masked(b"\0o", 1), masked(b"\0k", 3)):
            client.send_raw(frame)
        self.assertEqual((await client.finish()).channel(1), b"ok")

    async def test_ping(self):
        await self.running()
        client = await self.open(["cat"])
        client.send_raw(masked(b"hello", 9))
        self.assertEqual(await client.read_some(10), b"\x82\x01\x01\x8a\x05hello")
        client.leave("fin")

    async def test_stdin_without_stdin_is_ignored(self):
        await self.running()
        client = await self.open(["wc", "-c"], streams=("stdout",))
        client.send(0, b"xxx")
        self.assertEqual((await client.finish()).channel(1), b"0\n")

    async def test_protocol_errors(self):
        await self.running()
        rows = ((b"\x82\x02\x00x", [1002, 1000]), (masked(b"\xff"), [1000]), (masked(b"\xff\x09"), [1000]),
                (b"\x82\xff" + (33 << 20).to_bytes(8) + b"mask", [1000]))
        for sent, closes in rows:
            with self.subTest(sent):
                client = await self.open(["cat"])
                client.send_raw(sent)
                found = await client.finish()
                self.assertEqual((found.status, found.closes), ([], closes))

    async def test_a_slow_reader_stops_the_command_and_loses_nothing(self):
        await self.running()
        script = "i=0; while [ $i -lt 400 ]; do head -c 65536 /dev/zero; i=$((i+1)); echo $i > /tmp/done; done"
        client = await self.open(["sh", "-c", script])
        client.writer.transport.pause_reading()
        reached = 0
        while (now := await self._reached()) != reached or not now:
            reached = now
            await asyncio.sleep(0.2)
        self.assertLess(reached, 400)
        client.writer.transport.resume_reading()
        self.assertEqual(len((await client.finish()).channel(1)), 400 * 65536)

    async def _reached(self):
        return int((await self.exec(["sh", "-c", "cat /tmp/done || echo 0"])).channel(1) or 0)

    async def test_terminal(self):
        await self.running()
        client = await self.open(["sh", "-c", "read x; stty size; echo err >&2"], tty=True)
        client.send(4, b'{"Width":123,"Height":45}')
        client.send(0, b"go\n")
        found = await client.finish()
        self.assertIn(b"45 123\r\n", found.channel(1))
        self.assertIn(b"err\r\n", found.channel(1))
        self.assertEqual(found.channel(2), b"")


class Leaving(NodeCase):
    async def test_who_survives_the_client(self):
        await self.running()
        for protocol, how, survives in ((V4, "fin", False), (V4, "rst", False), (V4, "polite", True), (V5, "fin", True), (V5, "rst", True),
                                        (V5, "polite", True)):
            with self.subTest(f"{protocol} {how}"):
                mark = f"{len(protocol)}{how}"
                script = f": {mark}; while :; do echo x; sleep 0.02; done"
                pid = await self._pid_of(await self.open(["sh", "-c", script], protocol), mark, how)
                if survives:
                    await asyncio.sleep(0.2)
                    self.assertTrue(is_alive(pid))
                else:
                    await self.until(lambda pid=pid: not is_alive(pid), "the writer to be killed")

    async def _pid_of(self, client, mark, how):
        before = await client.read_some(6)
        pid = next(p["pid"] for p in await self.act("processes") if f": {mark};" in " ".join(p["args"]))
        client.leave(how)
        if how == "polite":
            found = await client.finish(before)
            self.assertEqual((found.status, found.closes), ([], [1000]))
        return pid

    async def test_a_reader_of_stdin_sees_its_end(self):
        await self.running()
        for protocol in (V4, V5):
            client = await self.open(["cat"], protocol)
            await client.read_some(3)
            client.leave("polite")
            await client.finish()
            await self.until(lambda: self.kubelet.execs.count() == 0)
        await self.runs("cat", False)

    async def test_when_the_container_dies(self):
        for name in ("deleted", "killed"):
            await self.running(name)
            clients = [await self.open(["sleep", seconds], protocol, name) for protocol, seconds in ((V4, "60"), (V5, "61"))]
            for seconds in (60, 61):
                await self.runs(f"sleep {seconds}", name=name)
            if name == "killed":
                await self.act("kill", name)
            else:
                self.delete(name)
            for client in clients:
                found = await client.finish()
                self.assertIn(b'"message":"137"', found.status[0])
                self.assertEqual(found.closes, [1000])

    async def test_when_the_runtime_restarts(self):
        await self.running()
        v5, v4 = await self.open(["sleep", "60"]), await self.open(["sleep", "61"], V4)
        for client in (v4, v5):
            await client.read_some(3)
        await self.runs("sleep 60")
        await self.runs("sleep 61")
        await self.act("runtime-restart")
        found = await v5.finish()
        self.assertEqual((found.status, found.closes), ([SUCCESS], [1000]))
        found = await v4.finish()
        self.assertEqual((found.status, found.closes), ([], []))
        self.assertEqual({"sleep 60", "sleep 61"} - set(await self.processes()), set(), "both live on")


class Faults(NodeCase):
    async def test_cut_at_an_exact_byte(self):
        await self.running()
        for count in (0, 3, 4, 40_000, 1_234_567):
            self.faults.add({"fault": "exec-cut", "bytes": count, "count": 1})
            found = await self.exec(YES)
            self.assertEqual(len(found.raw), max(count, 3), "the first message is out before a command runs")
            self.assertEqual((found.status, found.closes), ([], []))
        self.assertEqual((await self.exec(["true"])).status, [SUCCESS])

    async def test_reset(self):
        await self.running()
        self.faults.add({"fault": "exec-cut", "bytes": 100, "rst": True, "count": 1})
        self.assertTrue((await self.exec(YES)).was_reset)

    async def test_false_success(self):
        await self.running()
        self.faults.add({"fault": "exec-false-success", "bytes": 50_000, "count": 1})
        found = await self.exec(["sh", "-c", "yes 0123456 | head -c 200000; sleep 60"])
        self.assertEqual((found.status, found.closes, found.rest), ([SUCCESS], [1000], b""))
        await self.runs("sleep 60")

    async def test_polite_close(self):
        await self.running()
        self.faults.add({"fault": "exec-polite-close", "ms": 50, "count": 1})
        found = await self.exec(["sleep", "60"], V4)
        self.assertEqual((found.status, found.closes), ([], [1000]))
        await self.runs("sleep 60")

    async def test_status_dropped(self):
        await self.running()
        for close, expected in ((True, [1000]), (False, [])):
            self.faults.add({"fault": "exec-drop-status", "close": close, "count": 1})
            found = await self.exec(["echo", "x"])
            self.assertEqual((found.channel(1), found.status, found.closes), (b"x\n", [], expected))

    async def test_stall_goes_on(self):
        await self.running()
        self.faults.add({"fault": "exec-stall", "bytes": 100_001, "for_ms": 300, "count": 1})
        client = await self.open(YES)
        before = await client.read_some(100_001)
        with self.assertRaises(TimeoutError):
            await asyncio.wait_for(client.reader.read(1), 0.1)
        self.assertEqual(len((await client.finish(before)).channel(1)), 2_000_000)

    async def test_half_open(self):
        await self.running()
        self.faults.add({"fault": "exec-half-open", "bytes": 1000, "count": 1})
        client = await self.open(["sh", "-c", "yes | head -c 100000; sleep 62"])
        await client.read_some(1000)
        client.send_raw(masked(b"", 9))
        with self.assertRaises(TimeoutError):
            await asyncio.wait_for(client.reader.read(1), 0.3)
        client.leave("fin")
        await self.until(lambda: self.kubelet.execs.count() == 0)

    async def test_early_frames_lost(self):
        await self.running()
        self.faults.add({"fault": "exec-lose-early", "frames": 1, "count": 1})
        client = await self.open(["head", "-c", "1"])
        client.send(0, b"A")
        client.send(0, b"B")
        self.assertEqual((await client.finish()).channel(1), b"B")

    async def test_refused(self):
        await self.running()
        self.faults.add({"fault": "exec-refuse", "code": 500, "text": 'container not found ("main")', "count": 1, "match": {"name": "job*"}})
        self.assertEqual((await self.open(["true"])).body, b'container not found ("main")')


if __name__ == "__main__":
    unittest.main()
