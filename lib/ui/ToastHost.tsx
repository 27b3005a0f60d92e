import { Glyph } from "./Glyph.tsx";
import { dismissToast, isHeld, toasts } from "./client/toasts.ts";

/** Where toasts appear. Once per page. */
export function ToastHost() {
  const hold = (held: boolean) => () => isHeld.value = held;
  return (
    <div
      class="toasts"
      data-testid="toasts"
      onMouseEnter={hold(true)}
      onMouseLeave={hold(false)}
      onFocusCapture={hold(true)}
      onBlurCapture={hold(false)}
    >
      <div role="status" aria-live="polite">
        {toasts.value.filter((toast) => toast.tone === "ok").map((toast) => (
          <ToastCard key={toast.id} {...toast} />
        ))}
      </div>
      <div role="alert">
        {toasts.value.filter((toast) => toast.tone === "danger").map((
          toast,
        ) => <ToastCard key={toast.id} {...toast} />)}
      </div>
    </div>
  );
}

function ToastCard(
  { id, tone, text, detail }: {
    id: number;
    tone: "ok" | "danger";
    text: string;
    detail: string | null;
  },
) {
  return (
    <div class={`toast toast-${tone}`}>
      <span class={`tone-${tone}`}>
        <Glyph name={tone === "ok" ? "check" : "cross"} />
      </span>
      <div>
        <p>{text}</p>
        {detail !== null && <p class="toast-detail">{detail}</p>}
      </div>
      <button
        type="button"
        class="btn btn-quiet btn-icon"
        aria-label="Dismiss"
        onClick={() => dismissToast(id)}
      >
        <Glyph name="cross" />
      </button>
    </div>
  );
}
