import { bytesText, durationText } from "../look/figures.ts";
import type { Prepared } from "../reading/prepared.ts";

/** Contacts of the plan: with whom, in how long, for how long still, how high, and what they can carry. */
export const ContactTable = ({
  prepared,
  title,
  rows,
  nameOf,
  t,
}: {
  readonly prepared: Prepared;
  readonly title: string;
  /** Rows of the plan's contacts, open or to come. */
  readonly rows: readonly number[];
  /** Who is at the other end. */
  readonly nameOf: (row: number) => string;
  /** Seconds from the start of the horizon. */
  readonly t: number;
}) => {
  const { from_s, to_s, max_elevation_deg, capacity_bytes } = prepared.plan.contacts.columns;
  return (
    <table>
      <thead>
        <tr>
          <th>{title}</th>
          <th>in</th>
          <th>for</th>
          <th>highest</th>
          <th>carries</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const from = from_s[row] ?? 0;
          return (
            <tr key={row}>
              <td>{nameOf(row)}</td>
              <td>{from <= t ? "now" : durationText(from - t)}</td>
              <td>{durationText((to_s[row] ?? 0) - Math.max(from, t))}</td>
              <td>{Math.round(max_elevation_deg[row] ?? 0)}°</td>
              <td>{bytesText(capacity_bytes[row] ?? 0)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
};
