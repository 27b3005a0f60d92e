import type { Clock } from "../../actors/mod.ts";
import type { ApiOptions } from "../api/context.ts";
import { connectionOf } from "../api/connection.ts";
import { readSessionCookie } from "../api/credential.ts";
import { auditedGate, createFormAudit } from "../api/form_audit.ts";
import { createPageGate, formTokenOf, isSameToken } from "../api/page_gate.ts";
import type { Services } from "../api/page_state.ts";
import { requestIdOf } from "../api/request_id.ts";
import type { Env } from "../core/env.ts";
import type { createIdFactory } from "../core/ids.ts";
import { apiLimits } from "./api_limits.ts";
import type { Console } from "./console.ts";
import { createFrontDoor } from "./front_door.ts";

/** The services that stand between the network and the pages. */
export function createWebServices(
  { env, ids, clock, state, console, audit }: {
    env: Env;
    ids: ReturnType<typeof createIdFactory>;
    clock: Clock;
    state: { isDraining: boolean };
    console: Console;
    audit: NonNullable<ApiOptions["audit"]>;
  },
): Pick<
  Services,
  | "enter"
  | "admitForm"
  | "recordStaleForm"
  | "recordBrokenPage"
  | "formToken"
  | "newFormToken"
  | "isFormToken"
  | "addressOf"
  | "requestIdOf"
> {
  const origins = { allowedOrigins: env.PUBLIC_ORIGINS };
  const formToken = (request: Request) => {
    const secret = readSessionCookie(request, origins);
    return secret === null ? null : formTokenOf(secret);
  };
  const now = () => clock.nowMs();
  const pages = console.with({ component: "pages" });
  const record = createFormAudit({ audit, now, ids });
  const gate = createPageGate({
    ...origins,
    now,
    isDraining: () => state.isDraining,
    limits: apiLimits(env),
  });
  return {
    enter: createFrontDoor({
      env,
      ids,
      logError: (message, error) => pages.error(message, error),
    }),
    admitForm: auditedGate(gate, record),
    recordStaleForm: (request, identity) =>
      record("access.form", { request, identity }),
    recordBrokenPage: (request, error) => {
      const id = requestIdOf(request, ids);
      pages.with({ requestId: id })
        .error(`${placeOf(request)} broke (request ${id})`, error);
      return id;
    },
    formToken,
    newFormToken: ({ token }) => formTokenOf(token),
    isFormToken: (request, given) => {
      const expected = formToken(request);
      return expected !== null && isSameToken(expected, given);
    },
    requestIdOf: (request) => requestIdOf(request, ids),
    addressOf: (request) => connectionOf(request)?.address ?? "",
  };
}

/** What was asked for, without the query, which may hold secrets. */
function placeOf({ method, url }: Request): string {
  return `${method} ${new URL(url).pathname}`;
}

/** Tells the operator what a browser refused on our pages. */
export function reportTo(
  console: Console,
): NonNullable<ApiOptions["onCspReport"]> {
  return ({ count, page, directive, blocked }) =>
    console.with({ component: "pages" }).warning(
      `A browser refused "${blocked}" on ${page} by ${directive} (report ${count})`,
    );
}
