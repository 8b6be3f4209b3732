import { type CaseCheck, exactly, openCase } from "./case.ts";

/** The scenes and their bands: `a: B02 B03 / b: band1`. */
const grouped = (of: string, right: string): CaseCheck => ({
  of,
  right,
  ask: async (path) => {
    const { entries } = await openCase(path);
    const said = entries.map(
      ({ scene: { id, bands } }) => `${id}: ${bands.map(({ name }) => name).join(" ")}`,
    );
    return exactly(said.sort().join(" / "), right);
  },
});

const noted = (of: string, right: string, note: RegExp): CaseCheck => ({
  of,
  right,
  ask: async (path) => {
    const { notes } = await openCase(path);
    const found = notes.find((one) => note.test(one));
    return { ours: found ?? "silent", isRight: found !== undefined };
  },
});

const landsat = "LC09_L2SP_198030_20230603_20230605_02_T1";

export const scenes: readonly CaseCheck[] = [
  grouped("imagery/landsat-c2-folder", `${landsat}: SR_B2 SR_B3 SR_B4 SR_B5 ST_B10`),
  noted("imagery/landsat-c2-folder", "quality layers aside, by name", /QA_PIXEL.*no imagery/),
  {
    of: "imagery/landsat-c2-folder",
    right: "blue ×0.0000275-0.2, green, red, nir; lwir11 in kelvin",
    ask: async (path) => {
      const bands = (await openCase(path)).entries[0]?.scene.bands ?? [];
      const ours = bands.map(
        ({ commonName, scale, offset, unit }) => `${commonName} ${scale} ${offset} ${unit}`,
      );
      const surface = ["blue", "green", "red", "nir"].map((name) => `${name} 0.0000275 -0.2 reflectance`);
      return exactly(ours.join(", "), [...surface, "lwir11 0.00341802 149 kelvin"].join(", "));
    },
  },
  grouped("imagery/s2-img-data-mixed", "T31TCJ_20230603T104129: B02 B03 B04 B08"),
  noted("imagery/s2-img-data-mixed", "B11 on its own grid, by name", /B11 left out.*another grid/),
  noted("imagery/s2-img-data-mixed", "SCL and TCI aside, by name", /SCL.*TCI.*no imagery/),
  grouped(
    "imagery/grid-tiles-A1-B2",
    ["A1", "A2", "B1", "B2"].map((tile) => `relief_elev_${tile}_grey_geo: band1`).join(" / "),
  ),
  grouped(
    "imagery/grid-tiles-plain-png",
    ["A1", "B1", "B2", "B3"].map((tile) => `site_${tile}: band1`).join(" / "),
  ),
  noted("imagery/multi-page-tiff", "two further pages, by name", /2 further pages not/),
  {
    of: "imagery/cjk-names",
    right: "three scenes whose ids tell their names apart, labelled",
    ask: async (path) => {
      const { entries } = await openCase(path);
      const ours = entries
        .map(({ scene, labels }) => `${scene.id} ${labels?.length ?? 0}`)
        .sort()
        .join(", ");
      return exactly(ours, "u673au573a 1, u6e2fu53e3 1, u7801u5934_1 1");
    },
  },
];
