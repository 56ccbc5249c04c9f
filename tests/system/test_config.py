"""`troupe check-config` takes the examples, and explains every mistake."""

import shutil

import common
from common import SOURCE_DIR, TroupeTest

EXAMPLES = SOURCE_DIR / "config"


class CheckConfig(TroupeTest):

    def check(self, text, *options):
        (self.dir / "node.toml").write_text(text)
        return self.troupe("check-config", "node.toml", *options)


class Examples(CheckConfig):

    def good(self, *args):
        done = self.troupe("check-config", *args)
        self.assertEqual(done.status, 0, str(done))
        self.assertEqual(done.stderr, "")
        return done.stdout

    def copy(self, folder):
        shutil.copytree(EXAMPLES / folder, self.dir, dirs_exist_ok=True)
        (self.dir / "media").mkdir()

    def test_one_machine(self):
        said = self.good(EXAMPLES / "one-machine.toml", "--set",
                         f"roots.media={self.scratch}", "--set",
                         f"node.data-dir={self.dir}/data")
        self.assertIn(": ok: node alpha (coordinator, worker) at "
                      "127.0.0.1:7400, 1 slot, roots media, plain TCP\n", said)

    def test_three_nodes_have_ports_and_names_of_their_own(self):
        self.copy("three-nodes")
        seen = set()
        for name in ("alpha", "beta", "gamma"):
            node = self.troupe("check-config", f"{name}.toml", "--json").json()
            self.assertTrue(node["ok"], node)
            self.assertEqual(node["node"]["name"], name)
            seen.add(node["node"]["bind"])
        self.assertEqual(len(seen), 3)

    def test_tls_cluster(self):
        self.copy("tls-cluster")
        for words in (("init",), ("issue", "alpha"), ("issue", "beta")):
            done = self.troupe("ca", *words, "--dir", "ca")
            self.assertEqual(done.status, 0, str(done))
        self.assertIn(", TLS\n", self.good("alpha.toml"))
        self.assertIn(", TLS\n", self.good("beta.toml"))

    def test_none_is_left_out(self):
        found = sorted(str(x.relative_to(EXAMPLES))
                       for x in EXAMPLES.rglob("*.toml"))
        self.assertEqual(found, [
            "one-machine.toml", "three-nodes/alpha.toml",
            "three-nodes/beta.toml", "three-nodes/gamma.toml",
            "tls-cluster/alpha.toml", "tls-cluster/beta.toml"])


class Mistakes(CheckConfig):

    def test_all_are_told_with_their_lines(self):
        done = self.check('[node]\nnam = "a"\nport = "x"\n[tsl]\nkey = "k"\n'
                          '[roots]\nmedia = "/none"\n')
        self.assertEqual(done.status, 78, str(done))
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.splitlines(), [
            "node.toml:1: node.name: is missing; every node of a cluster has a "
            "name of its own",
            "node.toml:1: node.seeds: is missing; a node that is not the "
            "coordinator needs HOST:PORT of one that knows the cluster",
            "node.toml:2: node.nam: is an unknown key; did you mean \"name\"?",
            "node.toml:3: node.port: found \"x\"; allowed is a whole number "
            "of 1 to 65535",
            "node.toml:4: [tsl]: is an unknown section; did you mean [tls]?",
            "node.toml:7: roots.media: \"/none\" is not there; allowed is a "
            "folder that this node may read",
            "warning: node.data-dir is not said: when this node is killed, "
            "partial files of what it was encoding stay in the roots"])

    def test_machines_get_them_too(self):
        done = self.check("[node]\nslots = 0\n", "--json")
        self.assertEqual(done.status, 78)
        document = done.json()
        self.assertFalse(document["ok"])
        self.assertIsNone(document["node"])
        self.assertIn("node.toml:2: node.slots",
                      [x["where"] for x in document["mistakes"]])

    def test_what_is_no_configuration_is_refused(self):
        for content in (b"", b"\n\n# nothing\n", b"[node\n", b"\x00\xff" * 50,
                        b"[" * 100_000, b"a=" + b"[" * 50_000,
                        b"x = 1\n" * 400_000):
            with self.subTest(start=content[:20]):
                (self.dir / "node.toml").write_bytes(content)
                done = self.troupe("check-config", "node.toml")
                self.assertEqual(done.status, 78, str(done)[:2000])
                self.assertIn("node.toml", done.stderr)
        for path in ("none.toml", ".", "/dev/zero"):
            with self.subTest(path=path):
                done = self.troupe("check-config", path)
                self.assertEqual(done.status, 78, str(done))
        self.assertEqual(self.troupe("check-config").status, 64)

    def test_certificates_are_checked_too(self):
        for words in (("init", "--dir", "ca"), ("issue", "a", "--dir", "ca"),
                      ("init", "--dir", "foreign")):
            self.assertEqual(self.troupe("ca", *words).status, 0)
        text = ('[node]\nname = "a"\nseeds = ["alpha:7400"]\n[tls]\n'
                'certificate = "ca/a.pem"\nkey = "ca/a.key"\nca = "{}"\n')
        done = self.check(text.format("ca/ca.pem"))
        self.assertEqual(done.status, 0, str(done))
        done = self.check(text.format("foreign/ca.pem"))
        self.assertEqual(done.status, 78, str(done))
        self.assertIn("node.toml:5: tls.certificate: ", done.stderr)
        self.assertIn("is not signed by", done.stderr)

    def test_beyond_loopback_certificates_are_needed(self):
        done = self.check('[node]\nname = "a"\nseeds = ["localhost"]\n'
                          'bind = "10.0.0.1"\n')
        self.assertEqual(done.status, 78, str(done))
        self.assertIn('node.toml:4: node.bind: found "10.0.0.1" without [tls]',
                      done.stderr)


if __name__ == "__main__":
    common.main()
