"""Machines of a network, each a network namespace with a cable to a switch,
which can be pulled. Needs root; nothing of it shows outside of the namespaces.
"""

import os

from common import must, run

PREFIX = "10.77.0."


def available():
    """True when this process may make namespaces and links in them."""
    if os.geteuid() != 0:
        return False
    name = f"troupe-{os.getpid()}-try"
    if run(["ip", "netns", "add", name]).status != 0:
        return False
    made = run(["ip", "-n", name, "link", "add", "name", "sw", "type",
                "bridge"])
    run(["ip", "netns", "del", name])
    return made.status == 0


class Network:
    """A switch and the machines that were attached to it. A context manager;
    what runs in it has to end before it does."""

    def __init__(self):
        self._switch = self._namespace("switch")
        self._machines = []
        must(["ip", "netns", "add", self._switch])
        self._ip(self._switch, "link", "set", "lo", "up")
        self._ip(self._switch, "link", "add", "name", "sw", "type", "bridge")
        self._ip(self._switch, "addr", "add", f"{PREFIX}1/24", "dev", "sw")
        self._ip(self._switch, "link", "set", "sw", "up")

    @staticmethod
    def _namespace(name):
        return f"troupe-{os.getpid()}-{name}"

    @staticmethod
    def _ip(namespace, *args):
        must(["ip", "-n", namespace, *args])

    def attach(self, name):
        """A new machine; its address."""
        namespace, port = self._namespace(name), f"to-{name}"
        address = f"{PREFIX}{len(self._machines) + 2}"
        must(["ip", "netns", "add", namespace])
        self._machines.append(name)
        self._ip(self._switch, "link", "add", "name", port, "type", "veth",
                 "peer", "name", "eth0", "netns", namespace)
        self._ip(self._switch, "link", "set", port, "master", "sw", "up")
        self._ip(namespace, "link", "set", "lo", "up")
        self._ip(namespace, "addr", "add", f"{address}/24", "dev", "eth0")
        self._ip(namespace, "link", "set", "eth0", "up")
        return address

    def on(self, name):
        """What to put before a command so that it runs on that machine."""
        return ["ip", "netns", "exec", self._namespace(name)]

    def at_switch(self):
        """The same for a machine that is always connected."""
        return ["ip", "netns", "exec", self._switch]

    def cut(self, name):
        """Pulls the machine's cable: nothing arrives, nobody is told."""
        self._ip(self._switch, "link", "set", f"to-{name}", "down")

    def mend(self, name):
        self._ip(self._switch, "link", "set", f"to-{name}", "up")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for name in [*self._machines, "switch"]:
            run(["ip", "netns", "del", self._namespace(name)])
