"""`troupe ca` makes what nodes and openssl take, and never overwrites."""

import os
import stat

import common
from common import TroupeTest, must


class Ca(TroupeTest):

    def ca(self, *args):
        return self.troupe("ca", *args)

    def made(self, *args):
        done = self.ca(*args)
        self.assertEqual(done.status, 0, str(done))
        return done

    def refused(self, status, *args):
        done = self.ca(*args)
        self.assertEqual(done.status, status, str(done))
        self.assertTrue(done.stderr.startswith("troupe: "), str(done))
        return done.stderr

    def test_openssl_takes_what_was_issued(self):
        self.made("init", "--dir", "ca")
        self.made("issue", "alpha", "--dir", "ca")
        must(["openssl", "verify", "-x509_strict", "-purpose", "sslserver",
              "-CAfile", "ca/ca.pem", "ca/alpha.pem"], cwd=self.dir)
        must(["openssl", "verify", "-x509_strict", "-purpose", "sslclient",
              "-CAfile", "ca/ca.pem", "ca/alpha.pem"], cwd=self.dir)
        text = must(["openssl", "x509", "-in", "ca/alpha.pem", "-noout",
                     "-text"], cwd=self.dir).stdout
        for part in ("DNS:alpha", "CA:FALSE", "P-256",
                     "TLS Web Server Authentication, "
                     "TLS Web Client Authentication"):
            self.assertIn(part, text)
        text = must(["openssl", "x509", "-in", "ca/ca.pem", "-noout",
                     "-text"], cwd=self.dir).stdout
        for part in ("CA:TRUE, pathlen:0", "Certificate Sign", "P-256"):
            self.assertIn(part, text)

    def test_keys_are_readable_by_their_owner_only(self):
        # Whatever the umask says.
        before = os.umask(0)
        try:
            self.made("init", "--dir", "ca")
            self.made("issue", "alpha", "--dir", "ca")
        finally:
            os.umask(before)
        for name in ("ca.key", "alpha.key"):
            mode = stat.S_IMODE((self.dir / "ca" / name).stat().st_mode)
            self.assertEqual(mode, 0o600, name)
        self.assertEqual(sorted(os.listdir(self.dir / "ca")),
                         ["alpha.key", "alpha.pem", "ca.key", "ca.pem"])

    def test_documents_name_the_files(self):
        document = self.made("init", "--dir", "ca", "--json").json()
        self.assertEqual(document["certificate"], "ca/ca.pem")
        self.assertEqual(document["key"], "ca/ca.key")
        self.assertTrue(document["expires"].endswith("Z"))
        done = self.ca("issue", "a b", "--dir", "ca", "--json")
        self.assertEqual(done.status, 64)
        self.assertEqual(done.json()["error"]["code"], "usage")

    def test_nothing_is_overwritten(self):
        self.made("init", "--dir", "ca")
        self.made("issue", "alpha", "--dir", "ca")
        before = (self.dir / "ca/ca.key").read_bytes()
        self.assertIn("is there already", self.refused(73, "init", "--dir", "ca"))
        self.assertIn("is there already",
                      self.refused(73, "issue", "alpha", "--dir", "ca"))
        self.assertEqual((self.dir / "ca/ca.key").read_bytes(), before)

    def test_mistakes_have_their_own_statuses(self):
        self.assertIn("troupe ca init",
                      self.refused(66, "issue", "alpha", "--dir", "ca"))
        self.made("init", "--dir", "ca")
        self.refused(64, "issue", "../alpha", "--dir", "ca")
        self.refused(64, "issue", "alpha", "--dir", "ca", "--days", "0")
        self.refused(64, "issue", "alpha", "--dir", "ca", "--days", "soon")
        self.refused(64, "issue", "--dir", "ca")
        self.refused(64, "init")
        self.refused(64)
        self.refused(73, "init", "--dir", "none/ca")
        (self.dir / "ca/ca.key").chmod(0o644)
        self.assertIn("chmod 600",
                      self.refused(78, "issue", "alpha", "--dir", "ca"))

    def test_a_full_disk_leaves_nothing(self):
        (self.dir / "small").mkdir()
        with common.mounted_tmpfs(self.dir / "small", "size=16k"):
            self.made("init", "--dir", "small/ca")
            with open(self.dir / "small/filler", "wb", buffering=0) as filler:
                with self.assertRaises(OSError):
                    while True:
                        filler.write(bytes(4096))
            self.refused(73, "issue", "alpha", "--dir", "small/ca")
            self.assertEqual(sorted(os.listdir(self.dir / "small/ca")),
                             ["ca.key", "ca.pem"])


if __name__ == "__main__":
    common.main()
