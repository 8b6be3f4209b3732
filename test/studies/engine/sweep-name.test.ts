import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { nameSweep } from "../../../studies/engine/sweep-name.ts";

const folder = mkdtempSync(join(tmpdir(), "swath-sweep-name-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("a sweep over a file that was replaced under its name is another sweep", async () => {
  const elements = join(folder, "active.tle");
  const name = (constellation: string): Promise<string> =>
    nameSweep(
      {
        command: "simulate",
        options: { constellation },
        lists: { rate: ["1Mbit/s"] },
        sought: [],
        imagery: null,
      },
      new AbortController().signal,
    );
  writeFileSync(elements, "one");
  const [bare, filtered] = [await name(elements), await name(`${elements}:FLOCK`)];
  expect(await name(elements)).toBe(bare);
  writeFileSync(elements, "two");
  expect(await name(elements)).not.toBe(bare);
  expect(await name(`${elements}:FLOCK`)).not.toBe(filtered);
  writeFileSync(elements, "one");
  expect(await name(`${elements}:FLOCK`)).toBe(filtered);
});
