import { accountRecords, type AccountRecord } from "../state/account-record.ts";
import { orderRecords, type OrderRecord } from "../state/order-record.ts";
import type { Plan } from "../state/plan.ts";
import type { PolicyRecord } from "../state/policy-record.ts";
import { groupRows, type Groups } from "../state/sorted.ts";

/** A policy's record, and what belongs to each acquisition. */
export interface PolicyView {
  readonly record: PolicyRecord;
  readonly productsOf: Groups;
  readonly detectionsOf: Groups;
  readonly chipsOf: Groups;
  /** In the order in which they are given; empty in a mission without orders. */
  readonly orders: readonly OrderRecord[];
  /** Of tenants; empty where nobody in particular uses the mission. */
  readonly accounts: readonly AccountRecord[];
}

/** Groups a record by acquisition. What it costs grows with the record, so it is done once for each piece that arrives. */
export const viewPolicy = (plan: Plan, record: PolicyRecord): PolicyView => {
  const { acquisitions, head } = plan;
  const { products, detections, chips } = record.tables;
  return {
    record,
    productsOf: groupRows(products.columns.acquisition, acquisitions.rows),
    detectionsOf: groupRows(detections.columns.acquisition, acquisitions.rows),
    chipsOf: groupRows(chips.columns.acquisition, acquisitions.rows),
    orders: orderRecords(plan, record.tables, record.texts, record.pictures.capture),
    accounts: accountRecords(head, record.tables, record.texts),
  };
};

/** When an acquisition was published; NaN where it was not. */
export const publishedAt = ({ record }: PolicyView, acquisition: number): number => {
  const row = record.pictures.publication[acquisition] ?? -1;
  return row < 0 ? NaN : (record.tables.publications.columns.at_s[row] as number);
};

/** When it was taken; NaN where it was not. */
export const capturedAt = ({ record }: PolicyView, acquisition: number): number => {
  const row = record.pictures.capture[acquisition] ?? -1;
  return row < 0 ? NaN : (record.tables.captures.columns.at_s[row] as number);
};
