"""Whatever arrives at the port of a TLS node, it stays up, stays small, and
goes on serving those who belong to it."""

import contextlib
import pathlib
import random
import socket
import ssl
import struct
import time

import cluster
import common
from common import TroupeTest, clip, wait_until

CONNECTIONS = 1000

# What the node may grow by, whatever it is sent. A thousand connections that
# it forgets leave some arenas of the allocator behind.
GROWTH_BYTES = 40 << 20

# Of CAF's protocol: a header is operation, padding, flags, payload length,
# operation data, source and destination actor.
BASP_HEADER = struct.Struct(">BxxBIQQQ")


def memory(pid):
    """Resident bytes of a process."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) << 10
    raise AssertionError(f"process {pid} has no memory")


def descriptors(pid):
    return len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))


class Garbage(TroupeTest):

    def setUp(self):
        super().setUp()
        self.ca("init")
        for name in ("alpha", "beta", "client"):
            self.ca("issue", name)
        self.company = self.enterContext(
            cluster.Cluster(self.scratch / "cluster"))
        self.company.client = [
            x for key, path in self.files("client").items()
            for x in (f"--{key}", path)]
        self.alpha = self.company.add("alpha", coordinator=True, worker=False,
                                      tls=self.files("alpha")).start()
        self.beta = self.company.add("beta", tls=self.files("beta")).start()
        (self.company.media / "in.mkv").write_bytes(clip().read_bytes())
        # A first job, so that what grows once has grown.
        self.work("first.mp4")
        self.before = memory(self.alpha.pid)
        self.open_before = descriptors(self.alpha.pid)

    def tearDown(self):
        self.company.__exit__()
        super().tearDown()

    def ca(self, verb, *args):
        done = self.troupe("ca", verb, *args, "--dir", "ca", cwd=self.scratch)
        self.assertEqual(done.status, 0, str(done))

    def files(self, name):
        base = self.scratch / "ca"
        return {"certificate": base / f"{name}.pem",
                "key": base / f"{name}.key", "ca": base / "ca.pem"}

    def work(self, output):
        """A job from submit to its end, on the second node."""
        job = self.company.submit("in.mkv", output)
        self.company.wait_state(job, "completed")

    def connect(self):
        return socket.create_connection((self.alpha.host, self.alpha.port), 20)

    def check_unharmed(self):
        # It takes connections one after the other: whoever comes behind a
        # thousand waits for them.
        begin = time.monotonic()
        wait_until(lambda: self.company.row("alpha") or not
                   self.alpha.running(), "a client to be served")
        print(f"served a client after {time.monotonic() - begin:.1f} s")
        self.assertTrue(self.alpha.running(), self.alpha.said())
        self.assertEqual({x["name"]: x["state"]
                          for x in self.company.json("nodes")},
                         {"alpha": "up", "beta": "up"})
        self.work("after.mp4")
        wait_until(lambda: descriptors(self.alpha.pid) <= self.open_before + 8,
                   "the connections to be closed")
        grown = memory(self.alpha.pid) - self.before
        print(f"grew by {grown / 2**20:.1f} MiB from "
              f"{self.before / 2**20:.1f} MiB")
        self.assertLess(grown, GROWTH_BYTES)
        # Not one link broke meanwhile: the members are the same runs.
        self.assertNotIn("unreachable", self.alpha.said())

    def test_a_thousand_connections_of_random_bytes(self):
        dice = random.Random(1)
        for _ in range(CONNECTIONS):
            with self.connect() as link, contextlib.suppress(OSError):
                link.sendall(dice.randbytes(dice.randrange(1, 4096)))
        self.check_unharmed()

    def test_a_thousand_that_look_like_tls(self):
        # A record's head lets the noise through to what reads handshakes.
        dice = random.Random(2)
        for _ in range(CONNECTIONS):
            size = dice.randrange(4, 512)
            body = b"\x01" + (size - 4).to_bytes(3, "big") + dice.randbytes(
                size - 4)
            with self.connect() as link, contextlib.suppress(OSError):
                link.sendall(b"\x16\x03\x01" + struct.pack(">H", size) + body)
        self.check_unharmed()

    def test_truncated_handshakes(self):
        hello = self.client_hello()
        for end in range(1, len(hello), 7):
            with self.connect() as link:
                link.sendall(hello[:end])
        self.check_unharmed()

    def test_handshakes_that_never_go_on(self):
        hello = self.client_hello()
        with contextlib.ExitStack() as held:
            for _ in range(200):
                link = held.enter_context(self.connect())
                link.sendall(hello[:20])
            # While they are held, others are served.
            self.work("meanwhile.mp4")
        self.check_unharmed()

    def test_headers_of_caf_without_tls(self):
        for header in self.headers():
            with self.connect() as link, contextlib.suppress(OSError):
                link.sendall(header)
                while link.recv(4096):
                    pass
        self.check_unharmed()

    def test_headers_of_caf_in_tls_of_nobody(self):
        """Behind a handshake, but without a certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        for header in self.headers():
            with self.connect() as link, contextlib.suppress(OSError):
                with context.wrap_socket(link) as secure:
                    secure.sendall(header)
                    while secure.recv(4096):
                        pass
        self.check_unharmed()

    def headers(self):
        """A handshake of no length, which would end a node that read it, and
        messages that announce as much as can be said."""
        for operation in range(8):
            yield BASP_HEADER.pack(operation, 0, 0, 0, 0, 0)
            yield BASP_HEADER.pack(operation, 0, 0xFFFFFFFF, 0, 1, 1)
            yield BASP_HEADER.pack(operation, 0xFF, 0x7FFFFFFF, 1, 0, 0)[:17]

    def client_hello(self):
        """The first bytes of an honest TLS client."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        client = context.wrap_bio(incoming, outgoing)
        with contextlib.suppress(ssl.SSLWantReadError):
            client.do_handshake()
        return outgoing.read()


if __name__ == "__main__":
    common.main()
