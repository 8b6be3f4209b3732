import { nothingMade, type ExpandedOrders } from "../updates/order-updates.ts";

const isEntry = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** Orders about models are refused, one by one: what a simulation draws was measured with one model. */
export const refuseModels = async (value: unknown): Promise<ExpandedOrders> => {
  const list = isEntry(value) ? value["orders"] : value;
  if (!Array.isArray(list)) return { value, ...nothingMade };
  const isModel = (entry: unknown): boolean => isEntry(entry) && String(entry["kind"]).startsWith("model-");
  const refused = (list as readonly unknown[]).filter(isModel).map((entry) => {
    const { id, kind } = entry as Readonly<Record<string, unknown>>;
    return {
      id: typeof id === "string" || typeof id === "number" ? String(id) : null,
      field: "kind",
      wanted: "a kind that a simulation flies: its work was measured with one model",
      got: String(kind),
    };
  });
  return {
    ...nothingMade,
    value: (list as readonly unknown[]).filter((entry) => !isModel(entry)),
    refused,
  };
};
