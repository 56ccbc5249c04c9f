#!/usr/bin/env python3
"""What was acknowledged is done once, wherever in its journal the coordinator
dies; and what a full disk and a damaged journal mean."""

import contextlib
import os
import shutil
import signal

import common
from cluster import Cluster
from common import (Running, TroupeTest, clip, mounted_tmpfs, sha256,
                    wait_until)

# How a coordinator ends that TROUPE_DEBUG_JOURNAL_EXIT ended.
EXITED_AT_STEP = 86

# Fast work, and always the same bytes.
OPTIONS = ("--speed", "ultrafast", "--threads", "1")


class JournalTest(TroupeTest):
    """alpha decides, beta works."""

    def setUp(self):
        super().setUp()
        self.cluster = Cluster(self.dir)
        self.addCleanup(self.cluster.__exit__)
        self.alpha = self.cluster.add("alpha", coordinator=True, worker=False)

    def tearDown(self):
        self.cluster.__exit__()
        super().tearDown()

    def begin(self, slots=1, source=None):
        self.alpha.start()
        self.beta = self.cluster.add("beta", slots=slots).start()
        source = source or clip("short.mkv", seconds=0.4, size="160x90")
        shutil.copy(source, self.cluster.media / "in.mkv")

    def submitting(self, name):
        """A client that hands in a job with its name as its key."""
        running = Running(["submit", "media:/in.mkv", "-o",
                           f"media:/{name}.mp4", "--job-key", name, "--name",
                           name, *OPTIONS, "--json", "--deadline", "1s",
                           "--seed", self.alpha.address])
        self.addCleanup(running.abandon)
        return running

    def jobs(self):
        return self.cluster.json("jobs", "--all")


class Crashes(JournalTest):

    def crash(self, step, names):
        """The coordinator dies at this step while clients hand in jobs; the
        ids of those that it acknowledged, by name. None when it lived on."""
        self.alpha.env = {"TROUPE_DEBUG_JOURNAL_EXIT": str(step)}
        self.alpha.start(wait=False)
        self.alpha.env = {}
        clients = {name: self.submitting(name) for name in names}

        def over():
            if not self.alpha.running():
                return "died"
            rows = self.cluster.verb("jobs", "--all", "--json", "--deadline",
                                     "1s")
            done = rows.status == 0 and [
                x["name"] for x in rows.json() if x["state"] == "completed"]
            return done and set(names) <= set(done) and "lived"
        end = wait_until(over, f"the crash at step {step}", 60)
        acknowledged = {}
        for name, client in clients.items():
            done = client.wait()
            if done.status == 0:
                acknowledged[name] = done.json()["id"]
        if end == "lived":
            self.alpha.kill()
        else:
            self.assertEqual(self.alpha.wait(), EXITED_AT_STEP,
                             self.alpha.said())
        return None if end == "lived" else acknowledged

    def check(self, step, names, acknowledged):
        """All is well once it is started again, and clients ask again."""
        self.alpha.start()
        for name in names:
            done = self.submitting(name).wait()
            self.assertEqual(done.status, 0, f"step {step}: {done}")
            job = done.json()["id"]
            self.assertEqual(acknowledged.get(name, job), job,
                             f"step {step} made two jobs of one key")
            acknowledged[name] = job
        for name in names:
            self.cluster.wait_state(acknowledged[name], "completed",
                                    deadline_s=60)
            self.assertEqual(sha256(self.cluster.media / f"{name}.mp4"),
                             self.expected, f"step {step}")

    def check_whole(self, names):
        """Nothing is lost, doubled, stuck or left over."""
        self.assertEqual(sorted(x["name"] for x in self.jobs()),
                         sorted(names))
        wait_until(self.cluster.no_sessions, "the sessions to end")
        self.assertEqual(
            sorted(x.name for x in self.cluster.media.iterdir()),
            sorted(["in.mkv", *(f"{name}.mp4" for name in names)]))

    def setUp(self):
        super().setUp()
        self.begin(slots=2)
        job = self.submitting("expected").wait().json()["id"]
        self.cluster.wait_state(job, "completed")
        self.expected = sha256(self.cluster.media / "expected.mp4")
        self.alpha.kill()

    def test_it_dies_at_every_step_of_its_journal(self):
        every, lived, died = ["expected"], 0, 0
        # All of a start, and of the first job; then every third.
        for step in [*range(1, 24), *range(24, 61, 3)]:
            names = [f"job-{step}-{i}" for i in range(3)]
            every += names
            acknowledged = self.crash(step, names)
            lived += acknowledged is None
            died += acknowledged is not None
            self.check(step, names, acknowledged or {})
            self.alpha.kill()
            # Grouping decides how many steps there are.
            if lived > 3:
                break
        self.assertGreater(died, 20)
        self.alpha.start()
        self.check_whole(every)

    def test_it_dies_again_while_it_comes_back(self):
        names = [f"job-{i}" for i in range(6)]
        acknowledged = self.crash(9, names) or {}
        for step in (1, 2, 3, 4, 5, 6, 7, 8, 10, 12):
            acknowledged.update(self.crash(step, names) or {})
        self.check("any", names, acknowledged)
        self.check_whole(["expected", *names])


class FullDisk(JournalTest):

    def on_small_disk(self, act):
        """Acts while alpha's data lie on a disk of 2 MiB."""
        self.alpha.data.mkdir()
        with mounted_tmpfs(self.alpha.data, "size=2m", "mode=0700"):
            try:
                self.begin(source=clip("noise.mkv", seconds=8,
                                       size="640x360"))
                job = self.cluster.submit("in.mkv", "first.mp4", "--speed",
                                          "slow")
                self.cluster.wait_running(job)
                act(job)
            finally:
                self.alpha.end()

    def fill(self):
        """Leaves no room; the file to remove to have it back."""
        filler = self.alpha.data / "filler"
        with open(filler, "wb", buffering=0) as file:
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(4096))
        return filler

    def test_jobs_are_refused_and_those_that_run_end_well(self):
        self.on_small_disk(self.refuse_and_finish)

    def test_a_coordinator_that_starts_waits_for_room(self):
        self.on_small_disk(self.start_full)

    def start_full(self, job):
        self.alpha.kill()
        filler = self.fill()
        self.alpha.start(wait=False)
        wait_until(lambda: "room" in self.alpha.said(), "it to say so")
        os.unlink(filler)
        self.alpha.wait_joined()
        self.cluster.wait_state(job, "completed")

    def refuse_and_finish(self, first):
        filler = self.fill()

        # What the journal has room for in its file is still taken.
        def refused():
            done = self.cluster.verb("submit", "media:/in.mkv", "-o",
                                     f"media:/{self.next()}.mp4", "--json")
            return done.status != 0 and done
        self.number = 0
        done = wait_until(refused, "a job to be refused", 60)
        self.assertIn("disk_full", done.stdout + done.stderr)
        self.assertTrue(done.stderr.strip(), str(done))
        self.assertEqual({x["name"]: x["state"]
                          for x in self.cluster.json("nodes")},
                         {"alpha": "up", "beta": "up"})
        wait_until(self.cluster.no_sessions, "the encode to end", 60)
        os.unlink(filler)
        self.cluster.wait_state(first, "completed")
        later = self.cluster.submit("in.mkv", "later.mp4", "--speed",
                                    "ultrafast")
        self.cluster.wait_state(later, "completed")
        self.assertEqual(
            [x["name"] for x in self.jobs() if x["state"] == "failed"], [])

    def next(self):
        self.number += 1
        return f"refused-{self.number}"


class Damage(JournalTest):

    def test_a_damaged_journal_is_left_alone(self):
        self.begin()
        job = self.cluster.submit("in.mkv", "out.mp4")
        self.cluster.wait_state(job, "completed")
        self.alpha.signal(signal.SIGTERM)
        self.assertEqual(self.alpha.wait(), 0, self.alpha.said())
        journal = self.alpha.data / "journal.db"
        with open(journal, "r+b") as file:
            file.seek(4096 + 8)
            file.write(os.urandom(4096))
        before = self.journal_files()
        self.alpha.start(wait=False)
        self.assertGreater(self.alpha.wait(), 0, self.alpha.said())
        self.assertIn(str(journal), self.alpha.said())
        self.assertEqual(self.journal_files(), before)

    def test_one_of_a_newer_version_is_left_alone(self):
        self.alpha.start()
        self.alpha.signal(signal.SIGTERM)
        self.alpha.wait()
        journal = self.alpha.data / "journal.db"
        with open(journal, "r+b") as file:
            file.seek(60)  # user_version
            file.write((9999).to_bytes(4, "big"))
        before = self.journal_files()
        self.alpha.start(wait=False)
        self.assertGreater(self.alpha.wait(), 0, self.alpha.said())
        self.assertIn("newer", self.alpha.said())
        self.assertEqual(self.journal_files(), before)

    def journal_files(self):
        """What is in them. Whoever looks into one makes an empty -wal."""
        return {x.name: sha256(x) for x in self.alpha.data.glob("journal.db*")
                if not x.name.endswith("-shm") and x.stat().st_size > 0}


if __name__ == "__main__":
    common.main()
