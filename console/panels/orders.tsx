import { useComputed } from "@preact/signals";
import { select } from "../page/actions.ts";
import { useConsole } from "../page/console-context.ts";
import { latestFirst, stageText, tallyText } from "../reading/order-words.ts";
import { orderStage } from "../state/order-record.ts";
import { clockText } from "../time/time-axis.ts";

const most = 6;

/** What satellites were ordered to do and how far each has come; nothing in a mission without orders. */
export const Orders = () => {
  const console = useConsole();
  const { desk, run, view } = console;
  const facts = useComputed(() => {
    const prepared = run.value?.prepared;
    const orders = view.value?.orders ?? [];
    if (prepared === undefined || orders.length === 0) return null;
    const t = desk.readT.value - prepared.epoch;
    return {
      prepared,
      t,
      text: tallyText(orders, t),
      shown: latestFirst(orders, t).slice(0, most),
      all: orders.length,
    };
  });
  if (facts.value === null) return null;
  const { prepared, t, text, shown, all } = facts.value;
  return (
    <section class="orders" aria-label="Orders">
      <div class="head">
        <h2>Orders</h2>
        <span>{text}</span>
      </div>
      <table>
        <thead>
          <tr>
            <th>order</th>
            <th>kind</th>
            <th>tenant</th>
            <th>where it stands</th>
            <th>due</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((order) => {
            const stage = orderStage(order, t);
            const { deadline } = order.times;
            return (
              <tr key={order.id}>
                <td>
                  <button
                    type="button"
                    class="plain"
                    onClick={() => select(console, { kind: "order", name: order.id })}
                  >
                    {order.id || "–"}
                  </button>
                </td>
                <td>{order.kind || "–"}</td>
                <td>{order.tenant || "–"}</td>
                <td
                  class={
                    stage === "refused" || stage === "expired"
                      ? "trouble"
                      : stage === "landed"
                        ? "landed"
                        : ""
                  }
                  title={order.why}
                >
                  {stageText(order, t)}
                </td>
                <td>{Number.isNaN(deadline) ? "–" : clockText(prepared.epoch + deadline).slice(0, 5)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {all > shown.length && (
        <p class="note">
          {all - shown.length} more in the lanes:{" "}
          <button type="button" class="plain" onClick={() => (desk.laneSubject.value = "orders")}>
            orders
          </button>
        </p>
      )}
    </section>
  );
};
