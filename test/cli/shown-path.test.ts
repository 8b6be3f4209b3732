import { describe, expect, it } from "vitest";
import { shownPaths } from "../../cli/text/shown-path.ts";

const shown = (text: string): string => shownPaths(text, "/home/ann/data", "/home/ann");

describe("paths in messages", () => {
  it.each([
    ["note: /home/ann/data/a.tif: the first page is read", "note: a.tif: the first page is read"],
    ["swath: no dataset at /home/ann/other/b.tif", "swath: no dataset at ~/other/b.tif"],
    ['labels "/home/ann/data/l.csv"', 'labels "l.csv"'],
    ["wrote /home/ann/data", "wrote ~/data"],
    // Another folder that only begins alike, another's home, a path inside a longer one.
    ["/home/ann/database/x.tif", "~/database/x.tif"],
    ["/home/anna/x.tif", "/home/anna/x.tif"],
    ["/mnt/home/ann/data/x.tif", "/mnt/home/ann/data/x.tif"],
    ["https://host/home/ann/data/x.tif", "https://host/home/ann/data/x.tif"],
  ])("%s", (text, wanted) => {
    expect(shown(text)).toBe(wanted);
  });

  it("stay whole where the working folder and the home are the root", () => {
    expect(shownPaths("at /tmp/a.tif", "/", "/")).toBe("at /tmp/a.tif");
  });
});
