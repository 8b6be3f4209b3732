import { appendFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRowJournal } from "../../../studies/folder/journal.ts";

describe("openRowJournal", () => {
  it("gives back whole lines, cuts off what a crash left half-written, and goes on after them", async () => {
    const folder = await mkdtemp(join(tmpdir(), "swath-journal-"));
    try {
      {
        await using journal = await openRowJournal<{ readonly at: string }>(folder);
        expect(journal.rows).toEqual([]);
        await journal.add({ at: "Tromsø" });
        await journal.add({ at: "Malmö" });
      }
      const [name = ""] = await readdir(folder);
      await appendFile(join(folder, name), '{"at":"Göt');
      {
        await using journal = await openRowJournal<{ readonly at: string }>(folder);
        expect(journal.rows).toEqual([{ at: "Tromsø" }, { at: "Malmö" }]);
        await journal.add({ at: "Oslo" });
      }
      expect(await readFile(join(folder, name), "utf8")).toBe(
        '{"at":"Tromsø"}\n{"at":"Malmö"}\n{"at":"Oslo"}\n',
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
