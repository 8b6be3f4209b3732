import { useSignal } from "@preact/signals";
import { messageOf } from "../../pipeline/errors.ts";
import { logIn } from "../page/ask.ts";
import { Overlay } from "./overlay.tsx";

/** The way back in where the login has run out: the link that the server printed last, or its token. The page then is where it was. */
export const Login = () => {
  const given = useSignal("");
  const problem = useSignal<string | null>(null);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    try {
      await logIn(given.value);
      // The address holds all that the page shows.
      location.reload();
    } catch (error) {
      problem.value = messageOf(error);
    }
  };
  return (
    <Overlay title="Log in">
      <form class="login" onSubmit={(event) => void send(event)}>
        <p class="note">
          <code>swath serve</code> prints a login link when it starts, and a new one before the last runs out.
          Paste it here, or open it in this browser. The page stays where it is.
        </p>
        <label>
          <span class="away">Login link</span>
          <input
            type="password"
            autocomplete="off"
            placeholder="http://…/login?token=…"
            value={given.value}
            onInput={(event) => (given.value = event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="button chosen" disabled={given.value.trim() === ""}>
          Log in
        </button>
        {problem.value !== null && (
          <p class="trouble" role="alert">
            ✕ {problem.value}
          </p>
        )}
      </form>
    </Overlay>
  );
};
