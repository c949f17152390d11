# SPDX-License-Identifier: GPL-3.0-or-later
"""An authority and a server certificate of one's own, made with the openssl program."""
import ssl
import subprocess

NAMES = "IP:127.0.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default.svc"
_EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def _openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, timeout=30, check=False)
    if done.returncode:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr.strip()}")


class Tls:
    """Files in `folder`: ca.crt, server.crt, admin.crt and their keys. `context` serves new connections."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._make_authority()
        self._sign("admin", "/O=system:masters/CN=kubernetes-admin", "extendedKeyUsage=clientAuth")
        self.rotate()

    @property
    def authority(self):
        return self.folder / "ca.crt"

    def rotate(self, state="valid"):
        """A new server certificate: valid, expired, not-yet-valid, wrong-name, or of a new authority (untrusted)."""
        if state == "untrusted":
            self._make_authority()
        dates = {"expired": ("-not_before", "20200101000000Z", "-not_after", "20200102000000Z"),
                 "not-yet-valid": ("-not_before", "20900101000000Z", "-not_after", "20910101000000Z")}
        names = "DNS:elsewhere.example.org" if state == "wrong-name" else NAMES
        self._sign("server", "/CN=kube-apiserver", f"subjectAltName={names}", dates.get(state, ("-days", "2")))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.folder / "server.crt", self.folder / "server.key")
        context.load_verify_locations(self.authority)
        context.verify_mode = ssl.CERT_OPTIONAL
        context.set_alpn_protocols(["http/1.1"])
        self.context = context

    def _make_authority(self):
        _openssl("req", "-x509", *_EC, "-days", "30", "-subj", "/CN=kubernetes", "-addext", "basicConstraints=critical,CA:TRUE",
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", self.folder / "ca.key", "-out", self.authority)

    def _sign(self, name, subject, extension, dates=("-days", "2")):
        key, request, certificate = (self.folder / f"{name}.{end}" for end in ("key", "csr", "crt"))
        _openssl("req", *_EC, "-subj", subject, "-addext", extension, "-keyout", key, "-out", request)
        _openssl("x509", "-req", "-in", request, "-CA", self.authority, "-CAkey", self.folder / "ca.key", "-copy_extensions", "copy",
                 *dates, "-out", certificate)
