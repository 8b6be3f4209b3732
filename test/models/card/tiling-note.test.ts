import { expect, test } from "vitest";
import { tilingNote } from "../../../models/card/tiling-note.ts";
import { parseCard } from "../../../models/card/card.ts";
import { toyCard } from "../toys.ts";

const losses = [
  { sizePx: 512, overlapPx: 0, detections: 186, lost: 5, added: 1, moved: 4 },
  { sizePx: 512, overlapPx: 64, detections: 186, lost: 0, added: 0, moved: 2 },
  { sizePx: 512, overlapPx: 96, detections: 186, lost: 0, added: 0, moved: 0 },
];
const tile = { sizePx: 512, overlapPx: 192, multipleOfPx: 16 };
const measured = parseCard(toyCard({ tile: { ...tile, losses } }), "toy");
const silent = parseCard(toyCard({ tile }), "toy");

test("an overlap below the card's is said to lose what it lost where it was measured", () => {
  const head = "tiles of 512 px overlap by 64 px, less than the 192 px of the card of toy-centre: ";
  const loss = "where that was measured, of 186 detections: 0 lost, 0 added, 2 moved";
  expect(tilingNote(measured, { sizePx: 512, overlapPx: 64 })).toBe(head + loss);
  expect(tilingNote(measured, { sizePx: 512, overlapPx: 50 })).toMatch(/measured with 0 px, .* 5 lost/);
  expect(tilingNote(measured, { sizePx: 512, overlapPx: 128 })).toMatch(
    /none of 186 detections changed where that was measured with 96 px/,
  );
});

test("where nothing was measured, the command that does is named", () => {
  const command = /swath model check --tiling says what that loses/;
  expect(tilingNote(silent, { sizePx: 512, overlapPx: 64 })).toMatch(command);
  expect(tilingNote(measured, { sizePx: 256, overlapPx: 128 })).toMatch(command);
});

test("at the card's overlap and above there is nothing to say", () => {
  expect(tilingNote(measured, { sizePx: 512, overlapPx: 192 })).toBeNull();
  expect(tilingNote(measured, { sizePx: 1024, overlapPx: 256 })).toBeNull();
  expect(tilingNote(null, { sizePx: 512, overlapPx: 0 })).toBeNull();
});
