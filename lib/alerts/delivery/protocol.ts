/**
 * What the server and the worker that sends say to each other.
 *
 * @module
 */
import type { Letter, MailServer } from "./mail.ts";
import type { SendOutcome } from "./outcome.ts";
import type { Target } from "./target.ts";
import type { TelegramMessage } from "./telegram.ts";

/** One message, ready to go. It holds secrets and goes nowhere but into the worker. */
export type Parcel =
  | {
    kind: "webhook";
    target: Target;
    headers: Readonly<Record<string, string>>;
    body: string;
  }
  | { kind: "telegram"; message: TelegramMessage }
  | { kind: "email"; letter: Letter; server: MailServer };

/** Server → worker. */
export interface SendRequest {
  n: number;
  parcel: Parcel;
}

/** Worker → server. */
export interface SendAnswer {
  n: number;
  outcome: SendOutcome;
}
