import { useEffect } from "preact/hooks";

/**
 * Puts what a one-time link carries behind its # into the form, and takes it off
 * the address bar and out of the history.
 */
export default function InviteLink(
  { tokenField, emailField }: {
    /** Ids of the inputs. */
    tokenField: string;
    emailField: string;
  },
) {
  useEffect(() => {
    const carried = new URLSearchParams(location.hash.slice(1));
    const fill = (id: string, value: string | null) => {
      const input = document.getElementById(id);
      if (value === null || !(input instanceof HTMLInputElement)) return;
      input.value = value;
    };
    fill(tokenField, carried.get("token"));
    fill(emailField, carried.get("for"));
    if (carried.has("token")) {
      history.replaceState(null, "", location.pathname);
      document.getElementById("password")?.focus();
    }
  }, []);
  return null;
}
