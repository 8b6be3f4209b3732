import type { Body } from "../platform/body.ts";
import type { FlightPlan } from "./flight-plan.ts";

/** What contacts and terminals for crosslinks draw whatever is sent: known before the flight. */
export const drawStandingLoads = (
  { spacecraft: { power, crosslink }, contacts, terminalsOn }: FlightPlan,
  body: Pick<Body, "draw">,
): void => {
  if (power !== null)
    for (const { aos, los } of contacts) body.draw("contact", aos, los, power.loads.contact);
  if (crosslink !== null)
    for (const { from, to } of terminalsOn) body.draw("crosslink", from, to, crosslink.power);
};
