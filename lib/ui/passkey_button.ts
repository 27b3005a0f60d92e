import type { ComponentChildren } from "preact";

/** Makes the button that proves by a passkey and sends the form around it; an island, since it needs script. */
export type PasskeyButton = (
  options: {
    /** What the button says. */
    label: string;
    /** There is no code to type instead. */
    isOnly: boolean;
  },
) => ComponentChildren;
