#!/usr/bin/env python3
"""The shell as somebody at a terminal has it, typed into by tmux."""

import contextlib
import os
import shutil
import stat
import subprocess
import sys
import unittest

import common
from cluster import Cluster
from common import TROUPE, TroupeTest, descendants, wait_until


def bury(*names):
    """Takes away the bodies of processes of these names below this one: orphans
    that became its children. True when none of them, dead or alive, is left."""
    found = [x for x in descendants(os.getpid()) if x.name in names]
    for x in found:
        if x.parent == os.getpid():
            with contextlib.suppress(ChildProcessError):
                os.waitpid(x.pid, os.WNOHANG)
    return not found


class Pane:
    """A terminal of 120 by 30 in which something runs."""

    def __init__(self, folder, command, env):
        self._socket = folder / "tmux"
        settings = [x for pair in env.items() for x in ("-e", "=".join(pair))]
        self.tmux("-f", "/dev/null", "new-session", "-d", "-s", "test", "-x",
                  "120", "-y", "30", *settings, *map(str, command))
        self.tmux("set-option", "-g", "remain-on-exit", "on")

    def tmux(self, *args):
        return subprocess.run(["tmux", "-S", str(self._socket), *args],
                              capture_output=True, text=True, timeout=30,
                              check=False).stdout

    def type(self, text):
        self.tmux("send-keys", "-t", "test", "-l", text)

    def press(self, *keys):
        self.tmux("send-keys", "-t", "test", *keys)

    def text(self):
        return self.tmux("capture-pane", "-p", "-t", "test")

    def last_line(self):
        lines = [x for x in self.text().splitlines() if x.strip()]
        return lines[-1].rstrip() if lines else ""

    def wait_for(self, what, deadline_s=30):
        def there():
            return what in self.text()
        try:
            wait_until(there, what, deadline_s)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.text()}") from None

    def wait_for_line(self, ending, deadline_s=30):
        def there():
            return self.last_line().endswith(ending)
        try:
            wait_until(there, ending, deadline_s)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.text()}") from None

    def status(self):
        """The exit status once it has ended, else None."""
        dead, _, status = self.tmux(
            "list-panes", "-t", "test", "-F",
            "#{pane_dead} #{pane_dead_status}").strip().partition(" ")
        return int(status) if dead == "1" and status else None

    def resize(self, columns, rows):
        self.tmux("resize-window", "-t", "test", "-x", str(columns), "-y",
                  str(rows))

    def end(self):
        self.tmux("kill-server")
        wait_until(lambda: bury("tmux: server", "troupe"), "tmux to end")


class Shell(TroupeTest):

    def setUp(self):
        super().setUp()
        self.cluster = Cluster(self.dir)
        self.addCleanup(self.cluster.__exit__)
        self.alpha = self.cluster.add("alpha", coordinator=True).start()
        self.state = self.scratch / "state"
        self.pane = Pane(
            self.scratch, [TROUPE, "shell", "--seed", self.alpha.address],
            {"XDG_STATE_HOME": str(self.state), "LC_ALL": "C.UTF-8",
             "TERM": "screen-256color"})
        self.prompt = f"troupe {self.alpha.address}>"
        # Cleanups run last in, first out.
        self.addCleanup(self.pane.end)
        self.addCleanup(self.cluster.__exit__)
        self.pane.wait_for_line(self.prompt)

    def tearDown(self):
        # Nodes first: what is called troupe then is the shell.
        self.cluster.__exit__()
        self.pane.end()
        super().tearDown()

    def test_verbs_options_and_nodes_are_completed(self):
        self.pane.type("dr\tal\t")
        self.pane.wait_for_line("> drain alpha")
        self.pane.press("Enter")
        self.pane.wait_for("alpha: drains")
        self.pane.type("jobs --st\tpau\t")
        self.pane.wait_for_line("> jobs --state paused")
        self.pane.press("C-c")
        self.pane.wait_for_line(self.prompt)
        # Several that fit are listed.
        self.pane.type("re\t\t")
        self.pane.wait_for("resume  retry")
        self.pane.wait_for_line("> re")

    def test_the_coordinator_may_go_and_come_back(self):
        self.pane.type("nod")
        self.pane.wait_for_line("> nod")
        self.alpha.kill()
        self.pane.wait_for("is gone; looking for it")
        # What was being typed is still there.
        self.pane.wait_for_line("troupe (no cluster)> nod")
        self.alpha.start()
        self.pane.wait_for("is back")
        self.pane.wait_for_line(f"{self.prompt} nod")
        self.pane.type("es\n")
        self.pane.wait_for("roles")
        self.pane.wait_for_line(self.prompt)

    def test_top_fills_the_screen_until_q(self):
        self.pane.type("top\n")
        self.pane.wait_for("slots busy")
        self.pane.resize(60, 12)
        self.pane.wait_for("slots busy")
        self.pane.resize(120, 30)
        self.pane.type("q")
        self.pane.wait_for_line(self.prompt)
        self.assertNotIn("slots busy", self.pane.text())
        # Ctrl-C leaves it, too, and not the shell.
        self.pane.type("watch\n")
        self.pane.wait_for("slots busy")
        self.pane.press("C-c")
        self.pane.wait_for_line(self.prompt)

    def test_lines_are_remembered_for_their_owner_only(self):
        self.pane.type("nodes\n")
        self.pane.wait_for("roles")
        self.pane.type("quit\n")
        self.assertEqual(self.end_status(), 0)
        history = self.state / "troupe" / "history"
        self.assertIn("nodes", history.read_text())
        self.assertEqual(stat.S_IMODE(os.stat(history).st_mode), 0o600)

    def end_status(self):
        wait_until(lambda: self.pane.status() is not None, "the shell's end")
        return self.pane.status()

    def test_ctrl_d_leaves(self):
        self.pane.press("C-d")
        self.assertEqual(self.end_status(), 0)


if __name__ == "__main__":
    if shutil.which("tmux") is None:
        print("tmux is missing")
        sys.exit(common.SKIPPED)
    unittest.main()
