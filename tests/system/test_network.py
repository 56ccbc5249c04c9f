#!/usr/bin/env python3
"""Machines of a network, with TLS between them: cables are pulled, and every
job has one result."""

import sys

import common
import netns
from common import TroupeTest
from faults import NetworkStage


class Cables(TroupeTest):

    def setUp(self):
        super().setUp()
        self.stage = NetworkStage(self.dir)
        self.addCleanup(self.stage.__exit__)
        self.stage.__enter__()

    def tearDown(self):
        self.stage.__exit__()
        super().tearDown()

    def test_a_cut_off_worker_s_task_runs_elsewhere(self):
        self.stage.cut_worker()

    def test_a_killed_worker_s_task_runs_elsewhere(self):
        self.stage.kill_worker()

    def test_a_worker_that_is_back_before_its_replacement_ended(self):
        self.stage.mend_worker(ended=False)

    def test_a_worker_that_is_back_after_its_replacement_ended(self):
        self.stage.mend_worker(ended=True)

    def test_a_worker_that_finished_while_it_was_cut_off(self):
        self.stage.finish_cut_off()

    def test_a_cut_off_coordinator_starts_nothing_over(self):
        self.stage.cut_coordinator()


if __name__ == "__main__":
    if not netns.available():
        print("no root, no network namespaces")
        sys.exit(common.SKIPPED)
    common.main()
