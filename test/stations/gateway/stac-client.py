"""Reads all items of a STAC API by POST and by GET, with nothing but the standard library: prints one line of JSON."""
import json, sys, urllib.parse, urllib.request

root, bbox = sys.argv[1], [float(v) for v in sys.argv[2].split(",")]


def ask(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} if data else {})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def follow(page):
    items = []
    while True:
        items += page["features"]
        link = next((l for l in page["links"] if l["rel"] == "next"), None)
        if link is None:
            return [[i["collection"], i["id"]] for i in items]
        page = ask(link["href"], link.get("body"))


links = {(l["rel"], l.get("method")): l["href"] for l in ask(root)["links"]}
post = follow(ask(links["search", "POST"], {"limit": 1}))
get = follow(ask(links["search", "GET"] + "?limit=2"))
near = follow(ask(links["search", "GET"] + "?" + urllib.parse.urlencode({"bbox": ",".join(map(str, bbox))})))
print(json.dumps({"post": post, "get": get, "near": near}))
