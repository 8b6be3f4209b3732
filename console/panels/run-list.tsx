import { useEffect } from "preact/hooks";
import { useConsole } from "../page/console-context.ts";
import type { ListedRun } from "../page/run-catalogue.ts";
import { Overlay } from "./overlay.tsx";

const dateText = (iso: string): string => (iso === "" ? "" : `${iso.slice(0, 10)} ${iso.slice(11, 16)}`);

const Line = ({ row }: { readonly row: ListedRun }) => {
  const { desk } = useConsole();
  const shown = desk.run.value === row.run;
  const beside = desk.beside.value === row.run;
  const open = (): void => {
    desk.run.value = row.run;
    desk.policy.value = null;
    desk.selection.value = null;
    desk.sheet.value = null;
  };
  return (
    <tr>
      <td>
        {row.mission ? (
          <button type="button" class="plain" aria-current={shown} onClick={open}>
            <b>{row.run}</b>
          </button>
        ) : (
          row.run
        )}
      </td>
      <td class="text">{row.of}</td>
      <td class="text">
        {row.policies.length === 0
          ? row.kind
          : row.policies.length > 3
            ? `${row.policies.length} policies`
            : row.policies.join(", ")}
      </td>
      <td class={row.state === "failed" || row.missing.length > 0 ? "text trouble" : "text"}>
        {row.missing.length > 0 ? `! ${row.state}: without ${row.missing.join(", ")}` : row.state}
      </td>
      <td>{dateText(row.written)}</td>
      <td class="text">
        {row.report && (
          <a href={`/api/runs/${encodeURIComponent(row.run)}/report`} target="_blank" rel="noreferrer">
            report
          </a>
        )}
      </td>
      <td class="text">
        {row.mission && !shown && (
          <button
            type="button"
            class="plain"
            aria-pressed={beside}
            onClick={() => {
              desk.beside.value = beside ? null : row.run;
              desk.sheet.value = null;
            }}
          >
            {beside ? "not beside" : "beside"}
          </button>
        )}
      </td>
    </tr>
  );
};

/** While the list is open it is asked for so often; ms. */
const refreshEvery = 2_000;

/** Runs, simulations and sweeps; one to show, one beside it, and the reports. */
export const RunList = () => {
  const { catalogue } = useConsole();
  useEffect(() => {
    const refresh = (): void => void catalogue.refresh();
    refresh();
    const timer = setInterval(refresh, refreshEvery);
    return () => clearInterval(timer);
  }, []);
  const runs = catalogue.runs.value ?? [];
  return (
    <Overlay title="Runs">
      {catalogue.problem.value !== null && <p class="trouble">✕ {catalogue.problem.value}</p>}
      {runs.length === 0 ? (
        <p class="note">No runs yet: `swath demo` or `swath compare IMAGES/` makes one.</p>
      ) : (
        <table class="runs">
          <thead>
            <tr>
              <th>run</th>
              <th class="text">of</th>
              <th class="text">policies</th>
              <th class="text">state</th>
              <th>written</th>
              <th class="text">report</th>
              <th class="text">compare</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((row) => (
              <Line key={row.run} row={row} />
            ))}
          </tbody>
        </table>
      )}
    </Overlay>
  );
};
