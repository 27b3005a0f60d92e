/**
 * What the forms of the page of exchange keys ask for. The rules are those of
 * the HTTP API; secrets go to the service and nowhere else.
 *
 * @module
 */
import type * as z from "zod";
import type { PageState } from "../../lib/api/page_state.ts";
import {
  exchangeKeyRequestSchema,
  type ExchangeKeyView,
  keyRotationRequestSchema,
} from "../../lib/contracts/exchange_key.ts";
import type { Action } from "../../lib/contracts/policy.ts";
import { factorCodeSchema } from "../../lib/contracts/second_factor.ts";
import type { Caller, RequestClient } from "../../lib/contracts/audit.ts";
import { AppError } from "../../lib/core/errors.ts";
import type { KeyWish } from "../../lib/ui/settings/key_wish.ts";
import { type FormRefusal, toRefusal } from "./guard.ts";

type Identity = NonNullable<PageState["identity"]>;
type Field = (name: string) => string;

/** What a form led to: another page, or this one with what is wrong or missing. */
export type KeyOutcome =
  | { kind: "done"; to: string }
  | { kind: "proof"; wish: KeyWish }
  | { kind: "refused"; wish: KeyWish | null; refusal: FormRefusal };

/** What the forms work with. */
export interface KeyFormContext {
  services: Pick<
    PageState["services"],
    "auth" | "authorize" | "exchangeKeys" | "fleet"
  >;
  identity: Identity;
  /** Where the form comes from, for delays against guessing and for the record. */
  client: RequestClient & { requestId: string };
  /** The form has proven a code: the login is renewed, whatever becomes of the rest. */
  onFresh(): Promise<void>;
}

const PAGE = "/settings/keys";
const PROOF_ERRORS: readonly string[] = [
  "FACTOR_INVALID",
  "LOGIN_DELAYED",
  "FACTOR_STATE_CONFLICT",
];

/** Carries a form out. Defects are thrown on. */
export async function runKeyForm(
  context: KeyFormContext,
  field: Field,
): Promise<KeyOutcome> {
  const action = field("action");
  const wish = wishOf(action === "prove" ? field("wish") : action, field);
  try {
    return await (action === "prove"
      ? prove(context, field, wish)
      : act(context, action, { field, wish }));
  } catch (error) {
    if (
      wish !== null && error instanceof AppError &&
      error.code === "FRESH_PROOF_NEEDED"
    ) {
      return { kind: "proof", wish };
    }
    const fieldOf = (code: string) => PROOF_ERRORS.includes(code) ? "code" : "";
    return { kind: "refused", wish, refusal: toRefusal(error, fieldOf) };
  }
}

async function prove(
  context: KeyFormContext,
  field: Field,
  wish: KeyWish | null,
): Promise<KeyOutcome> {
  const { services, identity, client, onFresh } = context;
  if (wish === null) return { kind: "done", to: PAGE };
  const { factor } = services.auth;
  // A passkey was signed with before the form was sent.
  const isProven = field("code") === "" && factor.isFresh(identity.sessionId);
  if (!isProven) {
    const parsed = factorCodeSchema.safeParse({ code: field("code") });
    if (!parsed.success) {
      return refused(wish, { code: parsed.error.issues[0]?.message ?? "" });
    }
    await factor.stepUp(identity, { code: parsed.data.code, client });
    await onFresh();
  }
  if (wish.action === "rotate") return { kind: "done", to: rotatePath(wish) };
  if (wish.action !== "add") {
    return await act(context, wish.action, { field, wish });
  }
  const { label, exchange } = wish;
  return {
    kind: "done",
    to: `${PAGE}?${new URLSearchParams({ add: "1", label, exchange })}#add`,
  };
}

async function act(
  { services, identity, client: { requestId } }: KeyFormContext,
  action: string,
  { field, wish }: { field: Field; wish: KeyWish | null },
): Promise<KeyOutcome> {
  const { user } = identity;
  const caller = {
    userId: user.id,
    email: user.email,
    via: "panel",
    requestId,
  } as const;
  const id = field("key");
  const { exchangeKeys } = services;
  const may = (needed: Action, about: { exchangeKeyId?: string } = {}) =>
    services.authorize({
      identity,
      action: needed,
      path: PAGE,
      requestId,
      ...about,
    });
  switch (action) {
    case "test": {
      await may("keys.test", { exchangeKeyId: id });
      return done("tested", await exchangeKeys.test(id, caller));
    }
    case "revoke":
      await may("keys.revoke", { exchangeKeyId: id });
      await exchangeKeys.revoke(id, caller);
      return { kind: "done", to: `${PAGE}?done=revoked` };
    case "allow":
    case "forbid": {
      await may("keys.live", { exchangeKeyId: id });
      const allowed = action === "allow";
      const view = await exchangeKeys.setLive(id, { allowed, caller });
      return done(allowed ? "allowed" : "forbidden", view);
    }
    case "rotate":
      await may("keys.rotate", { exchangeKeyId: id });
      return await rotate(services, field, { wish, caller });
    case "add":
      await may("keys.add");
      return await add(services, field, { wish, caller });
    default:
      throw new AppError("REQUEST_INVALID", "The form asks for nothing known");
  }
}

async function rotate(
  services: KeyFormContext["services"],
  field: Field,
  { wish, caller }: { wish: KeyWish | null; caller: Caller },
): Promise<KeyOutcome> {
  refuseHeld(services);
  const parsed = keyRotationRequestSchema.safeParse(secretsOf(field));
  if (!parsed.success) return refused(wish, errorsOf(parsed.error));
  const view = await services.exchangeKeys.rotate(field("key"), {
    request: parsed.data,
    caller,
  });
  return done("rotated", view);
}

async function add(
  services: KeyFormContext["services"],
  field: Field,
  { wish, caller }: { wish: KeyWish | null; caller: Caller },
): Promise<KeyOutcome> {
  refuseHeld(services);
  const parsed = exchangeKeyRequestSchema.safeParse({
    label: field("label"),
    exchange: field("exchange"),
    ...secretsOf(field),
  });
  if (!parsed.success) return refused(wish, errorsOf(parsed.error));
  return done("added", await services.exchangeKeys.add(parsed.data, caller));
}

/** @throws {AppError} `STORE_UNAVAILABLE` while the store takes nothing new. */
function refuseHeld({ fleet }: KeyFormContext["services"]): void {
  const held = fleet.heldReason();
  if (held !== null) throw new AppError("STORE_UNAVAILABLE", held);
}

/** Messages by the name of their field, the first of each. */
function errorsOf({ issues }: z.ZodError): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { path, message } of issues) {
    errors[String(path[0])] ??= message;
  }
  return errors;
}

function secretsOf(field: Field) {
  const passphrase = field("passphrase");
  return {
    apiKey: field("apiKey"),
    secret: field("secret"),
    ...(passphrase === "" ? {} : { passphrase }),
  };
}

function rotatePath({ key }: Extract<KeyWish, { key: string }>): string {
  return `${PAGE}?${new URLSearchParams({ rotate: key })}#rotate`;
}

function wishOf(action: string, field: Field): KeyWish | null {
  switch (action) {
    case "add":
      return { action, label: field("label"), exchange: field("exchange") };
    case "allow":
    case "forbid":
    case "rotate":
      return { action, key: field("key") };
    default:
      return null;
  }
}

function done(what: string, view: ExchangeKeyView): KeyOutcome {
  return {
    kind: "done",
    to: `${PAGE}?${new URLSearchParams({ done: what, key: view.id })}`,
  };
}

function refused(
  wish: KeyWish | null,
  errors: Readonly<Record<string, string>>,
): KeyOutcome {
  return { kind: "refused", wish, refusal: { errors, status: 422 } };
}
