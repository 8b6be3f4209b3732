import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scratch, start, swath, type Finished } from "../integration/swath.ts";
import { expiredTle } from "./expired-tle.ts";

/** What users get wrong, each in a folder that must be as empty afterwards, with a temporary folder of its own. */
const folder = scratch();
const temporary = join(folder, "tmp");
const before = process.env["TMPDIR"];
const put = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return name;
};
beforeAll(() => {
  mkdirSync(temporary);
  mkdirSync(join(folder, "empty"));
  process.env["TMPDIR"] = temporary;
  put("notes.txt", "hello");
  put("bad.tle", "FOO\n1 25544U 98067A   26225.5\n2 25544  51\n");
  put("old.tle", expiredTle);
  put("none.json", '{"type":"FeatureCollection","features":[]}');
  put("typo.yaml", "hourss: 3");
  mkdirSync(join(folder, "runs", "replay-1"), { recursive: true });
  mkdirSync(join(folder, "runs", "replay-2"));
  put(join("runs", "replay-1", "summary.json"), "{");
});
afterAll(() => {
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
  rmSync(folder, { recursive: true });
});

/** One line that names the thing, the exit code, and nothing left behind. */
const refused = ({ code, stdout, stderr }: Finished, wanted: number, message: RegExp): void => {
  expect(stderr.trim().split("\n").slice(-1)[0]).toMatch(message);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(stdout).toBe("");
  expect(code).toBe(wanted);
  expect(readdirSync(temporary)).toEqual([]);
  expect(existsSync(join(folder, "new"))).toBe(false);
};

const run = (words: string): Promise<Finished> => swath(words.split(" "), folder);

describe("wrong use ends with 2", () => {
  test.concurrent.each([
    ["replay --hours 0 --out new", /--hours: wanted a number from 0.01 to 2880, got "0"/],
    [
      "replay --rate 8MBps --out new",
      /--rate: wanted a rate above 0 with its unit, such as 8Mbit\/s, got "8MBps"/,
    ],
    ["replay --outage Nowhere:1h/2h --out new", /--outage: wanted one of Svalbard.*, got "Nowhere"/],
    ["replay --creds me.creds --out new", /--creds: wanted --nats URL beside it/],
    ["replay --config typo.yaml --out new", /typo\.yaml: wanted one of policy, .*got "hourss"/],
    ["compare --policies raw,foo --out new", /--policies: wanted one of raw, .*got "foo"/],
    ["replay --constellation walker:x --out new", /constellation "walker:x": wanted walker:total/],
    ["replay --tile 64 --overlap 64 --out new", /tile overlap .*: wanted a whole number from 0 to 48/],
    [
      "keys init new --satellites W01,,W02 --stations Svalbard",
      /--satellites: wanted names with commas between, got "W01,,W02"/,
    ],
    ["keys init new --satellites W01 --stations W01", /each once, none of them that of a role, got "W01"/],
    ["keys roll empty", /cannot read key empty\/operator.nk/],
    ["replay --link-security aes --out new", /'aes' is invalid. Allowed choices are none, auth, encrypt/],
    ["run show replay", /run replay: wanted a name that fits one, got replay-1, replay-2/],
    ["subscribe --bbox 1,2", /--bbox: wanted west,south,east,north in degrees, got "1,2"/],
    ["subscribe --area typo.yaml", /--area typo\.yaml: wanted a file of GeoJSON polygons, got/],
    ["subscribe --area a.json --bbox 1,2,3,4", /the area: wanted --area or --bbox, got both/],
    [
      "subscribe --cursor mine",
      /--cursor: wanted swath serve at work over the same folder, or --gateway URL/,
    ],
    ["subscribe --gateway 4280", /--gateway: wanted http:\/\/host:port, got "4280"/],
    ["subscribe --token-file key", /--token-file: wanted --gateway URL with it, got none/],
    [
      "serve --port 80000 --runs new",
      /--port: wanted a whole number from 0 to 65535|a number from 0 to 65535/,
    ],
    ["serve --login-for 3 --runs new", /--login-for: wanted a duration above 0 with its unit/],
    [
      "serve --cors everybody --runs new",
      /--cors: wanted an origin such as https:\/\/map\.example, got "everybody"/,
    ],
  ])("swath %s", async (words, message) => refused(await run(words), 2, message));

  test.concurrent.each([
    ["--bogus", /unknown option '--bogus'/],
    ["bogus", /unknown command 'bogus'/],
    [
      "replay --policy foo",
      /--policy: wanted one of raw, compress, screen, detect, chips, adaptive, got "foo"/,
    ],
    ["replay ships/ more", /too many arguments for 'replay'/],
    ["satellite W01", /required option '--run <id>' not specified/],
  ])("swath %s points to the help", async (words, message) => {
    const { code, stdout, stderr } = await run(words);
    expect(stderr).toMatch(message);
    expect(stderr.split("\n").length).toBeLessThan(4);
    expect([code, stdout]).toEqual([2, ""]);
  });
});

describe("what fails ends with 1", () => {
  test.concurrent.each([
    ["replay nowhere --out new", /no dataset at nowhere: wanted a folder, a STAC file/],
    ["replay empty --out new", /no images in .*empty: wanted GeoTIFF.*got an empty folder/],
    ["replay --model mine.onnx --out new", /model "mine.onnx": wanted a folder with a model.json/],
    [
      "replay --constellation bad.tle --out new",
      /bad\.tle line 2 is cut short: wanted 69 characters, got 25/,
    ],
    ["replay --constellation old.tle --start 2026-01-01 --out new", /"ISS \(ZARYA\)" have expired .*wanted/],
    ["replay --stations none.json --out new", /none\.json lists no ground stations/],
    [
      "replay --hours 0.02 --schedule cadence --out new",
      /wanted a time in the horizon for every scene, got 3 without/,
    ],
    [
      "replay --hours 0.2 --constellation walker:1 --stations builtin --schedule cadence --out new",
      /no contact between .*take a longer horizon/,
    ],
    ["replay --out notes.txt", /--out notes\.txt: wanted a folder to write to, got .*which is a file/],
    ["replay --out notes.txt/new", /wanted a folder to write to/],
    [
      "replay --nats nats://127.0.0.1:1 --out new --wait=1s",
      /cannot use NATS at 127.0.0.1:1: got connection refused/,
    ],
    ["station North --run r --nats nats://127.0.0.1:1 --wait=1s", /cannot use NATS at 127.0.0.1:1/],
    ["run show replay-1", /summary\.json is no JSON/],
    ["run show replay-2", /no run in runs\/replay-2: wanted a summary\.json, got none/],
    ["run show other", /no run other in runs: wanted one of replay-1, replay-2/],
    ["subscribe", /no NATS to subscribe to: wanted --nats URL, or a swath command at work/],
    [
      "subscribe --gateway http://127.0.0.1:1",
      /no gateway at http:\/\/127\.0\.0\.1:1: wanted swath serve at work there/,
    ],
    ["subscriptions list", /no gateway serves runs: wanted swath serve at work, or --gateway URL/],
    ["serve --runs notes.txt", /cannot write to notes\.txt\/\.gateway/],
  ])("swath %s", async (words, message) => refused(await run(words), 1, message));

  test("swath subscribe, when its command was killed", async () => {
    put(join("runs", ".live-nats"), "nats://127.0.0.1:1");
    refused(await run("subscribe"), 1, /the swath command that worked with --out runs is gone/);
    rmSync(join(folder, "runs", ".live-nats"));
  });

  test("a NATS without JetStream", async () => {
    const server = createServer((socket) => {
      socket.write(
        'INFO {"server_id":"x","version":"2.9.0","proto":1,"headers":true,"max_payload":1048576}\r\n',
      );
      socket.on("data", (data) => {
        const text = data.toString();
        if (text.includes("PING")) socket.write("PONG\r\n");
        const request = /H?PUB \$JS\.API\.INFO (\S+)/.exec(text);
        const subscription = /SUB (\S+) (\d+)/.exec(text);
        if (request && subscription) {
          socket.write(`HMSG ${request[1]} ${subscription[2]} 16 16\r\nNATS/1.0 503\r\n\r\n\r\n`);
        }
      });
      socket.on("error", () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { readonly port: number };
    const outcome = await run(`replay --nats nats://127.0.0.1:${port} --out new`);
    server.close();
    refused(outcome, 1, /NATS at 127.0.0.1:\d+ has no JetStream.*nats-server -js/);
  });
});

describe("stopping", () => {
  test("Ctrl-C in the middle says so, exits with 130 and cleans up", async () => {
    const { child, finished } = start("compare builtin:harbour --out new".split(" "), folder);
    await new Promise<void>((resolve) => {
      child.stderr?.on("data", (data: Buffer) => data.toString().includes("acquisitions") && resolve());
    });
    expect(readdirSync(temporary).filter((name) => name.startsWith("swath-nats-"))).toHaveLength(1);
    child.kill("SIGINT");
    refused(await finished, 130, /^swath: interrupted$/);
  });

  test("a reader that has read enough is no failure", async () => {
    const { child, finished } = start(["plan", "--json", "--hours", "48"], folder);
    child.stdout?.destroy();
    const { code, stderr } = await finished;
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/EPIPE|swath:/)]);
  });
});

const rasters = new URL("../../../shared/datasets/", import.meta.url);
describe.skipIf(!existsSync(rasters))("with real files (skipped without ../shared/datasets)", () => {
  test("a truncated raster costs itself alone; --strict stops", async () => {
    const mixed = join(folder, "mixed");
    mkdirSync(mixed);
    const good = new URL("rasters/planetscope-analytic-4band.tif", rasters);
    copyFileSync(good, join(mixed, "good.tif"));
    writeFileSync(join(mixed, "bad.tif"), "II*\0\u0008\0\0\0");
    const { code, stdout, stderr } = await run("dataset info mixed --json");
    expect(stderr).toMatch(/left out: .*bad\.tif is truncated or corrupt/);
    expect(JSON.parse(stdout)).toMatchObject({ scenes: [{ id: "good" }], skipped: [{ scene: "bad" }] });
    expect(code).toBe(0);
    refused(await run("replay mixed --strict --out new"), 1, /bad\.tif is truncated or corrupt/);
    refused(
      await run("replay mixed --out new"),
      1,
      /does not fit scene "good": band B02 is missing: wanted 4/,
    );
  });

  test.each([
    ["qonnx-unsupported-op", /unsupported operator: wanted .*, got onnx.brevitas:Quant; export it/],
    ["yolov8n-coco-int8dyn_lamri", /wanted 8-bit samples, got uint16; a model\.json/],
  ])("the model %s is refused", async (name, message) => {
    const file = new URL(`models-foreign/${name}.onnx`, rasters).pathname;
    refused(await run(`replay --model ${file} --out new`), 1, message);
  });
});
