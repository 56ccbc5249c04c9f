#!/usr/bin/env python3
"""The verbs of clients against a cluster of one node: documents, exit statuses,
paths, and what Ctrl-C means."""

import json
import shutil
import signal
import subprocess
import unittest

from cluster import Cluster, free_port
from common import TROUPE, TroupeTest, clip, long_clip, sha256, wait_until

USAGE, BAD_INPUT, NO_CLUSTER, CANNOT_CREATE, BAD_CONFIG = 64, 65, 69, 73, 78
INTERRUPTED = 130


class WithoutCluster(TroupeTest):
    """What needs none, or has to say that there is none."""

    def verb(self, *args):
        return self.troupe(*args, "--seed", f"127.0.0.1:{free_port()}",
                           "--deadline", "300ms")

    def test_no_cluster_is_said_with_the_reason(self):
        done = self.verb("nodes", "--json")
        self.assertEqual(done.status, NO_CLUSTER, str(done))
        self.assertEqual(done.json()["error"]["code"], "no_cluster")
        self.assertIn("127.0.0.1", done.stderr)
        self.assertIn("name another by --seed", done.stderr)

    def test_a_number_too_large_in_a_job_file_is_refused(self):
        path = self.scratch / "jobs.json"
        path.write_text('{"input": "m:/a", "output": "m:/b.mp4",'
                        ' "operation": {"crf": 1e999}}')
        done = self.verb("submit", "--job", path)
        self.assertEqual(done.status, USAGE, str(done))

    def test_a_line_that_makes_no_sense_is_a_usage_error(self):
        for args in (["nodes", "--no-such"], ["job"], ["migrate", "abcd"],
                     ["nodes", "--deadline", "soon"], ["no-such-verb"],
                     ["job", "not-an-id"]):
            done = self.verb(*args)
            if args == ["job", "not-an-id"]:
                # Looked up, so the cluster is needed first.
                self.assertIn(done.status, (USAGE, NO_CLUSTER), str(done))
                continue
            self.assertEqual(done.status, USAGE, str(done))
            self.assertTrue(done.stderr.strip(), str(done))

    def test_paths_outside_of_roots_never_reach_the_cluster(self):
        done = self.verb("submit", self.dir / "in.mkv", "-o", "media:/o.mp4",
                         "--json")
        self.assertEqual(done.json()["error"]["code"], "outside_roots",
                         str(done))
        self.assertIn("--config", done.stderr)

    def test_a_job_file_is_read_strictly(self):
        file = self.dir / "job.json"
        file.write_text('{"input": "m:/a", "output": "m:/b.mp4", "crf": 20}')
        done = self.verb("submit", "--job", file)
        self.assertEqual(done.status, USAGE, str(done))
        self.assertIn("crf", done.stderr)


class OneNode(TroupeTest):

    def setUp(self):
        super().setUp()
        self.cluster = Cluster(self.dir)
        self.addCleanup(self.cluster.__exit__)
        self.alpha = self.cluster.add("alpha", coordinator=True).start()

    def tearDown(self):
        self.cluster.__exit__()
        super().tearDown()

    def bring(self, source, name="in.mkv"):
        shutil.copy(source, self.cluster.media / name)
        return f"media:/{name}"

    def test_a_job_that_is_waited_for(self):
        self.bring(clip())
        done = self.cluster.verb("submit", "media:/in.mkv", "-o",
                                 "media:/out.mp4", "--name", "film",
                                 "--segment", "off", "--wait", "--json",
                                 deadline_s=120)
        self.assertEqual(done.status, 0, str(done))
        document = done.json()
        self.assertEqual(document["state"], "completed")
        self.assertEqual(document["name"], "film")
        self.assertEqual(document["result"]["sha256"],
                         sha256(self.cluster.media / "out.mp4"))
        self.assertEqual(
            list(document),
            ["id", "name", "state", "progress", "priority", "input", "output",
             "operation", "created", "started", "finished", "error", "result",
             "tasks", "waiting"])
        # The end of its id is enough from then on.
        same = self.cluster.json("job", document["id"][-8:])
        self.assertEqual(same["id"], document["id"])
        rows = self.cluster.json("jobs", "--all")
        self.assertEqual([x["id"] for x in rows], [document["id"]])
        self.assertEqual(self.cluster.json("jobs"), [])
        lines = self.cluster.json("logs", document["id"])
        self.assertTrue(lines)
        self.assertEqual(set(lines[0]), {"time", "text"})
        # An ended job can be deleted; a deleted one isn't there.
        self.assertEqual(self.cluster.verb("delete", document["id"]).status, 0)
        self.assertNotEqual(self.cluster.verb("job", document["id"]).status, 0)

    def test_several_inputs_are_several_jobs(self):
        names = [self.bring(clip(), name) for name in ("a.mkv", "b.mkv")]
        jobs = self.cluster.json("submit", *names, "-o", "media:/{stem}.mp4")
        self.assertEqual([x["output"] for x in jobs],
                         ["media:/a.mp4", "media:/b.mp4"])
        for job in jobs:
            self.cluster.wait_state(job["id"], "completed")

    def test_local_paths_are_translated(self):
        self.bring(clip())
        done = self.cluster.verb(
            "submit", self.cluster.media / "in.mkv", "-o",
            self.cluster.media / "out.mp4", "--config", self.alpha.config,
            "--json")
        self.assertEqual(done.status, 0, str(done))
        self.assertEqual(done.json()["input"], "media:/in.mkv")
        self.assertEqual(done.json()["output"], "media:/out.mp4")

    def test_a_job_that_fails_gives_its_status(self):
        (self.cluster.media / "in.mkv").write_bytes(b"no media" * 1000)
        done = self.cluster.verb("submit", "media:/in.mkv", "-o",
                                 "media:/out.mp4", "--wait", "--json",
                                 deadline_s=120)
        self.assertEqual(done.status, BAD_INPUT, str(done))
        self.assertEqual(done.json()["error"]["code"], "bad_input")
        # Seen later, it is the same.
        self.assertEqual(
            self.cluster.verb("watch", done.json()["id"]).status, BAD_INPUT)

    def test_ctrl_c_ends_the_watching_and_not_the_job(self):
        self.bring(long_clip())
        job = self.cluster.submit("in.mkv", "out.mp4", "--codec", "hevc")
        self.cluster.wait_running(job)
        watching = self.start("watch", job, "--seed", self.alpha.address)
        wait_until(lambda: self.cluster.job(job)["progress"] > 0, "progress")
        watching.send_signal(signal.SIGINT)
        done = watching.wait(deadline_s=30)
        self.assertEqual(done.status, INTERRUPTED, str(done))
        self.assertIn("goes on", done.stderr)
        self.assertNotEqual(self.cluster.job(job)["state"], "cancelled")
        self.assertEqual(self.cluster.verb("cancel", job[-6:]).status, 0)
        self.cluster.wait_state(job, "cancelled")
        self.assertEqual(self.cluster.partials(), [])

    def test_watching_outlives_the_coordinator(self):
        self.bring(long_clip())
        job = self.cluster.submit("in.mkv", "out.mp4", "--speed", "ultrafast")
        self.cluster.wait_running(job)
        watching = self.start("watch", job, "--json", "--seed",
                              self.alpha.address)
        wait_until(watching.has_printed, "a first document")
        self.alpha.kill()
        self.alpha.start()
        done = watching.wait()
        self.assertEqual(done.status, 0, str(done))
        self.assertIn("is back", done.stderr)
        last = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual(last["state"], "completed")

    def test_nodes_and_what_they_can(self):
        rows = self.cluster.json("nodes")
        self.assertEqual(len(rows), 1)
        for key in ("name", "incarnation", "state", "roles", "address",
                    "slots", "running", "load", "version"):
            self.assertIn(key, rows[0])
        self.assertEqual(rows[0]["address"], self.alpha.address)
        self.assertEqual(self.cluster.verb("drain", "alpha").status, 0)
        self.assertEqual(self.cluster.row("alpha")["state"], "draining")
        self.assertEqual(self.cluster.verb("undrain", "alpha").status, 0)
        self.assertEqual(self.cluster.row("alpha")["state"], "up")
        self.assertNotEqual(self.cluster.verb("drain", "omega").status, 0)

    def test_a_script_goes_on_behind_a_failing_line(self):
        done = subprocess.run(
            [TROUPE, "shell", "--seed", self.alpha.address],
            input=b"# a script\nno-such\nnodes --json\n", timeout=60,
            capture_output=True, check=False)
        self.assertEqual(done.returncode, USAGE, done.stderr.decode())
        self.assertEqual(json.loads(done.stdout)[0]["name"], "alpha")


if __name__ == "__main__":
    unittest.main()
