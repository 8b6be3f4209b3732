import { expect, test } from "vitest";
import { instant } from "../../../pipeline/units.ts";
import { contactShares } from "../../../planning/contacts/contact-shares.ts";

const contact = (satellite: string, aos: number, los: number) => ({
  satellite,
  aos: instant(aos),
  los: instant(los),
});

test("shares of contact time name who has least, and count who has none", () => {
  const satellites = ["a", "b", "c", "d"].map((id) => ({ id }));
  const contacts = [contact("a", 0, 100), contact("c", 50, 350), contact("a", 200, 260), contact("d", 0, 40)];
  expect(contactShares(satellites, contacts)).toEqual({ least: 0, worst: "b", median: 100, most: 300 });
  expect(contactShares(satellites.slice(0, 1), [])).toEqual({ least: 0, worst: "a", median: 0, most: 0 });
  expect(contactShares(satellites.slice(1), contacts.slice(1, 2))).toMatchObject({ median: 0, worst: "b" });
});
