import { useComputed } from "@preact/signals";
import { moneyText, percentText } from "../look/figures.ts";
import { useConsole } from "../page/console-context.ts";
import { accountAt } from "../state/account-record.ts";

/** What each tenant has been charged on board so far, of what it may spend; nothing where nobody in particular uses the mission. */
export const Accounts = () => {
  const { desk, run, view } = useConsole();
  const rows = useComputed(() => {
    const prepared = run.value?.prepared;
    if (prepared === undefined) return [];
    const t = desk.readT.value - prepared.epoch;
    return (view.value?.accounts ?? []).map((account) => accountAt(account, t));
  });
  const currency = run.value?.head.tenants?.currency ?? "";
  if (rows.value.length === 0) return null;
  return (
    <section class="accounts" aria-label="Tenants">
      <div class="head">
        <h2>Tenants</h2>
        <span>charged on board so far; the ledger has the rest</span>
      </div>
      <table>
        <thead>
          <tr>
            <th>tenant</th>
            <th>charged, {currency}</th>
            <th>of its budget</th>
            <th title="acquisitions that it had a part in">taken</th>
            <th title="acquisitions that its budget did not hold">refused</th>
          </tr>
        </thead>
        <tbody>
          {rows.value.map(({ tenant, budget, charged, acquisitions, refused }) => (
            <tr key={tenant}>
              <td>{tenant}</td>
              <td>{moneyText(charged)}</td>
              <td title={`of ${moneyText(budget)}`}>
                <span class="meter" aria-hidden="true">
                  <i style={{ width: `${Math.min(100, (100 * charged) / budget)}%` }} />
                </span>
                {percentText(charged / budget)}
              </td>
              <td>{acquisitions.toLocaleString("en-GB")}</td>
              <td class={refused > 0 ? "trouble" : ""}>
                {refused > 0 ? `✕ ${refused.toLocaleString("en-GB")}` : "0"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
};
