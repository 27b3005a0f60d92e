import type { ComponentChildren, JSX, Ref } from "preact";

type ButtonKind = "default" | "primary" | "danger" | "quiet" | "live";

/** What a {@link Button} takes besides the attributes of a button. */
export interface ButtonProps
  extends Omit<JSX.HTMLAttributes<HTMLButtonElement>, "title" | "ref"> {
  kind?: ButtonKind;
  type?: "button" | "submit";
  /** Why it cannot be used now: it stays visible and can be focused to read this. */
  disabledReason?: string | null;
  /** Tooltip; where the button has no text it needs an aria-label too. */
  hint?: string;
  /** Work is under way: shows a spinner and refuses further clicks. */
  busy?: boolean;
  small?: boolean;
  buttonRef?: Ref<HTMLButtonElement>;
  name?: string;
  value?: string;
  form?: string;
  children?: ComponentChildren;
}

/** A button that tells why it is disabled instead of hiding, and shows when it is busy. */
export function Button(
  {
    kind = "default",
    type = "button",
    disabledReason = null,
    hint,
    busy = false,
    small = false,
    buttonRef,
    onClick,
    children,
    class: extra,
    ...rest
  }: ButtonProps,
) {
  const isOff = disabledReason !== null || busy;
  const title = disabledReason ?? hint;
  const classes = [
    "btn",
    `btn-${kind}`,
    small ? "btn-small" : "",
    String(extra ?? ""),
  ];
  return (
    <button
      {...rest}
      {...(buttonRef === undefined ? {} : { ref: buttonRef })}
      type={type}
      class={classes.filter(Boolean).join(" ")}
      {...(title === undefined ? {} : { title })}
      {...(isOff ? { "aria-disabled": "true" as const } : {})}
      {...(busy ? { "aria-busy": "true" as const } : {})}
      onClick={(event) => {
        if (isOff) {
          event.preventDefault();
          return;
        }
        if (typeof onClick === "function") onClick(event);
      }}
    >
      {busy && <span class="spinner" aria-hidden="true" />}
      {children}
      {disabledReason !== null && (
        <span class="sr-only">({disabledReason})</span>
      )}
    </button>
  );
}
