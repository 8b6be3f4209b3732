/** The colours of `style/tokens.css`, for what is drawn on canvas. */
export interface Palette {
  readonly panel: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly rule: string;
  readonly faint: string;
  readonly sea: string;
  readonly land: string;
  readonly coast: string;
  readonly night: string;
  readonly dusk: string;
  readonly past: string;
  readonly plan: string;
  readonly shadow: string;
  readonly detections: string;
  readonly chips: string;
  readonly lossless: string;
  readonly lossy: string;
  readonly trouble: string;
}

const names = [
  ..."panel ink ink2 ink3 rule faint sea land coast night dusk past plan shadow".split(" "),
  ..."detections chips lossless lossy trouble".split(" "),
] as (keyof Palette)[];

/** The palette in force, read from the page's style: it changes with the theme alone. */
export const readPalette = (element: Element): Palette => {
  const style = getComputedStyle(element);
  return Object.fromEntries(
    names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as unknown as Palette;
};

/** The system's own font, as the page's style has it. By name, since what Linux calls its system font is twice as wide. */
export const fontOf = (sizePx: number, bold = false): string =>
  `${bold ? "700 " : ""}${sizePx}px "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, system-ui, sans-serif`;

/** Products of a kind have one colour, wherever they are drawn. */
export const colourOfKind = (palette: Palette, kind: string): string => {
  if (kind === "detections") return palette.detections;
  if (kind === "chips") return palette.chips;
  if (kind === "tile-lossless") return palette.lossless;
  if (kind === "tile-lossy") return palette.lossy;
  return palette.ink;
};
