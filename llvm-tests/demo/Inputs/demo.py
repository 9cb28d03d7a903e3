#!/usr/bin/env python3
# ===- demo.py - a server is updated twice under its client -----*- Python -*-===#
#
# Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===------------------------------------------------------------------------===#
#
# Answers: does a running server take its next version, and the one after, while
# a client talks to it? Builds v1 to v3, makes the patches, starts v1, and has a
# client write and read back over one connection while the patches are applied.
# Every reply is checked against a model. A second connection has half a line in
# the server's buffer during each update. Exits with 1 if anything is wrong.
#
# ===------------------------------------------------------------------------===#

import argparse
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.realpath(__file__))
# Replies that the client wants to see before, between and after the updates.
REPLIES = 2000
# Keys of the second connection; they are there from the start.
OTHER_KEYS = ("counter", "halfline")
# No step of the demonstration takes longer than this (seconds).
PATIENCE = 60


class Failure(Exception):
    pass


def run(command, **kwargs):
    """Runs a command; its output; a failure says what it printed."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **kwargs
    )
    if done.returncode != 0:
        raise Failure(
            "%s\nexited with %d\n%s%s"
            % (" ".join(command), done.returncode, done.stdout, done.stderr)
        )
    return done.stdout


class Connection:
    """One connection, line by line."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.name = self.socket.getsockname()
        self.replies = self.socket.makefile("r", newline="\n")

    def send(self, text):
        self.socket.sendall(text.encode())

    def reply(self):
        line = self.replies.readline()
        if not line.endswith("\n"):
            raise Failure("the server closed the connection")
        return line[:-1]

    def ask(self, line):
        self.send(line + "\n")
        return self.reply()


class Client(threading.Thread):
    """Writes and reads back until told to stop, and checks each reply."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.connection = Connection(port)
        self.random = random.Random(1)
        self.model = {}
        # The version that answers is at least the first, at most the second:
        # they differ while an update is under way.
        self.oldest, self.newest = 1, 1
        self.checked = 0
        self.wrong = []
        self.slowest = 0.0
        self.error = None
        self.progress = threading.Condition()
        self.stopping = False

    def run(self):
        try:
            while not self.stopping:
                self.step()
        except (OSError, Failure) as error:
            self.error = str(error)
        with self.progress:
            self.progress.notify_all()

    def step(self):
        key = "key%d" % self.random.randrange(200)
        action = self.random.choice(["SET", "SET", "GET", "GET", "DELETE", "COUNT", "ME"])
        had = self.model.get(key)
        if action == "SET":
            value = "%x" % self.random.getrandbits(self.random.choice([8, 64, 1024]))
            line, expected = "SET %s %s" % (key, value), ["OK"]
            self.model[key] = value
        elif action == "GET":
            line = "GET " + key
            expected = ["VALUE " + had] if had else self.missing()
        elif action == "DELETE":
            line, expected = "DELETE " + key, ["OK" if had else "NONE"]
            self.model.pop(key, None)
        elif action == "COUNT":
            line, expected = "COUNT", [
                "COUNT %d" % (len(self.model) + len(OTHER_KEYS))
            ]
        else:
            # The server counts the lines of this session: none may be lost,
            # none answered twice.
            line, expected = "ME", [r"requests=%d" % (self.checked + 1)]
        began = time.monotonic()
        reply = self.connection.ask(line)
        self.slowest = max(self.slowest, time.monotonic() - began)
        right = (
            expected[0] in reply.split() if action == "ME" else reply in expected
        )
        if reply == "NOT_FOUND":
            self.oldest = 3  # never to answer as before again
        with self.progress:
            self.checked += 1
            if not right:
                self.wrong.append("%s: %r, not %r" % (line, reply, expected))
            self.progress.notify_all()

    def missing(self):
        return (["NONE"] if self.oldest < 3 else []) + (
            ["NOT_FOUND"] if self.newest >= 3 else []
        )

    def wait_for_more(self, count):
        """Waits until that many more replies have come."""
        with self.progress:
            goal = self.checked + count
            self.progress.wait_for(
                lambda: self.checked >= goal or self.error, PATIENCE
            )
            if self.error or self.checked < goal:
                raise Failure("the client got stuck: %s" % (self.error or "no reply"))


class Demo:
    def __init__(self, bin_dir, work, say):
        self.bin = bin_dir
        self.work = work
        self.say = say
        self.result = {
            "same_pid": False,
            "same_connection": False,
            "updates": 0,
            "replies_checked": 0,
            "replies_wrong": 0,
            "phases": {},  # microseconds, by update
            "pause_us": {},
            "client_wait_us": {},
        }
        self.server = None

    def tool(self, name):
        return os.path.join(self.bin, name)

    def path(self, name):
        return os.path.join(self.work, name)

    def build(self):
        began = time.monotonic()
        for version in ("v1", "v2", "v3"):
            folder = os.path.join(HERE, version)
            sources = sorted(
                os.path.join(folder, name)
                for name in os.listdir(folder)
                if name.endswith(".c")
            )
            run(
                [self.tool("upstare-cc"), "-O2", "-Wall"]
                + sources
                + ["-o", self.path(version)]
            )
        self.say("built v1, v2, v3 in %.1f s" % (time.monotonic() - began))

    def make_patch(self, old, new):
        patch = self.path("%s-%s.so" % (old, new))
        override = os.path.join(HERE, new + ".override.c")
        command = [self.tool("upstare-patchgen"), self.path(old), self.path(new)]
        if os.path.exists(override):
            command += ["--override", override]
        began = time.monotonic()
        run(command + ["-o", patch])
        self.say(
            "made the patch %s → %s in %.1f s" % (old, new, time.monotonic() - began)
        )
        return patch

    def start(self):
        self.server = subprocess.Popen(
            [self.path("v1")], stdout=subprocess.PIPE, text=True
        )
        match = re.fullmatch(r"listening on (\d+)\n", self.server.stdout.readline())
        if not match:
            raise Failure("v1 did not start")
        self.say("v1 runs as process %d, port %s" % (self.server.pid, match[1]))
        return int(match[1])

    def expect(self, connection, line, expected):
        reply = connection.ask(line)
        self.result["replies_checked"] += 1
        if not re.fullmatch(expected, reply):
            self.result["replies_wrong"] += 1
            raise Failure("%s: %r, not %r" % (line, reply, expected))
        return reply

    def behaves(self, connection, version):
        """What sets the versions apart."""
        self.expect(connection, "INFO", r"kvserver %d requests=\d+.*" % version)
        self.expect(connection, "GET nothing", "NONE" if version < 3 else "NOT_FOUND")
        self.expect(
            connection,
            "INCR counter",
            "ERROR unknown command" if version < 2 else r"VALUE \d+",
        )

    def update(self, patch, version, client, second):
        """Applies a patch while the client talks."""
        pid = str(self.server.pid)
        self.behaves(second, version - 1)
        # Half a line is in the session's buffer while its struct changes.
        second.send("SET half")
        client.wait_for_more(REPLIES)
        run([self.tool("upstare-ctl"), "check", pid, patch])
        client.slowest = 0.0
        client.newest = version
        report = json.loads(
            run([self.tool("upstare-ctl"), "apply", pid, patch, "--json"])
        )
        # main never asks by itself: it was in one of the functions that wait for
        # events or handle them, whose signatures and names change.
        if report["frames"] < 2:
            raise Failure("only main was active")
        client.oldest = version
        client.wait_for_more(REPLIES)
        self.result["updates"] += 1
        # The other half.
        self.expect(second, "line of-version-%d" % (version - 1), "OK")
        self.expect(second, "GET halfline", "VALUE of-version-%d" % (version - 1))
        self.behaves(second, version)
        return report, client.slowest

    def show(self, name, report, slowest):
        phases = report["phases_us"]
        self.result["phases"][name] = phases
        self.result["pause_us"][name] = report["pause_us"]
        self.result["client_wait_us"][name] = round(slowest * 1e6)
        self.say("applied %s (%d frames); µs by phase:" % (name, report["frames"]))
        for phase, microseconds in phases.items():
            self.say("    %-12s %8.1f" % (phase, microseconds))
        self.say("    the program stood still for %.0f µs" % report["pause_us"])
        self.say("    longest wait of the client: %.0f µs" % (slowest * 1e6))

    def main(self):
        self.build()
        first = self.make_patch("v1", "v2")
        then = self.make_patch("v2", "v3")
        port = self.start()
        client = Client(port)
        second = Connection(port)
        for key in OTHER_KEYS:
            self.expect(second, "SET %s 0" % key, "OK")
        name = client.connection.name
        client.start()
        self.show("v1-v2", *self.update(first, 2, client, second))
        self.show("v2-v3", *self.update(then, 3, client, second))

        client.stopping = True
        client.join(PATIENCE)
        self.result["same_pid"] = self.server.poll() is None
        # The server has seen this session from the start, and answered each of
        # its lines once.
        me = client.connection.ask("ME").split()
        self.result["same_connection"] = (
            client.connection.socket.getsockname() == name
            and "requests=%d" % (client.checked + 1) in me
            and client.error is None
        )
        self.result["replies_checked"] += client.checked + 1
        self.result["replies_wrong"] += len(client.wrong)
        for line in client.wrong[:5]:
            self.say("wrong reply: " + line)
        # The third version returns from main, in the frame that the first began.
        self.expect(second, "SHUTDOWN", "BYE")
        output, _ = self.server.communicate(timeout=PATIENCE)
        if self.server.returncode != 0 or not re.fullmatch(
            r"stopped in round \d+\n", output
        ):
            raise Failure(
                "the server ended with %d and said %r"
                % (self.server.returncode, output)
            )

    def fine(self):
        return (
            self.result["same_pid"]
            and self.result["same_connection"]
            and self.result["updates"] == 2
            and self.result["replies_checked"] > 4 * REPLIES
            and self.result["replies_wrong"] == 0
        )


def main():
    parser = argparse.ArgumentParser(description="A server is updated twice.")
    parser.add_argument("--bin", required=True, help="folder of upstare-cc and so on")
    parser.add_argument("--work", help="folder for the programs and patches")
    parser.add_argument("--json", action="store_true", help="result as JSON")
    arguments = parser.parse_args()

    def say(text):
        print(text, file=sys.stderr if arguments.json else sys.stdout, flush=True)

    with tempfile.TemporaryDirectory() as scratch:
        work = arguments.work or scratch
        os.makedirs(work, exist_ok=True)
        demo = Demo(os.path.realpath(arguments.bin), work, say)
        try:
            demo.main()
        except (Failure, OSError, subprocess.TimeoutExpired) as failure:
            demo.result["error"] = str(failure)
            say("FAILED: %s" % failure)
        finally:
            if demo.server and demo.server.poll() is None:
                demo.server.kill()
                demo.server.wait()
    good = demo.fine() and "error" not in demo.result
    if arguments.json:
        print(json.dumps(demo.result, indent=2))
    else:
        for key in ("same_pid", "same_connection", "updates", "replies_checked",
                    "replies_wrong"):
            print("%-16s %s" % (key, demo.result[key]))
        print("the server took both updates" if good else "NOT as it should be")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
