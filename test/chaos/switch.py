#!/usr/bin/env python3
"""A switch in user space: what netem does where the kernel has it, without the kernel.

switch.py PORT...  makes a TAP device of each name, says "ready", and passes frames between them. A line of JSON on standard input
spoils the way to one port, both ways: {"port": "n0", "up": true, "loss": 0.02, "delay": 0.3}. TCP on both ends sees lost packets, late
packets and silence, and does what it does. It ends with its standard input.
"""
import fcntl
import heapq
import json
import os
import random
import select
import struct
import sys
import time

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000


def tap(name):
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TAP | IFF_NO_PI))
    return fd


def main(names):
    fd_of = {name: tap(name) for name in names}
    ways = {fd: {"up": True, "loss": 0.0, "delay": 0.0} for fd in fd_of.values()}
    home = {}  # MAC address -> fd
    waiting, number, text = [], 0, b""
    poll = select.poll()
    for fd in [0, *ways]:
        poll.register(fd, select.POLLIN)
    print("ready", flush=True)

    def write(fd, frame):
        try:
            os.write(fd, frame)
        except OSError:
            pass  # A device that is down, or whose queue is full: the frame is lost, as on any wire.

    while True:
        rest = None if not waiting else max(0, 1000 * (waiting[0][0] - time.monotonic()))
        for fd, _ in poll.poll(rest):
            if fd == 0:
                piece = os.read(0, 65536)
                if not piece:
                    return
                *lines, text = (text + piece).split(b"\n")
                for line in lines:
                    order = json.loads(line)
                    ways[fd_of[order.pop("port")]].update(order)
                continue
            for _ in range(64):
                try:
                    frame = os.read(fd, 65536)
                except OSError:
                    break
                home[frame[6:12]] = fd
                known = None if frame[0] & 1 else home.get(frame[:6])
                for to in [known] if known is not None else [one for one in ways if one != fd]:
                    a, b = ways[fd], ways[to]
                    if to == fd or not (a["up"] and b["up"]):
                        continue
                    if random.random() < a["loss"] or random.random() < b["loss"]:
                        continue
                    delay = a["delay"] + b["delay"]
                    if delay == 0:
                        write(to, frame)
                    elif len(waiting) < 20000:
                        number += 1
                        heapq.heappush(waiting, (time.monotonic() + delay, number, to, frame))
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            _, _, to, frame = heapq.heappop(waiting)
            write(to, frame)


main(sys.argv[1:])
