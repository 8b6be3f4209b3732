import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readIonPlan, writeIonPlan, type IonPlan } from "../../../planning/contacts/ion-plan.ts";
import { instant, parseInstant, seconds, type BytesPerSecond } from "../../../pipeline/units.ts";

const day = parseInstant("2026-08-11T00:00:00Z")!;
const read = (text: string, reference: typeof day | null = day): IonPlan =>
  readIonPlan(text, "plan.ionrc", reference);

/** As ION's manual and its examples have them. */
const example = `## begin ionadmin
1 1 ionconfig
s
# node 2 Svalbard
@ 2026/08/11-06:00:00
a contact +0 +3600 1 2 125000
a contact 2026/08/11-07:00:00 2026/08/11-07:00:30 2 1 100000 0.5 ; up
a range +0 +86400 1 2 1
m production 1000000
`;

test("contacts and ranges, absolute and relative times, comments and other commands", () => {
  expect(read(example)).toEqual({
    contacts: [
      { from: 1, to: 2, start: day + 6 * 3600, stop: day + 7 * 3600, rate: 125_000, confidence: 1, line: 6 },
      {
        from: 2,
        to: 1,
        start: day + 7 * 3600,
        stop: day + 7 * 3600 + 30,
        rate: 100_000,
        confidence: 0.5,
        line: 7,
      },
    ],
    ranges: [{ a: 1, b: 2, start: day + 6 * 3600, stop: day + 30 * 3600, light: 1 }],
    names: new Map([[2, "Svalbard"]]),
  });
});

describe("a bad line is named with what it wanted and got", () => {
  test.each([
    ["a contact +0 +10 1 2", "plan.ionrc:1: wanted bytes a second, 0 or more, got nothing"],
    ["\na contact +0 +10 1 2 fast", 'plan.ionrc:2: wanted bytes a second, 0 or more, got "fast"'],
    ["a contact +10 +10 1 2 5", "plan.ionrc:1: wanted a stop after its start, got +10 … +10"],
    ["a contact +0 +10 1 1 5", "plan.ionrc:1: wanted two nodes, got 1 twice"],
    ["a contact +0 +10 0 1 5", 'plan.ionrc:1: wanted a node number, 1 or more, got "0"'],
    ["a contact +0 +10 1.5 1 5", 'plan.ionrc:1: wanted a whole node number, got "1.5"'],
    [
      "a contact 2026/02/30-00:00:00 +10 1 2 5",
      'a time, yyyy/mm/dd-hh:mm:ss or +seconds, got "2026/02/30-00:00:00"',
    ],
    ["a contact +0 +10 1 2 5 2", 'plan.ionrc:1: wanted a confidence, 0 … 1, got "2"'],
    ["a range +0 +10 1 2", "plan.ionrc:1: wanted light seconds, 0 or more, got nothing"],
    ["a range +0 +10 1 2 1 9", 'plan.ionrc:1: wanted the end of the line, got "9"'],
    [
      "d contact +0 1 2",
      'plan.ionrc:1: wanted a contact, a range, @, # or another command of ionadmin, got "d contact"',
    ],
  ])("%s", (text, message) => expect(() => read(text)).toThrow(message));

  test("a relative time without a reference", () =>
    expect(() => read("a contact +0 +10 1 2 5", null)).toThrow("--from"));
});

const time = fc.integer({ min: 0, max: 86_400 * 20 });
const contact = fc.record({
  pair: fc.constantFrom([1, 2], [2, 1], [3, 40]),
  start: time,
  length: fc.integer({ min: 1, max: 9999 }),
  rate: fc.integer({ min: 0, max: 2e9 }),
  confidence: fc.constantFrom(1, 0.5, 0.93),
});

test("writing and reading a plan of whole seconds changes nothing", () => {
  fc.assert(
    fc.property(fc.array(contact), (list) => {
      const plan: IonPlan = {
        contacts: list.map(({ pair: [from, to], start, length, rate, confidence }) => ({
          from: from!,
          to: to!,
          start: instant(day + start),
          stop: instant(day + start + length),
          rate: rate as BytesPerSecond,
          confidence,
          line: 0,
        })),
        ranges: list.map(({ pair: [a, b], start, length, rate }) => ({
          a: a!,
          b: b!,
          start: instant(day + start),
          stop: instant(day + start + length),
          light: seconds(rate / 1e9),
        })),
        names: new Map([
          [1, "SCS-01-A"],
          [40, "Svalbard 2"],
        ]),
      };
      const again = readIonPlan(writeIonPlan(plan, ["a plan"]), "again", null);
      expect({ ...again, contacts: again.contacts.map((one) => ({ ...one, line: 0 })) }).toEqual(plan);
    }),
  );
});

test("what is written lies inside what it stands for, and what is shorter than a second is left out", () => {
  const between = (start: number, stop: number): IonPlan => ({
    contacts: [
      {
        from: 1,
        to: 2,
        start: instant(day + start),
        stop: instant(day + stop),
        rate: 9.9 as BytesPerSecond,
        confidence: 1,
        line: 0,
      },
    ],
    ranges: [],
    names: new Map(),
  });
  const [whole] = read(writeIonPlan(between(0.2, 10.9))).contacts;
  expect([whole!.start - day, whole!.stop - day, whole!.rate]).toEqual([1, 10, 9]);
  expect(read(writeIonPlan(between(0.2, 1.1))).contacts).toEqual([]);
});
