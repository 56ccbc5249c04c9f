"""Faults that happen to a cluster while it works, and what has to become of
its jobs: shared by the tests, where each happens once, and by tools/failover,
which counts the seconds.
"""

import hashlib
import os
import pathlib
import shutil
import signal
import threading
import time

from cluster import VERB_STEP_S, Cluster
from common import TROUPE, long_clip, must, sha256, wait_until
from netns import Network

# Work that goes on longer than any fault takes, and leaves the machine a core.
LONG = ("--speed", "slow", "--threads", "1")
# Work that is over some seconds after its replacement began.
SHORT = ("--speed", "ultrafast", "--height", "360", "--threads", "1")


def poll(condition, what, deadline_s=30):
    """Waits in steps that are small beside what is measured; the time."""
    end = time.monotonic() + deadline_s
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline_s} s: {what}")
        time.sleep(0.001)
    return time.monotonic()


class Watch:
    """Looks at a file all the time, and notes every appearance of it."""

    def __init__(self, path):
        self._path = path
        self._over = threading.Event()
        # Each (inode, size, digest), or None while it wasn't there.
        self.seen = []
        self._last = False
        self._thread = threading.Thread(target=self._look)

    def _look(self):
        while not self._over.is_set():
            self._note()
            time.sleep(0.001)
        self._note()

    def _note(self):
        try:
            with open(self._path, "rb") as file:
                found = os.fstat(file.fileno())
                now = (found.st_ino, found.st_size, found.st_mtime_ns)
                if now != self._last:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                    self.seen.append((found.st_ino, found.st_size, digest))
        except FileNotFoundError:
            now = None
            if now != self._last:
                self.seen.append(None)
        self._last = now

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()


class Stage:
    """A cluster in which alpha decides and others work, with a long film."""

    def __init__(self, folder, workers=("beta", "gamma"), slots=1):
        self.cluster = Cluster(folder)
        self.workers = [self._add(name, slots=slots)
                        for name in ("alpha", *workers)][1:]
        self.alpha = self.cluster.nodes["alpha"]
        self._outputs = 0
        self._expected = {}

    def _add(self, name, **how):
        boss = name == "alpha"
        return self.cluster.add(name, coordinator=boss, worker=not boss, **how)

    def __enter__(self):
        try:
            for node in self.cluster.nodes.values():
                node.start()
            shutil.copy(long_clip(), self.cluster.media / "in.mkv")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.cluster.__exit__()

    # -- what faults are made of

    def submit(self, options=LONG):
        self._outputs += 1
        return self.cluster.submit("in.mkv", f"out-{self._outputs}.mp4",
                                   *options)

    def last_output(self):
        return self.cluster.media / f"out-{self._outputs}.mp4"

    def begin(self, options=LONG):
        """A job that encodes; the job and its node."""
        job = self.submit(options)
        # A task that is under way to its worker is called running, too.
        wait_until(lambda: self.cluster.job(job)["progress"] > 0,
                   f"job {job} to get on", step_s=VERB_STEP_S)
        return job, self.cluster.wait_running(job)

    def others(self, node):
        return [x for x in self.workers if x is not node]

    def elsewhere(self, node, deadline_s=30):
        """Waits for a session of another node; the time."""
        return poll(lambda: any(x.sessions() for x in self.others(node)),
                    "the task to begin elsewhere", deadline_s)

    def expected(self, options):
        """The digest of what a job makes that nothing happens to."""
        if options not in self._expected:
            self.cluster.wait_state(self.submit(options), "completed")
            self._expected[options] = sha256(self.last_output())
        return self._expected[options]

    def settle(self, job=None):
        """Ends the job and waits until all is as it was at the beginning."""
        if job:
            self.cluster.verb("cancel", job)
        for node in self.cluster.nodes.values():
            if not node.running():
                node.start()
        self.settled()

    def settled(self):
        def idle():
            rows = self.cluster.json("nodes")
            return (all(x["state"] == "up" and x["running"] == 0 for x in rows
                        if x["name"] in self.cluster.nodes)
                    and self.cluster.no_sessions()
                    and not self.cluster.partials())
        wait_until(idle, "nothing to be left of the job", 60, VERB_STEP_S)

    # -- a worker stays away: seconds until its task runs elsewhere

    def kill_worker(self):
        job, node = self.begin()
        begin = time.monotonic()
        node.signal(signal.SIGKILL)
        took = self.elsewhere(node) - begin
        node.kill()
        self.settle(job)
        return took

    def freeze_worker(self):
        job, node = self.begin()
        begin = time.monotonic()
        node.freeze()
        took = self.elsewhere(node) - begin
        node.wake()
        self.settle(job)
        return took

    # -- a worker comes back: its job has one result all the same

    def wake_worker(self, ended):
        """Freezes a worker; wakes it before or after its replacement ended."""
        def back(node, job):
            self.elsewhere(node)
            if ended:
                self.cluster.wait_state(job, "completed")
            node.wake()
        self.once(lambda node: node.freeze(), back)

    def stop_while_publishing(self, step, ended):
        """A worker stops before this step of its publishing, and wakes up
        before or after its replacement ended."""
        self.expected(SHORT)  # while it stops nowhere
        node = self.workers[0]
        for other in self.others(node):
            self.cluster.json("drain", other.name)
        node.kill()
        node.env = {"TROUPE_DEBUG_PUBLISH_STOP": str(step)}
        node.start()
        node.env = {}

        def stop(node):
            poll(node.stopped, "the node to stop while publishing", 120)
            for other in self.others(node):
                self.cluster.json("undrain", other.name)

        def back(node, job):
            self.elsewhere(node)
            if ended:
                self.cluster.wait_state(job, "completed")
            node.wake()
        # What stopped behind its rename has published, and nobody could know:
        # the replacement puts its own file, with the same bytes, in its place.
        self.once(stop, back, hands=2 if step > 1 else 1)
        # What follows must not stop there again.
        node.kill()
        self.settle()

    def once(self, fault, back, options=SHORT, hands=1):
        """A job with a fault has the one result of a job without: it appears
        once, whole, and stays as it is, from at most so many hands."""
        expected = self.expected(options)
        job = self.submit(options)
        with Watch(self.last_output()) as watch:
            node = self.cluster.wait_running(job)
            fault(node)
            back(node, job)
            self.cluster.wait_state(job, "completed")
            self.settled()
        files = [x for x in watch.seen if x]
        # Nothing before the file, and nothing but the file.
        if watch.seen[:1] + files != watch.seen or len(files) > hands:
            raise AssertionError(f"{self.last_output()} came and went or "
                                 f"changed: {watch.seen}\n{self.story(job)}")
        if any(digest != expected for _, _, digest in files):
            raise AssertionError(f"{self.last_output()} has other bytes than "
                                 f"without a fault\n{self.story(job)}")

    def story(self, job):
        return self.cluster.verb("logs", job).stdout

    # -- the coordinator

    def kill_coordinator(self):
        """Kills the coordinator while every worker encodes, and starts it
        again; seconds from there until a new job has a session. The workers
        need two slots."""
        jobs = [self.begin()[0] for _ in self.workers]
        before = {x.name: sorted(x.sessions()) for x in self.workers}
        self.alpha.kill()
        begin = time.monotonic()
        self.alpha.start(wait=False)
        jobs.append(self.submit())
        known = {pid for pids in before.values() for pid in pids}
        took = poll(lambda: any(set(x.sessions()) - known
                                for x in self.workers),
                    "a new job to begin") - begin
        for x in self.workers:
            gone = set(before[x.name]) - set(x.sessions())
            if gone:
                raise AssertionError(f"sessions {gone} of {x.name} ended with "
                                     "the coordinator")
        for job in jobs[:-1]:
            self.cluster.wait_running(job)
            tasks = self.cluster.job(job)["tasks"]
            if any(x["attempt"] != 1 for x in tasks):
                raise AssertionError(f"started anew: {self.story(job)}")
        for job in jobs:
            self.cluster.verb("cancel", job)
        self.settle()
        return took

    # -- no fault at all

    def spawn_session(self):
        """Seconds from a job's admission, which is before it is durable and
        acknowledged, until its session runs, on an idle cluster."""
        noticed = []

        def look():
            poll(lambda: any(x.sessions() for x in self.workers),
                 "a session to begin")
            noticed.append(time.time())
        thread = threading.Thread(target=look)
        thread.start()
        job = self.submit()
        thread.join()
        # A job's id begins with the milliseconds of its admission.
        admitted = int(job.replace("-", "")[:12], 16) / 1000
        self.settle(job)
        return noticed[0] - admitted


class NetworkStage(Stage):
    """The same on a network of machines, with TLS."""

    def __init__(self, folder, **how):
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.network = Network()
        self._keys = folder / "ca"
        must([TROUPE, "ca", "init", "--dir", self._keys])
        super().__init__(folder, **how)
        client = self._issue("client")
        self.cluster.client = [x for key, path in client.items()
                               for x in (f"--{key}", path)]
        self.cluster.client_prefix = self.network.at_switch()

    def _issue(self, name):
        must([TROUPE, "ca", "issue", name, "--dir", self._keys])
        return {"certificate": self._keys / f"{name}.pem",
                "key": self._keys / f"{name}.key",
                "ca": self._keys / "ca.pem"}

    def _add(self, name, **how):
        return super()._add(name, host=self.network.attach(name),
                            prefix=self.network.on(name),
                            tls=self._issue(name), **how)

    def __exit__(self, *_):
        super().__exit__()
        self.network.__exit__()

    def cut_worker(self):
        job, node = self.begin()
        begin = time.monotonic()
        self.network.cut(node.name)
        took = self.elsewhere(node) - begin
        self.network.mend(node.name)
        self.settle(job)
        return took

    def mend_worker(self, ended):
        """Cuts a worker off, which encodes on; it is back before or after its
        replacement ended."""
        def back(node, job):
            self.elsewhere(node)
            if ended:
                self.cluster.wait_state(job, "completed")
            self.network.mend(node.name)
        self.once(lambda node: self.network.cut(node.name), back)

    def finish_cut_off(self):
        """A worker ends its encode while nobody hears it, and asks for leave
        to publish when it is back, beside a replacement that is behind."""
        def back(node, _):
            self.elsewhere(node)
            poll(lambda: not node.sessions(), "the cut off encode to end", 120)
            self.network.mend(node.name)
        self.once(lambda node: self.network.cut(node.name), back)

    def cut_coordinator(self):
        """The coordinator's cable is pulled while every worker encodes;
        nothing starts over."""
        jobs = [self.begin()[0] for _ in self.workers]
        before = [sorted(x.sessions()) for x in self.workers]
        self.network.cut("alpha")
        heard = {x.name: len(x.said()) for x in self.workers}
        poll(lambda: all("lost" in x.said()[heard[x.name]:]
                         for x in self.workers), "the workers to notice")
        self.network.mend("alpha")
        for node in self.workers:
            node.wait_joined()
        for job in jobs:
            self.cluster.wait_running(job)
        after = [sorted(x.sessions()) for x in self.workers]
        if before != after:
            raise AssertionError(f"sessions {before} became {after}")
        for job in jobs:
            self.cluster.verb("cancel", job)
        self.settle()


def make_stage(folder, network=False, **how):
    return (NetworkStage if network else Stage)(folder, **how)
