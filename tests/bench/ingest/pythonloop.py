# SPDX-License-Identifier: GPL-3.0-or-later
"""A peer of the ingest bench: the Python client used as one would first write it, reading one exec into a file.
pythonloop.py KUBECONFIG BYTES FILE"""
import sys

from kubernetes import client, config, stream

config.load_kube_config(sys.argv[1])
answer = stream.stream(client.CoreV1Api().connect_get_namespaced_pod_exec, "p", "n", container="main", command=["lines", sys.argv[2]],
                       stderr=True, stdin=False, stdout=True, tty=False, _preload_content=False)
with open(sys.argv[3], "w", encoding="utf-8") as out:
    while answer.is_open():
        answer.update(timeout=1)
        if answer.peek_stdout():
            out.write(answer.read_stdout())
        if answer.peek_stderr():
            sys.stderr.write(answer.read_stderr())
