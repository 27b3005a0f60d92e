/**
 * What pages share: who may see them, and how refusals of services become pages.
 *
 * @module
 */
import { type Context, HttpError } from "fresh";
import type { PageAsk, PageState } from "../../lib/api/page_state.ts";
import type { Action } from "../../lib/contracts/policy.ts";
import type { User } from "../../lib/contracts/auth.ts";
import type { Caller, RequestClient } from "../../lib/contracts/audit.ts";
import { AppError } from "../../lib/core/errors.ts";

type PageContext = Context<PageState>;

/** The user behind a request, or where to go to log in. */
export async function requireUser(
  ctx: PageContext,
): Promise<{ user: User } | { redirect: Response }> {
  const { user, services } = ctx.state;
  if (user !== null) return { user };
  if (await services.auth.setupNeeded()) {
    return { redirect: ctx.redirect("/setup", 303) };
  }
  const here = ctx.url.pathname + ctx.url.search;
  const next = here === "/" ? "" : `?next=${encodeURIComponent(here)}`;
  return { redirect: ctx.redirect(`/login${next}`, 303) };
}

/** Lets a form go on that the policy table allows; a refusal is on record and becomes its error page. */
export async function mayPage(
  ctx: PageContext,
  action: Action,
  options: Pick<PageAsk, "agentId" | "backtestId" | "provesItself"> = {},
): Promise<void> {
  const { services, identity } = ctx.state;
  if (identity === null) throw new HttpError(403, "Log in first");
  const { pathname: path } = ctx.url;
  const requestId = services.requestIdOf(ctx.req);
  await orErrorPage(() =>
    services.authorize({ identity, action, path, requestId, ...options })
  );
}

/** Pages that are no place to go on to. */
const NO_PLACE = /^\/(login|logout|setup)(\/|$)/;

/** The page to go to after a login: only a path of this site, as a browser reads it. */
export function safeNext(next: string | null): string {
  const here = "http://here.invalid";
  // A browser leaves out tabs and line breaks, so "/\t/other.site" is another site.
  if (next === null || !next.startsWith("/") || !URL.canParse(next, here)) {
    return "/";
  }
  const { origin, pathname, search, hash } = new URL(next, here);
  // What is left of "/.//other.site" begins with two slashes, too.
  const isOwn = origin === here && !pathname.startsWith("//");
  return isOwn && !NO_PLACE.test(pathname) ? pathname + search + hash : "/";
}

/** Runs `get`; a refusal of a service becomes the error page of its status. */
export async function orErrorPage<T>(get: () => T | Promise<T>): Promise<T> {
  try {
    return await get();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new HttpError(toErrorStatus(error.status), error.message, {
      cause: error,
    });
  }
}

function toErrorStatus(
  status: number,
): 400 | 403 | 404 | 408 | 409 | 413 | 429 | 500 | 503 {
  switch (status) {
    case 400:
    case 403:
    case 404:
    case 408:
    case 409:
    case 413:
    case 429:
    case 503:
      return status;
    default:
      return 500;
  }
}

/** The address and program of the client, for the login's record and for entries of the audit trail. */
export function clientOf(
  { req, state: { services } }: PageContext,
): { userAgent: string; requestId: string } & RequestClient {
  return {
    userAgent: (req.headers.get("user-agent") ?? "").slice(0, 200),
    address: services.addressOf(req),
    via: "panel",
    requestId: services.requestIdOf(req),
  };
}

/** Who sends the form of a page, as services know it. */
export function callerOf(
  { req, state: { services } }: PageContext,
  { id, email }: User,
): Caller {
  const requestId = services.requestIdOf(req);
  return { userId: id, email, via: "panel", requestId };
}

/** A refused form: what to show at which field, and what to keep. */
export interface FormRefusal {
  /** By name of the field; an empty name is about the form as a whole. */
  errors: Readonly<Record<string, string>>;
  status: number;
}

/** What a service's refusal means for a form. Defects are thrown on. */
export function toRefusal(
  error: unknown,
  fieldOf: (code: string) => string,
): FormRefusal {
  if (!(error instanceof AppError)) throw error;
  const errors: Record<string, string> = {};
  for (const { pointer, detail } of error.errors) {
    errors[pointer.slice(1)] ??= detail;
  }
  if (Object.keys(errors).length === 0) {
    errors[fieldOf(error.code)] = error.message;
  }
  return { errors, status: error.status };
}

/** A redirect that keeps a login in the browser. */
export function redirectWithCookie(to: string, cookie: string): Response {
  return new Response(null, {
    status: 303,
    headers: { Location: to, "Set-Cookie": cookie },
  });
}

/** Reads the fields of a form by name; what was not sent is "". */
export type Fields = (name: string) => string;

const readForms = new WeakMap<Request, Promise<FormData>>();

/**
 * Reads a form of plain text fields; a body that is no form gives empty fields.
 * It can be read again: the check before the page has read it already.
 *
 * @throws {AppError} BODY_TOO_LARGE (64 KiB) or BODY_TOO_SLOW (10 s); see lib/api/body_limit.ts.
 */
export async function readForm(request: Request): Promise<Fields> {
  const form = await readFormData(request);
  return (name) => textOf(form, name) ?? "";
}

/** The same where it matters what was not sent at all: a function that gives null for that. */
export async function readSentForm(
  request: Request,
): Promise<(name: string) => string | null> {
  const form = await readFormData(request);
  return (name) => textOf(form, name);
}

/** Every field of text of a form, in its order. */
export async function readFields(
  request: Request,
): Promise<readonly (readonly [string, string])[]> {
  const form = await readFormData(request);
  return [...form].flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : []
  );
}

/** The text of a file that a form brings; "" where none was chosen. */
export async function readUpload(
  request: Request,
  name: string,
): Promise<string> {
  const value = (await readFormData(request)).get(name);
  return value instanceof File ? await value.text() : "";
}

/** Names of the fields of a form, as often as they were sent. */
export async function readNames(request: Request): Promise<string[]> {
  return [...(await readFormData(request)).keys()];
}

function textOf(form: FormData, name: string): string | null {
  const value = form.get(name);
  return typeof value === "string" ? value : null;
}

function readFormData(request: Request): Promise<FormData> {
  const read = readForms.get(request) ?? parseForm(request);
  readForms.set(request, read);
  return read;
}

async function parseForm(request: Request): Promise<FormData> {
  // First the bytes: what is wrong with them must not pass for an empty form.
  const bytes = await request.arrayBuffer();
  const type = request.headers.get("content-type") ?? "";
  return await new Response(bytes, { headers: { "content-type": type } })
    .formData().catch(() => new FormData());
}
