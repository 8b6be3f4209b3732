import type { MissionPolicy } from "../../pipeline/mission/mission-head.ts";
import { bodyRecord, type BodyRecord } from "./body-record.ts";
import { computerRecord, type ComputerRecord } from "./computer-record.ts";
import { custodyOf, type Custody } from "./custody.ts";
import { pictureRecord, type PictureRecord } from "./picture-record.ts";
import type { Plan } from "./plan.ts";
import { tablesFrom, type PolicyFiles, type PolicyTables } from "./policy-tables.ts";
import { groupRows, tallyOf, type Groups, type Tally } from "./sorted.ts";

/** One policy, ready to be asked for any moment. A pure function of its parts: nothing accumulates. */
export interface PolicyRecord {
  readonly policy: MissionPolicy;
  readonly tables: PolicyTables;
  /** Texts of `text` columns, by place. */
  readonly texts: readonly string[];
  /** What is said of moments before these is complete, as far as it has been loaded; Infinity once all is there. */
  readonly through: number;
  readonly publishedThrough: number;
  readonly body: BodyRecord;
  readonly custody: Custody;
  readonly computer: ComputerRecord;
  readonly pictures: PictureRecord;
  /** Of the link: bytes by the moment their turn ends. */
  readonly onLink: Tally;
  readonly resent: Tally;
  readonly lost: Tally;
  /** Rows of `turns` and `sends` by contact. */
  readonly turnsOf: Groups;
  readonly sendsOf: Groups;
}

/** Up to where a group is known: what the head says, or where the first part begins that has not come. */
const throughOf = (
  { state }: MissionPolicy,
  parts: MissionPolicy["events"],
  loaded: number,
  known: number,
): number => {
  const missing = parts[loaded];
  if (missing !== undefined) return Math.min(known, missing.from_s);
  return state === "flown" ? Infinity : known;
};

/** Makes what has come of a policy ready to be asked. */
export const openPolicy = (plan: Plan, policy: MissionPolicy, files: PolicyFiles): PolicyRecord => {
  const tables = tablesFrom(files);
  const { turns, sends, losses } = tables;
  const contacts = plan.contacts.rows;
  const longest = [...files.events, ...files.detections].reduce<readonly string[]>(
    (texts, file) => (file.texts.length > texts.length ? file.texts : texts),
    [],
  );
  return {
    policy,
    tables,
    texts: longest,
    through: throughOf(policy, policy.events, files.events.length, policy.through_s),
    publishedThrough: throughOf(
      policy,
      policy.detections,
      files.detections.length,
      policy.published_through_s,
    ),
    body: bodyRecord(plan, policy, files.body),
    custody: custodyOf(plan, tables),
    computer: computerRecord(plan, tables),
    pictures: pictureRecord(plan, tables),
    onLink: tallyOf(turns.columns.to_s, turns.columns.bytes),
    resent: tallyOf(turns.columns.to_s, turns.columns.resent_bytes),
    lost: tallyOf(losses.columns.at_s, losses.columns.bytes),
    turnsOf: groupRows(turns.columns.contact, contacts),
    sendsOf: groupRows(sends.columns.contact, contacts),
  };
};
