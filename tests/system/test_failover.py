#!/usr/bin/env python3
"""What runs outlives whoever dies, freezes, wakes up or is restarted, and
every job has one result: promises 1 to 4."""

import signal

import common
from common import TroupeTest, wait_until
from faults import LONG, SHORT, Stage


class FaultTest(TroupeTest):
    """A stage of its own for each test."""

    def begin(self, **how):
        stage = Stage(self.dir, **how)
        stage.__enter__()
        # Before the check for left-over processes, and after a failure too.
        self.addCleanup(stage.__exit__)
        self.stage = stage
        return stage

    def tearDown(self):
        self.stage.__exit__()
        super().tearDown()

    def kinds(self, job, kind="whole"):
        return [x for x in self.stage.cluster.job(job)["tasks"]
                if x["kind"] == kind]


class LostWorkers(FaultTest):

    def test_a_killed_worker_s_task_runs_elsewhere(self):
        self.begin().kill_worker()

    def test_a_frozen_worker_s_task_runs_elsewhere(self):
        self.begin().freeze_worker()

    def test_a_killed_worker_s_job_completes_once(self):
        stage = self.begin()
        stage.once(lambda node: node.kill(), lambda node, _: node.start())

    def test_all_workers_killed_the_job_waits_for_one(self):
        stage = self.begin()
        job, node = stage.begin(SHORT)
        for x in stage.workers:
            x.kill()
        wait_until(lambda: stage.cluster.job(job)["waiting"],
                   "the job to say what it waits for")
        node.start()
        stage.cluster.wait_state(job, "completed")


class WokenWorkers(FaultTest):

    def test_one_that_wakes_before_its_replacement_ended(self):
        self.begin().wake_worker(ended=False)

    def test_one_that_wakes_after_its_replacement_ended(self):
        self.begin().wake_worker(ended=True)

    def test_one_that_wakes_before_its_rename_beside_its_replacement(self):
        self.begin().stop_while_publishing(1, ended=False)

    def test_one_that_wakes_before_its_rename_after_its_replacement(self):
        self.begin().stop_while_publishing(1, ended=True)

    def test_one_that_wakes_behind_its_rename_beside_its_replacement(self):
        self.begin().stop_while_publishing(2, ended=False)

    def test_one_that_wakes_behind_its_rename_after_its_replacement(self):
        self.begin().stop_while_publishing(2, ended=True)


    def test_one_that_was_away_longer_than_a_stall_goes_on(self):
        stage = self.begin(workers=("beta",))
        job, node = stage.begin((*LONG, "--stall-timeout", "1.5"))
        before = node.sessions()
        node.freeze()
        # That takes two seconds, and sessions aren't frozen.
        wait_until(lambda: stage.cluster.row("beta")["state"] == "unreachable",
                   "the coordinator to miss it")
        node.wake()
        node.wait_joined()
        self.assertIs(stage.cluster.wait_running(job), node)
        self.assertEqual(node.sessions(), before, stage.story(job))
        stage.settle(job)


class Coordinators(FaultTest):

    def test_a_killed_one_comes_back_and_nothing_starts_over(self):
        self.begin(slots=2).kill_coordinator()

    def test_one_that_is_told_to_end_leaves_encodes_running(self):
        stage = self.begin()
        job, node = stage.begin(SHORT)
        before = node.sessions()
        stage.alpha.signal(signal.SIGTERM)
        self.assertEqual(stage.alpha.wait(), 0, stage.alpha.said())
        self.assertEqual(node.sessions(), before)
        stage.alpha.start()
        stage.cluster.wait_state(job, "completed")
        self.assertEqual([x["attempt"] for x in self.kinds(job)], [1])

    def test_one_that_was_frozen_goes_on(self):
        stage = self.begin()
        job, node = stage.begin()
        before = node.sessions()
        heard = len(node.said())
        stage.alpha.freeze()
        wait_until(lambda: "lost" in node.said()[heard:],
                   "the worker to notice")
        stage.alpha.wake()
        node.wait_joined()
        stage.cluster.wait_running(job)
        self.assertEqual(node.sessions(), before)
        stage.settle(job)

    def test_two_don_t_share_a_data_dir(self):
        stage = self.begin(workers=())
        stage.cluster.add("second", coordinator=True, worker=False)
        second = stage.cluster.nodes.pop("second")
        text = second.config.read_text()
        text = text.replace(str(second.data), str(stage.alpha.data))
        second.config.write_text(text)
        second.start(wait=False)
        self.assertNotEqual(second.wait(), 0)
        self.assertIn(str(stage.alpha.data), second.said())
        self.assertTrue(stage.cluster.row("alpha"))


class LeavingWorkers(FaultTest):

    def test_one_that_is_told_to_end_finishes_its_task(self):
        stage = self.begin()
        job, node = stage.begin(SHORT)
        node.signal(signal.SIGTERM)
        self.assertEqual(node.wait(), 0, node.said())
        done = stage.cluster.wait_state(job, "completed")
        self.assertEqual([(x["node"], x["attempt"])
                          for x in self.kinds(job)], [(node.name, 1)], done)
        self.assertEqual(stage.cluster.row(node.name)["state"], "left")

    def test_one_that_is_told_to_end_hands_back_what_takes_too_long(self):
        stage = self.begin()
        for node in stage.workers:
            node.kill()
            node.start("--set", 'node.drain-timeout="1s"')
        job, node = stage.begin()
        node.signal(signal.SIGTERM)
        stage.elsewhere(node)
        self.assertEqual(node.wait(), 0, node.said())
        self.assertIsNot(stage.cluster.wait_running(job), node)
        # Of the attempt that runs, not of the one that was handed back.
        wait_until(lambda: len(stage.cluster.partials()) == 1,
                   "one partial file")
        stage.settle(job)

    def test_a_drained_one_gets_nothing_until_it_is_undrained(self):
        stage = self.begin()
        beta, gamma = stage.workers
        stage.cluster.json("drain", "beta")
        self.assertEqual(stage.cluster.row("beta")["state"], "draining")
        jobs = [stage.submit(SHORT) for _ in range(2)]
        self.assertIs(stage.cluster.wait_running(jobs[0]), gamma)
        self.assertEqual(stage.cluster.job(jobs[1])["state"], "queued")
        self.assertEqual(beta.sessions(), [])
        stage.cluster.json("undrain", "beta")
        self.assertIs(stage.cluster.wait_running(jobs[1]), beta)
        for job in jobs:
            stage.cluster.verb("cancel", job)

    def test_a_drained_one_is_drained_after_the_coordinator_s_restart(self):
        stage = self.begin()
        stage.cluster.json("drain", "beta")
        stage.alpha.kill()
        stage.alpha.start()
        self.assertEqual(stage.workers[0].wait_joined()["state"], "draining")

    def test_one_that_is_started_again_replaces_its_old_self(self):
        stage = self.begin()
        beta = stage.workers[0]
        before = stage.cluster.row("beta")["incarnation"]
        beta.kill()
        beta.start()
        rows = [x for x in stage.cluster.json("nodes") if x["name"] == "beta"]
        self.assertEqual([x["state"] for x in rows], ["up"])
        self.assertNotEqual(rows[0]["incarnation"], before)


if __name__ == "__main__":
    common.main()
