#!/usr/bin/env python3
"""Three nodes on loopback: they find each other, share the work, and what runs
outlives whoever dies."""

import shutil
import signal

import common
from cluster import Cluster
from common import TroupeTest, clip, long_clip, sha256, wait_until


class ThreeNodes(TroupeTest):

    def setUp(self):
        super().setUp()
        self.cluster = Cluster(self.dir)
        # Before the check for left-over processes.
        self.addCleanup(self.cluster.__exit__)

    def tearDown(self):
        self.cluster.__exit__()
        super().tearDown()

    def begin(self, workers=2, coordinator_works=False, source=None):
        alpha = self.cluster.add("alpha", coordinator=True,
                                 worker=coordinator_works)
        alpha.start()
        for name in ("beta", "gamma", "delta")[:workers]:
            self.cluster.add(name).start()
        shutil.copy(source or clip(), self.cluster.media / "in.mkv")

    def test_nodes_join_through_any_seed_and_leave(self):
        self.begin(workers=1)
        gamma = self.cluster.add("gamma",
                                 seeds=[self.cluster.nodes["beta"].address])
        gamma.start()
        rows = self.cluster.json("nodes")
        self.assertEqual({x["name"]: x["state"] for x in rows},
                         {"alpha": "up", "beta": "up", "gamma": "up"})
        gamma.signal(signal.SIGTERM)
        self.assertEqual(gamma.wait(), 0, gamma.said())
        self.assertEqual(self.cluster.row("gamma")["state"], "left")

    def test_a_name_is_taken_once(self):
        self.begin(workers=1)
        impostor = self.cluster.add("beta-2")
        text = impostor.config.read_text().replace('"beta-2"', '"beta"', 1)
        impostor.config.write_text(text)
        impostor.start(wait=False)
        self.assertEqual(impostor.wait(), 78, impostor.said())
        self.assertIn("beta", impostor.said())

    def test_a_job_is_encoded_and_verified(self):
        self.begin()
        job = self.cluster.submit("in.mkv", "out.mp4", "--preset", "standard")
        done = self.cluster.wait_state(job, "completed")
        result = self.cluster.media / "out.mp4"
        self.assertEqual(done["result"]["sha256"], sha256(result))
        self.assertEqual(self.cluster.partials(), [])

    def test_the_same_key_is_the_same_job(self):
        self.begin()
        first = self.cluster.submit("in.mkv", "out.mp4", "--job-key", "once")
        second = self.cluster.submit("in.mkv", "out.mp4", "--job-key", "once")
        self.assertEqual(first, second)

    def test_a_killed_worker_s_job_moves(self):
        self.begin(source=long_clip())
        job = self.cluster.submit("in.mkv", "out.mp4", "--speed", "ultrafast")
        node = self.cluster.wait_running(job)
        node.kill()
        other = wait_until(
            lambda: next((x for x in [self.cluster.wait_running(job)]
                          if x is not node), None), "another node")
        self.assertNotEqual(other.name, node.name)
        self.cluster.wait_state(job, "completed")
        self.assertEqual(self.cluster.partials(), [])

    def test_a_restarted_coordinator_restarts_no_encode(self):
        self.begin(source=long_clip())
        job = self.cluster.submit("in.mkv", "out.mp4", "--speed", "ultrafast")
        node = self.cluster.wait_running(job)
        before = node.sessions()
        alpha = self.cluster.nodes["alpha"]
        alpha.kill()
        alpha.start()
        done = self.cluster.wait_state(job, "completed")
        self.assertEqual(len(before), 1)
        whole = [x for x in done["tasks"] if x["kind"] == "whole"]
        self.assertEqual([x["attempt"] for x in whole], [1])

    def test_jobs_survive_a_cluster_that_dies_as_a_whole(self):
        self.begin(source=long_clip())
        jobs = [self.cluster.submit("in.mkv", f"out-{i}.mp4", "--speed",
                                    "ultrafast", "--height", "180")
                for i in range(4)]
        self.cluster.wait_running(jobs[0])
        for node in self.cluster.nodes.values():
            node.kill()
        for node in self.cluster.nodes.values():
            node.start(wait=False)
        for job in jobs:
            self.cluster.wait_state(job, "completed")
        self.assertEqual(self.cluster.partials(), [])


if __name__ == "__main__":
    common.main()
