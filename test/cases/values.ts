import { type CaseCheck, exactly, openCase } from "./case.ts";

const short = (value: number): string => `${Number(value.toPrecision(6))}`;

/** What a count of each band of the only scene is worth, with the bands' common names: `blue ×0.0001-0.1`. */
const worth = (of: string, right: string): CaseCheck => ({
  of,
  right,
  ask: async (path) => {
    const { entries } = await openCase(path);
    const said = entries.map(({ scene: { bands } }) =>
      bands
        .map(
          ({ name, commonName, scale, offset }) =>
            `${commonName ?? name} ×${short(scale)}${offset < 0 ? "" : "+"}${short(offset)}`,
        )
        .join(" "),
    );
    return exactly(said.join(" / "), right);
  },
});

const four = (text: string): string =>
  ["blue", "green", "red", "nir"].map((name) => `${name} ${text}`).join(" ");

export const values: readonly CaseCheck[] = [
  {
    of: "imagery/gee-float-dn",
    right: "asks what its values are worth: 96 to 5041 is no reflectance",
    mayRefuse: true,
    ask: async (path) => {
      const { entries } = await openCase(path);
      return { ours: `${entries.length} scenes, silent`, isRight: false };
    },
  },
  {
    of: "imagery/gee-float-dn",
    right: "with --reflectance-scale 1/10000: floats too",
    ask: async (path) => {
      const { entries } = await openCase(path, { reflectanceScale: 1e-4 });
      const bands = entries[0]?.scene.bands ?? [];
      return exactly(
        bands.map(({ scale, unit }) => `${scale} ${unit}`).join(", "),
        "0.0001 reflectance, 0.0001 reflectance, 0.0001 reflectance, 0.0001 reflectance",
      );
    },
  },
  worth("imagery/s2-baseline-0510-files", four("×0.0001-0.1")),
  worth("imagery/stac10-raster-bands-control", four("×0.0001-0.1")),
  worth("imagery/stac11-asset-scale", four("×0.0001-0.1")),
  worth("imagery/stac11-common-name", four("×0.0001+0")),
  worth("imagery/stac-percent-href", four("×0.0001+0")),
];
