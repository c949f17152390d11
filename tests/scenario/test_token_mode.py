# SPDX-License-Identifier: GPL-3.0-or-later
"""auth.mode = "token", as a pod has it: every address, the token an operator gave, nothing made by the master itself."""
import subprocess
import unittest

from harness import BIN, Master

TOKEN = "0123456789abcdef0123456789abcdef01234567"


class TokenMode(unittest.TestCase):
    def setUp(self):
        self.master = Master({})
        self.addCleanup(self.master.remove)
        self.token = self.master.state / "token"
        self.token.write_text(TOKEN + "\n")
        self.token.chmod(0o440)
        config = self.master.config.read_text().replace('address = "127.0.0.1:0"', 'address = "0.0.0.0:0"')
        self.master.config.write_text(config + f'\n[auth]\nmode = "token"\ntoken_file = "{self.token}"\n')
        self.master.admin_token = lambda: TOKEN

    def refusal(self):
        done = subprocess.run([BIN / "danube-master", "--config", self.master.config], capture_output=True, text=True, timeout=30,
                              stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(done.returncode, 2, done.stderr)
        return [line for line in done.stderr.splitlines() if line.startswith("danube-master: ")]

    def test_the_given_token_opens_and_no_other_is_made(self):
        self.master.start()
        self.assertEqual(self.master.rest("GET", "/api/v1/jobs")[0], 200)
        self.assertEqual(self.master.rest("GET", "/api/v1/jobs", headers={"Authorization": "Bearer " + TOKEN[:-1] + "8"})[0], 401)
        self.assertEqual(self.master.rest("GET", "/metrics", headers={"Authorization": ""})[0], 401)
        self.assertEqual(self.master.rest("GET", "/health/ready", headers={"Authorization": ""})[0], 200)
        self.assertFalse((self.master.data / "admin.token").exists())
        self.assertNotIn(TOKEN, self.master.log())

    def test_a_token_that_all_can_read_is_refused(self):
        self.token.chmod(0o444)
        self.assertEqual(self.refusal(), [f"danube-master: token file {self.token} is open to others; expected mode 0440 or 0600"])

    def test_a_missing_token_is_refused_and_not_made(self):
        self.token.unlink()
        self.assertIn(f"read token file {self.token}", self.refusal()[0])
        self.assertFalse(self.token.exists())

    def test_every_address_without_a_token_is_refused(self):
        self.master.config.write_text(self.master.config.read_text().replace('mode = "token"', 'mode = "dev"'))
        self.assertIn('"dev" is for loopback only', self.refusal()[0])


if __name__ == "__main__":
    unittest.main()
