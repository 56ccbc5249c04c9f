"""What a user sees while a job runs: on a terminal, in a file, in colour or
without."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

import common
from common import TroupeTest, clip, long_clip

COLOUR = re.compile(r"\x1b\[[\d;]*m")
CONTROL = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, args, cwd, columns=80, **environment):
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, columns, 0, 0))

        def take_terminal():
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm",
                       "LANG": "C.UTF-8", **environment}
        self._popen = subprocess.Popen(
            [str(x) for x in args], cwd=cwd, stdin=slave,
            stdout=subprocess.DEVNULL, stderr=slave, env=environment,
            start_new_session=True, preexec_fn=take_terminal)
        os.close(slave)
        self.pid = self._popen.pid
        self._said = b""

    def read_until(self, condition, deadline_s=60):
        """Reads until `condition(text)` holds or the command ended."""
        end = time.monotonic() + deadline_s
        while not condition(self.text):
            left = end - time.monotonic()
            if left < 0:
                raise AssertionError(f"not seen in time; so far: {self.text!r}")
            if not select.select([self._master], [], [], left)[0]:
                continue
            try:
                more = os.read(self._master, 65536)
            except OSError:  # EIO: the last holder of the terminal is gone
                break
            if not more:
                break
            self._said += more
        return self.text

    @property
    def text(self):
        return self._said.decode(errors="replace")

    def type(self, keys):
        os.write(self._master, keys)

    def wait(self, deadline_s=60):
        self.read_until(lambda _: False, deadline_s)
        os.close(self._master)
        return self._popen.wait(deadline_s)

    def abandon(self):
        if self._popen.poll() is None:
            self._popen.kill()
            self._popen.wait()


class Progress(TroupeTest):

    def terminal(self, *args, **kwargs):
        terminal = Terminal([common.TROUPE, *args], self.dir, **kwargs)
        self.addCleanup(terminal.abandon)
        return terminal

    def encode_on_terminal(self, *options, **kwargs):
        terminal = self.terminal(
            "encode", clip("shown.mkv", seconds=8, size="640x360"), "-o",
            "out.mp4", "--replace", "--speed", "medium", *options, **kwargs)
        self.assertEqual(terminal.wait(), 0, terminal.text)
        return terminal.text

    def test_a_terminal_shows_a_line_that_is_redrawn(self):
        text = self.encode_on_terminal()
        self.assertIn("\r", text)
        self.assertRegex(text, r"\d+ ?%")
        self.assertRegex(text, r"fps")

    def test_the_line_fits_the_terminal(self):
        for columns in (40, 80, 200):
            text = self.encode_on_terminal(columns=columns)
            # Words for people may be long; what is redrawn may not.
            for line in re.split(r"[\r\n]", CONTROL.sub("", text)):
                if "%" in line:
                    self.assertLessEqual(len(line), columns, repr(line))

    def test_no_color_is_honoured(self):
        self.assertIsNone(COLOUR.search(self.encode_on_terminal(NO_COLOR="1")))

    def test_a_dumb_terminal_gets_no_control_sequences(self):
        self.assertNotIn("\x1b", self.encode_on_terminal(TERM="dumb"))

    def test_a_file_gets_plain_lines(self):
        done = self.troupe("encode", clip("shown.mkv", seconds=8,
                                          size="640x360"), "-o", "out.mp4")
        self.assertEqual(done.status, 0, str(done))
        for text in (done.stdout, done.stderr):
            self.assertNotIn("\r", text)
            self.assertNotIn("\x1b", text)
        self.assertIn("out.mp4", done.stdout + done.stderr)

    def test_json_is_alone_on_standard_output_on_a_terminal_too(self):
        self.encode_on_terminal("--json")

    def test_ctrl_c_cancels(self):
        terminal = self.terminal("encode", long_clip(), "-o", "out.mp4",
                                 "--codec", "h264", "--speed", "slower")
        terminal.read_until(lambda text: re.search(r"[1-9]\d* ?%", text))
        self.assertTrue(common.sessions_of(terminal.pid))
        terminal.type(b"\x03")
        self.assertEqual(terminal.wait(10), 130, terminal.text)
        self.assert_files([])
        # The line that was redrawn is ended; the shell's prompt gets its own.
        self.assertTrue(terminal.text.endswith("\n"), terminal.text[-200:])


if __name__ == "__main__":
    common.main()
