/** Where a label stands, and which of its ends is there. */
export interface LabelSpot {
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "middle" | "end";
}

interface Rectangle {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Of 12 px type: the mean width of a letter, half the height of a line, and the distance from a mark. */
const [letter, half, gap] = [6.6, 7, 8] as const;

const meet = (a: Rectangle, b: Rectangle): boolean =>
  a.x0 < b.x1 && a.x1 > b.x0 && a.y0 < b.y1 && a.y1 > b.y0;

/**
 * Places labels beside marks one after another: right, left, below, above, then the corners; the first place where a label meets no
 * mark, no other label and no edge. What finds no place gets `null`.
 */
export const labelPlacer = (
  { width, height }: { readonly width: number; readonly height: number },
  marks: readonly (readonly [x: number, y: number])[],
) => {
  const taken: Rectangle[] = marks.map(([x, y]) => ({ x0: x - 4, y0: y - 4, x1: x + 4, y1: y + 4 }));
  return ([x, y]: readonly [x: number, y: number], text: string): LabelSpot | null => {
    const wide = text.length * letter;
    const spots: readonly LabelSpot[] = [
      { x: x + gap, y: y + 4, anchor: "start" },
      { x: x - gap, y: y + 4, anchor: "end" },
      { x: x + gap, y: y + 15, anchor: "start" },
      { x: x + gap, y: y - 7, anchor: "start" },
      { x: x - gap, y: y + 15, anchor: "end" },
      { x: x - gap, y: y - 7, anchor: "end" },
      { x, y: y + 19, anchor: "middle" },
      { x, y: y - 10, anchor: "middle" },
    ];
    for (const spot of spots) {
      const x0 = spot.anchor === "start" ? spot.x : spot.anchor === "end" ? spot.x - wide : spot.x - wide / 2;
      const box = { x0, x1: x0 + wide, y0: spot.y - 4 - half, y1: spot.y - 4 + half };
      if (x0 < 0 || box.x1 > width || box.y0 < 0 || box.y1 > height) continue;
      if (taken.some((other) => meet(box, other))) continue;
      taken.push(box);
      return spot;
    }
    return null;
  };
};
