#!/usr/bin/env python3
"""Detections as they land, from `swath serve`, with nothing but the standard library.

    python3 examples/subscribe.py [http://127.0.0.1:4280] [class=ship&min_score=0.5&from=start]

Prints one JSON object a line. The cursor is written behind each: run it again, and it goes on where it stopped.
"""
import http.client, json, os, sys, time, urllib.parse

base = urllib.parse.urlsplit(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:4280")
query = sys.argv[2] if len(sys.argv) > 2 else ""
cursor_file = os.environ.get("CURSOR", "cursor.txt")
most = int(os.environ.get("COUNT", "0"))  # 0: for ever


def read_cursor():
    try:
        with open(cursor_file) as file:
            return file.read()
    except FileNotFoundError:
        return None


def events(stream):
    """Server-sent events: lines of `field: value`, closed by an empty line."""
    event = {}
    for line in stream:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            event[name] = value
        elif event:
            yield event
            event = {}


count = 0
while True:
    cursor = read_cursor()
    connection = http.client.HTTPConnection(base.hostname, base.port or 80, timeout=60)
    try:
        connection.request("GET", f"/api/detections/stream?{query}", headers={"Last-Event-ID": cursor} if cursor else {})
        answer = connection.getresponse()
        if answer.status != 200:
            sys.exit(json.loads(answer.read())["detail"])
        for event in events(answer):
            if "data" not in event or "event" in event or "id" not in event:
                continue  # live, behind, gap: see docs/serve.md
            print(json.dumps(json.loads(event["data"])), flush=True)
            with open(cursor_file + ".new", "w") as file:
                file.write(event["id"])
            os.replace(cursor_file + ".new", cursor_file)
            count += 1
            if count == most:
                sys.exit()
    except (OSError, http.client.HTTPException) as error:
        print(f"again in a second: {error}", file=sys.stderr)
        time.sleep(1)
