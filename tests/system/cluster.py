"""Clusters of real processes: nodes to start, kill, freeze and wake, and the
client verbs to look at them with.
"""

import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from common import (MEDIA, SESSION, TROUPE, descendants, process, run,
                    wait_until)


# Between two looks by client verbs, so that they leave the machine some room.
VERB_STEP_S = 0.05


def free_port():
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def orphans():
    """Sessions that this process inherited and that haven't ended yet."""
    for x in descendants(os.getpid()):
        if x.name == "troupe-session" and x.parent == os.getpid():
            with contextlib.suppress(ChildProcessError):
                if os.waitpid(x.pid, os.WNOHANG) == (0, 0):
                    return True
    return False


def known_profile():
    """Where the profile of this machine is kept between tests, as nodes find
    out the same again and again. A node ignores one that isn't its own."""
    stamps = [f"{x.stat().st_size} {x.stat().st_mtime_ns}"
              for x in (TROUPE, SESSION)]
    key = hashlib.sha256(" ".join(stamps).encode()).hexdigest()[:12]
    return MEDIA / f"profile-{key}.json"


def children(pid):
    """The pids of a process's children, whichever thread spawned them."""
    found = []
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                text = pathlib.Path(
                    f"/proc/{pid}/task/{thread}/children").read_text()
                found += map(int, text.split())
    return found


class Node:
    """One `troupe node`, which may be started more than once."""

    def __init__(self, cluster, name, coordinator=False, worker=True, slots=1,
                 seeds=None, host="127.0.0.1", prefix=(), lines=(),
                 tls=None):
        self.cluster = cluster
        self.name = name
        self.coordinator = coordinator
        self.worker = worker
        self.host = host
        self.port = free_port() if host.startswith("127.") else 7400
        self.prefix = list(prefix)  # a command that runs it elsewhere
        self.env = {}
        self._popen = None
        self.config = cluster.folder / f"{name}.toml"
        self.log = cluster.folder / f"{name}.log"
        self.data = cluster.folder / f"data-{name}"
        roles = [role for role, has in (("coordinator", coordinator),
                                        ("worker", worker)) if has]
        known = seeds if seeds is not None else cluster.seeds()
        text = ["[node]", f'name = "{name}"', f"roles = {json.dumps(roles)}",
                f'bind = "{host}"', f"port = {self.port}",
                f"seeds = {json.dumps(known)}", f'data-dir = "{self.data}"',
                f"slots = {slots}", 'probe = "quick"',
                "[roots]", f'media = "{cluster.media}"']
        if tls:
            text += ["[tls]", *(f'{key} = "{path}"'
                                for key, path in tls.items())]
        self.config.write_text("\n".join([*text, *lines, ""]))

    @property
    def address(self):
        return f"{self.host}:{self.port}"

    @property
    def pid(self):
        return self._popen.pid

    def start(self, *options, wait=True):
        """Starts it; waits until it has joined unless told otherwise."""
        self._use_known_profile()
        with open(self.log, "ab") as log:
            self._begin = log.tell()
            self._popen = subprocess.Popen(
                [*self.prefix, str(TROUPE), "node", "--config",
                 str(self.config), *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **self.env}, start_new_session=True)
        if wait:
            self.wait_joined()
        return self

    def said(self):
        """What it logged since its last start."""
        with open(self.log, "rb") as log:
            log.seek(self._begin)
            return log.read().decode(errors="replace")

    def wait_joined(self, deadline_s=30):
        def joined():
            if self._popen.poll() is not None:
                raise AssertionError(f"{self.name} ended with status "
                                     f"{self._popen.returncode}:\n{self.said()}")
            row = self.cluster.row(self.name)
            return row and row["state"] in ("up", "draining") and row
        found = wait_until(joined, f"{self.name} to join", deadline_s,
                           VERB_STEP_S)
        if self.worker:
            self._wait_profile()
        return found

    def _use_known_profile(self):
        known, own = known_profile(), self.data / "profile.json"
        if self.worker and known.exists() and not own.exists():
            self.data.mkdir(exist_ok=True)
            shutil.copy(known, own)

    def _wait_profile(self):
        """From then on its sessions are those of jobs."""
        own, known = self.data / "profile.json", known_profile()
        wait_until(own.exists, f"{self.name} to know what it can encode", 120)
        if not known.exists():
            MEDIA.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=MEDIA) as folder:
                part = pathlib.Path(folder) / "profile.json"
                shutil.copy(own, part)
                os.rename(part, known)

    def running(self):
        return self._popen is not None and self._popen.poll() is None

    def signal(self, number):
        os.kill(self.pid, number)

    def kill(self):
        """kill -9, and the body taken away."""
        self._popen.kill()
        self._popen.wait()

    def freeze(self):
        """SIGSTOP, for it and its sessions, as a machine freezes."""
        self.signal(signal.SIGSTOP)
        for session in self.sessions():
            with contextlib.suppress(ProcessLookupError):
                os.kill(session, signal.SIGSTOP)

    def wake(self):
        for session in self.sessions():
            with contextlib.suppress(ProcessLookupError):
                os.kill(session, signal.SIGCONT)
        self.signal(signal.SIGCONT)

    def wait(self, deadline_s=60):
        """Waits for its end; the exit status."""
        return self._popen.wait(deadline_s)

    def stopped(self):
        """True when it stopped as by SIGSTOP."""
        found = process(self.pid)
        return found is not None and found.state == "T"

    def sessions(self):
        """The pids of its living sessions."""
        found = filter(None, map(process, children(self.pid)))
        return [x.pid for x in found
                if x.name == "troupe-session" and x.state != "Z"]

    def end(self):
        if self.running():
            with contextlib.suppress(ProcessLookupError):
                self.signal(signal.SIGCONT)
            self.kill()


class Cluster:
    """Nodes that share a folder as root `media`. A context manager: nothing
    that it started outlives it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.media = self.folder / "media"
        self.media.mkdir(parents=True, exist_ok=True)
        self.nodes = {}
        self.client = []  # options that every client verb is given
        self.client_prefix = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for node in self.nodes.values():
            node.end()
        # Sessions die with their node, a moment later, and are ours to reap.
        wait_until(lambda: not orphans(), "the sessions of the nodes to end")

    def seeds(self):
        return [x.address for x in self.nodes.values() if x.coordinator]

    def add(self, name, **how):
        self.nodes[name] = Node(self, name, **how)
        return self.nodes[name]

    def coordinator(self):
        return next(x for x in self.nodes.values() if x.coordinator)

    def verb(self, *args, deadline_s=30):
        """Runs a client verb against the cluster."""
        return run([*self.client_prefix, TROUPE, *args, "--seed",
                    self.coordinator().address, *self.client],
                   deadline_s=deadline_s)

    def json(self, *args, **kwargs):
        """What a client verb prints with --json; it has to succeed."""
        done = self.verb(*args, "--json", **kwargs)
        if done.status != 0:
            raise AssertionError(str(done))
        return done.json()

    def row(self, name):
        """The node's row in the member table, or None."""
        done = self.verb("nodes", "--json")
        if done.status != 0:
            return None
        return next((x for x in done.json() if x["name"] == name), None)

    def submit(self, source, output, *options):
        """Submits a job of files in `media`; its id."""
        return self.json("submit", f"media:/{source}", "-o",
                         f"media:/{output}", *options)["id"]

    def no_sessions(self):
        """True when no node has a session."""
        return not any(x.sessions() for x in self.nodes.values()
                       if x.running())

    def job(self, job_id):
        return self.json("job", job_id)

    def wait_state(self, job_id, *states, deadline_s=120):
        def reached():
            found = self.job(job_id)
            if found["state"] in states:
                return found
            if found["state"] in ("completed", "failed", "cancelled"):
                raise AssertionError(
                    f"the job ended as {found['state']} instead of "
                    f"{states}: {json.dumps(found, indent=1)}\n"
                    + self.verb("logs", job_id).stdout)
            return None
        return wait_until(reached, f"job {job_id} to be {states}", deadline_s,
                          VERB_STEP_S)

    def wait_running(self, job_id, deadline_s=60):
        """Waits until the job encodes; the node that does."""
        def node():
            for task in self.job(job_id)["tasks"]:
                if task["kind"] == "whole" and task["state"] == "running":
                    return self.nodes[task["node"]]
            return None
        return wait_until(node, f"job {job_id} to encode", deadline_s,
                          VERB_STEP_S)

    def partials(self):
        return sorted(x.name for x in self.media.rglob(".*.partial"))


def now():
    return time.monotonic()
