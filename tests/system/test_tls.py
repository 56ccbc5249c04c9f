"""Nobody without a certificate of the cluster's CA is let in, or lets others
in; with one, everything works."""

import contextlib
import os
import socket
import ssl

import cluster
import common
from common import TroupeTest, clip, must, wait_until

# Longer than anything that waits for an answer; far below the test's own limit.
ANSWER_S = 20


class TlsTest(TroupeTest):
    """A CA with a node `alpha`, `beta` and a client; and a foreign CA with
    certificates of the same names."""

    def setUp(self):
        super().setUp()
        for folder in ("ours", "foreign"):
            self.ca("init", "--dir", folder)
            for name in ("alpha", "beta", "client"):
                self.ca("issue", name, "--dir", folder)

    def ca(self, *args):
        done = self.troupe("ca", *args, cwd=self.scratch)
        self.assertEqual(done.status, 0, str(done))

    def files(self, name, folder="ours"):
        base = self.scratch / folder
        return {"certificate": base / f"{name}.pem", "key": base / f"{name}.key",
                "ca": base / "ca.pem"}

    def options(self, name, folder="ours"):
        found = self.files(name, folder)
        return [x for key, path in found.items() for x in (f"--{key}", path)]

    def expired(self, name):
        """A certificate of our CA that ended yesterday."""
        base = self.scratch / "ours"
        must(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt",
              "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key",
              "-subj", f"/CN={name}", "-out", f"{name}.csr"], cwd=base)
        must(["openssl", "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem",
              "-CAkey", "ca.key", "-days", "-1", "-out", f"{name}.pem"],
             cwd=base)
        os.chmod(base / f"{name}.key", 0o600)
        return self.files(name)

    @contextlib.contextmanager
    def company(self):
        with cluster.Cluster(self.scratch / "cluster") as company:
            company.client = self.options("client")
            yield company

    def context(self, name=None, folder="ours"):
        """A TLS client of Python's that trusts our CA."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.load_verify_locations(self.files("client")["ca"])
        if name:
            found = self.files(name, folder)
            context.load_cert_chain(found["certificate"], found["key"])
        return context

    def received(self, node, context):
        """What the node sends to a TLS client; raises what TLS raises."""
        with socket.create_connection((node.host, node.port),
                                      ANSWER_S) as plain:
            with context.wrap_socket(plain) as secure:
                # TLS 1.3 tells a client of its certificate when it reads.
                return secure.recv(64)


class Refused(TlsTest):

    def setUp(self):
        super().setUp()
        self.company_ = self.enterContext(self.company())
        self.alpha = self.company_.add("alpha", coordinator=True,
                                       tls=self.files("alpha")).start()

    def tearDown(self):
        # Whoever was refused did no harm.
        self.assertEqual(self.company_.row("alpha")["state"], "up")
        self.company_.__exit__()
        super().tearDown()

    def no_cluster(self, *options):
        done = self.troupe("nodes", "--seed", self.alpha.address, *options,
                           deadline_s=ANSWER_S)
        self.assertEqual(done.status, 69, str(done))
        self.assertIn(self.alpha.address, done.stderr)
        return done.stderr

    def bad_certificate(self, *options):
        done = self.troupe("nodes", "--seed", self.alpha.address, *options,
                           deadline_s=ANSWER_S)
        self.assertEqual(done.status, 78, str(done))
        return done.stderr

    def test_one_that_belongs_here_is_answered(self):
        # So that the others are refused for their certificates.
        self.assertTrue(self.received(self.alpha, self.context("client")))

    def test_no_certificate(self):
        with self.assertRaisesRegex(ssl.SSLError, "certificate required|"
                                    "CERTIFICATE_REQUIRED"):
            self.received(self.alpha, self.context())
        self.no_cluster()

    def test_a_foreign_ca(self):
        with self.assertRaisesRegex(ssl.SSLError, "unknown ca|UNKNOWN_CA|"
                                    "decrypt error|DECRYPT_ERROR"):
            self.received(self.alpha, self.context("client", "foreign"))
        # A client trusts the CA that it was given, and no other.
        self.no_cluster(*self.options("client", "foreign"))

    def test_an_expired_certificate(self):
        files = self.expired("old")
        with self.assertRaisesRegex(ssl.SSLError, "certificate expired|"
                                    "CERTIFICATE_EXPIRED"):
            self.received(self.alpha, self.context("old"))
        said = self.bad_certificate(*self.options("old"))
        self.assertIn(f"{files['certificate']}: has expired on ", said)

    def test_plain_bytes(self):
        with socket.create_connection((self.alpha.host, self.alpha.port),
                                      ANSWER_S) as plain:
            plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
            # At most an alert, then the end.
            answer = b""
            with contextlib.suppress(ConnectionResetError):
                while part := plain.recv(4096):
                    answer += part
            self.assertLess(len(answer), 64)

    def test_wrong_paths(self):
        for key in ("certificate", "key", "ca"):
            options = self.options("client")
            options[options.index(f"--{key}") + 1] = "/none.pem"
            with self.subTest(key=key):
                self.assertIn("/none.pem: No such file",
                              self.bad_certificate(*options))
        found = self.options("client")[:4]
        done = self.troupe("nodes", "--seed", self.alpha.address, *found)
        self.assertEqual(done.status, 64, str(done))
        self.assertIn("--ca: is missing", done.stderr)

    def test_a_node_of_a_foreign_ca_never_joins(self):
        beta = self.company_.add("beta", tls=self.files("beta", "foreign"))
        beta.start(wait=False)
        wait_until(lambda: self.alpha.address in beta.said(),
                   "beta to say whom it cannot reach")
        # It goes on trying, as its seed may get other certificates.
        self.assertTrue(beta.running(), beta.said())
        self.assertEqual([x["name"] for x in self.company_.json("nodes")],
                         ["alpha"])

    def test_a_node_without_tls_never_joins(self):
        beta = self.company_.add("beta")
        beta.start(wait=False)
        wait_until(lambda: self.alpha.address in beta.said(),
                   "beta to say whom it cannot reach")
        self.assertTrue(beta.running(), beta.said())
        self.assertEqual([x["name"] for x in self.company_.json("nodes")],
                         ["alpha"])


class Start(TlsTest):
    """A node with certificates that cannot work does not even start."""

    def refused(self, files, line, *words):
        with self.company() as company:
            node = company.add("alpha", coordinator=True, tls=files)
            node.start(wait=False)
            self.assertEqual(node.wait(ANSWER_S), 78, node.said())
            said = node.said()
            self.assertIn(f"{node.config}:", said)
            self.assertIn(f": {line}: ", said)
            for word in words:
                self.assertIn(word, said)

    def test_a_wrong_path(self):
        for key in ("certificate", "key", "ca"):
            with self.subTest(key=key):
                self.refused({**self.files("alpha"), key: "/none.pem"},
                             f"tls.{key}", "/none.pem: No such file")

    def test_an_expired_certificate(self):
        self.refused(self.expired("old"), "tls.certificate", "has expired on")

    def test_a_foreign_ca(self):
        files = {**self.files("alpha"), "ca": self.files("x", "foreign")["ca"]}
        self.refused(files, "tls.certificate", "is not signed by")

    def test_the_key_of_another(self):
        files = {**self.files("alpha"), "key": self.files("beta")["key"]}
        self.refused(files, "tls.key", "does not belong to")

    def test_a_key_that_others_may_read(self):
        files = self.files("alpha")
        os.chmod(files["key"], 0o644)
        self.refused(files, "tls.key", "chmod 600")

    def test_no_certificates_beyond_loopback(self):
        with self.company() as company:
            node = company.add("alpha", coordinator=True)
            node.start("--set", "node.bind=0.0.0.0", "--set",
                       "node.advertise=alpha", wait=False)
            self.assertEqual(node.wait(ANSWER_S), 78, node.said())
            self.assertIn("--set: node.bind: found \"0.0.0.0\" without [tls]",
                          node.said())


class Work(TlsTest):

    def test_a_cluster_of_two_finishes_a_job(self):
        with self.company() as company:
            company.add("alpha", coordinator=True, worker=False,
                        tls=self.files("alpha")).start()
            company.add("beta", tls=self.files("beta")).start()
            source = company.media / "in.mkv"
            source.write_bytes(clip().read_bytes())
            job = company.submit("in.mkv", "out.mp4")
            done = company.wait_state(job, "completed")
            self.assertEqual({x["node"] for x in done["tasks"]}, {"beta"})
            self.assertTrue((company.media / "out.mp4").exists())

    def test_a_client_finds_everything_in_a_node_s_file(self):
        with self.company() as company:
            alpha = company.add("alpha", coordinator=True,
                                tls=self.files("alpha")).start()
            done = self.troupe("nodes", "--config", alpha.config, "--json",
                               deadline_s=ANSWER_S)
            self.assertEqual(done.status, 0, str(done))
            self.assertEqual([x["name"] for x in done.json()], ["alpha"])


if __name__ == "__main__":
    common.main()
