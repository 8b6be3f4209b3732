import { useSignal } from "@preact/signals";
import { useConsole } from "../page/console-context.ts";

/** A command to start, with a button that copies it. */
export const CommandLine = ({ command }: { readonly command: string }) => {
  const copied = useSignal(false);
  const copy = (): void => {
    navigator.clipboard.writeText(command).then(
      () => (copied.value = true),
      // Without leave to write there, the text still stands beside the button to be marked.
      () => (copied.value = false),
    );
  };
  return (
    <span>
      <code>{command}</code>{" "}
      <button type="button" class="button" onClick={copy}>
        {copied.value ? "copied" : "copy"}
      </button>
    </span>
  );
};

/** What stands in the middle of the map when there is no run to show, or none that can be shown. */
export const MapNotice = () => {
  const { session, catalogue } = useConsole();
  const state = session.state.value;
  const { runs, problem } = catalogue;
  if (state.state === "failed")
    return (
      <div class="notice" role="alert">
        <h2>✕ {state.id} cannot be shown</h2>
        <p>{state.reason}</p>
      </div>
    );
  if (state.state !== "none" || runs.value === null) return null;
  if (problem.value !== null)
    return (
      <div class="notice" role="alert">
        <h2>✕ The list of runs did not come</h2>
        <p>{problem.value}</p>
      </div>
    );
  if (runs.value.some(({ mission }) => mission)) return null;
  return (
    <div class="notice">
      <h2>No runs yet</h2>
      <p>Start one beside this server, and it appears here.</p>
      <p>
        <CommandLine command="swath demo" />
      </p>
      <p>
        <CommandLine command="swath compare IMAGES/" />
      </p>
    </div>
  );
};
