import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withRoleTable } from "../../../cli/text/role-docs.ts";
import { covers, roles, grantsOf } from "../../../pipeline/keys/roles.ts";
import {
  groundSubject,
  linkSubject,
  linksToStation,
  meshSubject,
  nakSubject,
  resultSubject,
  rowSubject,
  taskSubject,
} from "../../../pipeline/bus/subjects.ts";

test("docs/security.md has the table of roles", () => {
  const page = readFileSync(new URL("../../../docs/security.md", import.meta.url), "utf8");
  expect(withRoleTable(page), "npm run docs").toBe(page);
});

test("the table speaks of the subjects that there are", () => {
  const may = (role: (typeof roles)[number], name: string, subject: string): boolean =>
    grantsOf(role, name).some((grant) => grant.verb === "publish" && covers(grant.subject, subject));
  const run = "run.abc123";
  expect(may("mission-control", "mission-control", taskSubject(run, "W01"))).toBe(true);
  expect(may("mission-control", "mission-control", rowSubject(run, 3))).toBe(true);
  expect(may("satellite", "W01", linkSubject(run, "W01", "Svalbard"))).toBe(true);
  expect(may("satellite", "W01", linkSubject(run, "W02", "Svalbard"))).toBe(false);
  expect(may("satellite", "W01", meshSubject(run, "W01"))).toBe(true);
  expect(may("station", "Svalbard", nakSubject(run, "W01"))).toBe(true);
  expect(may("station", "Svalbard", groundSubject(run, "Svalbard"))).toBe(true);
  expect(may("station", "Svalbard", groundSubject(run, "Troll"))).toBe(false);
  expect(may("centre", "centre", resultSubject(run, "ship", "cell"))).toBe(true);
  expect(covers("swath.*.*.link.*.Svalbard", linksToStation(run, "Svalbard").replace("*", "W01"))).toBe(true);
});
