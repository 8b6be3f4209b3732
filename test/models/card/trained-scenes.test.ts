import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openGeoTiff } from "../../../datasets/geotiff/geotiff.ts";
import { parseCard, parseModelCard } from "../../../models/card/card.ts";
import { trainedOn, trainedScenes } from "../../../models/card/trained-scenes.ts";
import { fingerprintOf, fingerprintWindow } from "../../../pipeline/raster/fingerprint.ts";
import { hasSharedData, sharedData, whySkipped } from "../../datasets/shared-data.ts";
import { band } from "../../fake-scene.ts";

const readCard = async (name: string): Promise<Record<string, unknown>> =>
  JSON.parse(
    await readFile(new URL(`../../../models/shipped/${name}/model.json`, import.meta.url), "utf8"),
  ) as Record<string, unknown>;

describe("trainedScenes", () => {
  it("is what the card lists, none for a formula, and unknown where the card is silent", async () => {
    const card = await readCard("ships-s2");
    expect(trainedScenes(parseCard(card, "ships-s2"))?.map(({ name }) => name)).toContain("algiers");
    expect(trainedScenes(parseCard(await readCard("water"), "water"))).toEqual([]);
    for (const training of [undefined, "a hundred ports", { data: "a hundred ports" }])
      expect(trainedScenes(parseCard({ ...card, training }, "ships-s2"))).toBeNull();
  });

  it("are refused where a fingerprint is none", async () => {
    const scenes = [{ name: "a", fingerprint: "sha256:12" }];
    const card = { ...(await readCard("ships-s2")), training: { scenes } };
    expect(() => parseCard(card, "ships-s2")).toThrow(/training/);
  });
});

const shipped = async (name: string) => {
  const scenes = trainedScenes(parseModelCard(await readCard(name), name));
  if (scenes === null) throw new Error(`${name} does not list its scenes`);
  return scenes;
};

describe.skipIf(!hasSharedData)(`scenes that shipped models say they were trained on${whySkipped}`, () => {
  const first = async (path: string): Promise<string> => {
    await using file = await openGeoTiff(path);
    const window = fingerprintWindow(file);
    if (window === null) throw new Error(`${path} is too small`);
    const pixels = await file.readWindow(window, [0]);
    return (
      fingerprintOf({ width: window.width, height: window.height, bands: [band("B02")], ...pixels }) ?? ""
    );
  };

  it("are known by their pixels, and the ports kept apart are not", async () => {
    const scenes = await shipped("ships-s2");
    expect(scenes.map(({ name }) => name)).toHaveLength(8);
    for (const port of readdirSync(sharedData("sen2ships"))) {
      if (port.includes(".") || port === "LICENSE") continue;
      const folder = sharedData(`sen2ships/${port}`);
      const file = readdirSync(folder).find((name) => name.includes("B02"));
      const known = trainedOn(scenes, await first(join(folder, file ?? "")));
      expect([port, known?.name ?? null]).toEqual([
        port,
        port === "genoa" || port === "valencia" ? null : port,
      ]);
    }
  });

  it("are the training patches of the cloud nets, not those they were judged on", async () => {
    const scenes = await shipped("clouds-swir");
    for (const split of ["train", "val"]) {
      const folder = sharedData(`cloud-l8biome/${split}/Images`);
      for (const name of readdirSync(folder)) {
        const known = trainedOn(scenes, await first(join(folder, name)));
        expect([name, known?.name ?? null]).toEqual([
          name,
          split === "train" ? name.replace(".tif", "") : null,
        ]);
      }
    }
  });
});
