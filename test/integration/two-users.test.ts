import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureHarbour } from "../../datasets/harbour/harbour.ts";
import { listStreams } from "../../pipeline/bus/run-streams.ts";
import { seeded } from "../../pipeline/seeded.ts";
import { natsForTests } from "./nodes.ts";
import { onlyRun, swath, type Finished } from "./swath.ts";

/**
 * Two users on one server, each with a folder `ships` of the same name and of other pixels, who start the same command at about the same
 * time: each has its own result, or is told in a line that the run is under way.
 */
const folder = mkdtempSync(join(tmpdir(), "swath-two-"));
const nats = natsForTests();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const words = [
  "replay",
  "ships",
  "--constellation=walker:1",
  "--stations=builtin",
  "--schedule=cadence",
  "--no-day",
  "--hours=2",
];

/** The detections of the only run in a folder of runs. */
const detectionsIn = (out: string): string =>
  readFileSync(join(onlyRun(out), "detect", "detections.geojson"), "utf8");

interface User {
  readonly home: string;
  /** What a run of this user's alone finds. */
  readonly right: string;
}

const users: User[] = [];

beforeAll(async () => {
  for (const [index, name] of ["ann", "ben"].entries()) {
    const home = join(folder, name);
    mkdirSync(home);
    // Two harbours of one size: the same names, other pixels.
    const harbour = await ensureHarbour(
      `builtin:harbour?scenes=1&size=512&seed=${index + 1}`,
      join(folder, "cache"),
    );
    cpSync(harbour, join(home, "ships"), { recursive: true });
    const alone = await swath([...words, "--out", "alone"], home);
    expect(alone.code, alone.stderr).toBe(0);
    users.push({ home, right: detectionsIn(join(home, "alone")) });
  }
  expect(users[0]?.right).not.toBe(users[1]?.right);
}, 240_000);

/** A start after a while; what it came to. */
const startLater = async (user: User, out: string, after: number): Promise<Finished & { out: string }> => {
  await sleep(after);
  const finished = await swath(
    [...words, "--keep-results=none", "--nats", nats.server.url, "--out", out],
    user.home,
  );
  return { ...finished, out: join(user.home, out) };
};

const judge = (user: User, { code, stderr, out }: Finished & { out: string }): "own" | "refused" => {
  if (code === 0) {
    expect(detectionsIn(out)).toBe(user.right);
    return "own";
  }
  expect(stderr).toMatch(/run replay-[0-9a-f]{8} is under way already: got a start by /);
  expect(existsSync(out) ? readdirSync(out).filter((one) => !one.startsWith(".")) : []).toEqual([]);
  return "refused";
};

const isLong = process.env["SWATH_LONG"] !== undefined;
const rounds = isLong ? 5 : 1;
/** Of each user in a round: the other user's run is another one, their own is the same. */
const startsEach = isLong ? [0, 1] : [0];

describe("two users, one server, the same names", () => {
  it(`have their own results or a refusal, ${rounds * startsEach.length} starts of each user`, async () => {
    const random = seeded("two-users", 7);
    const came: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const plans = users.flatMap((user) =>
        startsEach.map((n) => ({ user, out: `shared-${round}-${n}`, after: random.uniform() * 600 })),
      );
      const ends = await Promise.all(plans.map(({ user, out, after }) => startLater(user, out, after)));
      for (const user of users) {
        const own = ends.flatMap((end, i) => (plans[i]?.user === user ? [judge(user, end)] : []));
        // Whoever of them came first goes through.
        expect(own).toContain("own");
        came.push(...own);
      }
      expect((await listStreams(nats.bus)).map(({ stream }) => stream)).toEqual([]);
    }
    expect(came).toHaveLength(users.length * startsEach.length * rounds);
  }, 900_000);
});
