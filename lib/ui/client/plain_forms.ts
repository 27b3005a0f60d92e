/**
 * Forms that go to the server as they are, from pages that have scripts all the
 * same: they are not sent into nowhere, and not twice. The emergency stop is
 * held back by nothing; sent twice it is one stop.
 *
 * @module
 */

const FORMS = 'main form[method="post"]:not([action="/emergency-stop"])';
/** After this time a form may be sent again: the browser has given up, or the person has. */
const AGAIN_MS = 15_000;

/** Holds the page's forms back for a reason, which their buttons tell; with null only against a second press. The answer ends it. */
export function guardPlainForms(refusal: string | null): () => void {
  const sent = new Set<HTMLFormElement>();
  const onSubmit = (event: SubmitEvent) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches(FORMS)) return;
    // An island sends it itself.
    if (event.defaultPrevented) return;
    if (refusal !== null || sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    setTimeout(() => sent.delete(form), AGAIN_MS);
  };
  // A page that comes back from the back-forward cache may be sent again.
  const onShown = () => sent.clear();
  const freed = refusal === null ? [] : markButtons(refusal);
  document.addEventListener("submit", onSubmit);
  addEventListener("pageshow", onShown);
  return () => {
    document.removeEventListener("submit", onSubmit);
    removeEventListener("pageshow", onShown);
    for (const free of freed) free();
  };
}

/** Shows buttons as off, with the reason, as far as they are not off already. */
function markButtons(refusal: string): (() => void)[] {
  const buttons = document.querySelectorAll<HTMLButtonElement>(
    `${FORMS} button[type="submit"]:not([aria-disabled])`,
  );
  return [...buttons].map((button) => {
    const { title } = button;
    button.setAttribute("aria-disabled", "true");
    button.title = refusal;
    return () => {
      button.removeAttribute("aria-disabled");
      button.title = title;
    };
  });
}
