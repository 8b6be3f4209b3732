import highs from "highs";
import { areApart, Choices, type Choice } from "../../../planning/looks/look-choice.ts";
import type { LookCase } from "./look-case.ts";

/** What is used of the solver; its module's types and its module differ for importers of ES modules. */
interface Solver {
  readonly solve: (
    problem: string,
    options: Readonly<Record<string, unknown>>,
  ) => { readonly ObjectiveValue: number; readonly Status: string };
}

/** The most that choices come to, each order once. */
const ofOrders = (choices: readonly Choice[], size: (choice: Choice) => number): number => {
  const most = new Map<number, number>();
  for (const choice of choices) most.set(choice.order, Math.max(most.get(choice.order) ?? 0, size(choice)));
  return [...most.values()].reduce((sum, one) => sum + one, 0);
};

/**
 * The value of the best plan of a case, by the mixed-integer solver HiGHS: a binary for each choice that the planner has, and
 *
 *     each order once                       Σ x of its choices ≤ 1
 *     no two that are too close             x_a + Σ x_b ≤ 1 over the choices b of another order that rival a
 *     duty                                  Σ dwell x over the choices that begin within a period of a ≤ limit + M (1 − x_a)
 *     store, first in first out             Σ bytes x from s to a ≤ capacity + drained from s to a, for every earlier s
 *     downlink                              Σ bytes x from s to a ≤ drained from s to the moment a must land + M (1 − x_a)
 *
 * The level of a store is the largest, over all earlier s, of what came in since s less what went out since s: both rows say so.
 */
export const optimumOf = async (
  { requests, satellites }: LookCase,
  gap = 0,
): Promise<{ readonly value: number; readonly status: string; readonly choices: number }> => {
  const placeOf = new Map(satellites.map(({ satellite }, at) => [satellite, at]));
  const all = requests.flatMap((request, at) => [...new Choices(at, request, satellites, placeOf)]);
  const nameOf = new Map(all.map((choice, n) => [choice, `x${n}`]));
  const x = (choice: Choice): string => nameOf.get(choice) as string;
  const rows: string[] = [];
  const row = (terms: readonly string[], limit: number): void => {
    if (terms.length > 0) rows.push(`r${rows.length}: ${terms.join(" + ")} <= ${limit}`);
  };
  requests.forEach((_, order) => {
    row(all.filter((choice) => choice.order === order).map(x), 1);
  });
  satellites.forEach((satellite, at) => {
    const own = all.filter((choice) => choice.satellite === at).toSorted((a, b) => a.start - b.start);
    for (const a of own) {
      const rivals = own.filter(
        (b) => b.order !== a.order && Math.abs(b.start - a.start) < 400 && !areApart(a, b, satellite.agility),
      );
      for (const order of new Set(rivals.map((b) => b.order))) {
        row([x(a), ...rivals.filter((b) => b.order === order).map(x)], 1);
      }
      const { seconds: limit, period } = satellite.duty;
      const within = own.filter((b) => b.start >= a.start && b.start < a.start + period);
      const most = ofOrders(within, (b) => b.end - b.start);
      if (most > limit) {
        const terms = within.filter((b) => b !== a).map((b) => `${b.end - b.start} ${x(b)}`);
        row([...terms, `${a.end - a.start + most - limit} ${x(a)}`], most);
      }
      const drained = (from: number, to: number): number =>
        satellite.drains
          .filter((one) => one.at > from && one.at <= to)
          .reduce((sum, one) => sum + one.bytes, 0);
      // Only the choices right after a contact can be where the store was last empty.
      const starts = own.filter(
        (s, n) => s.end <= a.end && (n === 0 || drained((own[n - 1] as Choice).end, s.end) > 0),
      );
      for (const s of starts) {
        const since = own.filter((b) => b.end >= s.end && b.end <= a.end);
        const sum = ofOrders(since, (b) => b.bytes);
        const mb = 1e6;
        const room = satellite.store.capacity + drained(s.end, a.end);
        if (sum > room)
          row(
            since.map((b) => `${b.bytes / mb} ${x(b)}`),
            room / mb,
          );
        if (a.landBy !== null) {
          const out = drained(s.end, a.landBy);
          if (sum > out) {
            row(
              [
                ...since.filter((b) => b !== a).map((b) => `${b.bytes / mb} ${x(b)}`),
                `${(a.bytes + sum - out) / mb} ${x(a)}`,
              ],
              sum / mb,
            );
          }
        }
      }
    }
  });
  if (all.length === 0) return { value: 0, status: "Optimal", choices: 0 };
  const objective = all.map((choice) => `${choice.value} ${x(choice)}`).join(" + ");
  const problem = `Maximize\nobj: ${objective}\nSubject To\n${rows.join("\n")}\nBinary\n${all.map(x).join(" ")}\nEnd\n`;
  const solver = await (highs as unknown as () => Promise<Solver>)();
  const solution = solver.solve(problem, { time_limit: 600, mip_rel_gap: gap, output_flag: false });
  return { value: solution.ObjectiveValue, status: solution.Status, choices: all.length };
};
