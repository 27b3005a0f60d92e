import { type Context, page } from "fresh";
import { Head } from "fresh/runtime";
import type { PageState } from "../lib/api/page_state.ts";
import {
  loginRequestSchema,
  type SessionResponse,
} from "../lib/contracts/auth.ts";
import { FORM_TOKEN_FIELD } from "../lib/contracts/form_token.ts";
import { factorCodeSchema } from "../lib/contracts/second_factor.ts";
import { AppError } from "../lib/core/errors.ts";
import {
  BackToForm,
  CARRIED_FIELD,
  CarriedAlong,
} from "../lib/ui/settings/CarriedForm.tsx";
import {
  CodeStep,
  type LoginData,
  PasswordStep,
} from "../lib/ui/settings/LoginSteps.tsx";
import PasskeyLogin from "../islands/PasskeyLogin.tsx";
import WaitButton from "../islands/WaitButton.tsx";
import PasswordField from "../islands/PasswordField.tsx";
import { arrivalOf, carriedForm, carriedOn } from "./(_shared)/carried_form.ts";
import { define } from "./(_shared)/define.ts";
import {
  clientOf,
  readFields,
  readForm,
  redirectWithCookie,
  safeNext,
  toRefusal,
} from "./(_shared)/guard.ts";
import { fieldErrorsOf } from "./(_shared)/zod_errors.ts";

/** Where a login by recovery code leads first: there it says how many are left. */
const CODES_LEFT = "/settings/second-factor?codes-left";

type PageContext = Context<PageState>;
type Field = (name: string) => string;
type LoginClient = ReturnType<typeof clientOf>;
type Outcome =
  | { session: SessionResponse }
  | { data: Partial<LoginData>; status: number };

/** Nothing of a login may be kept by a browser: its second step carries a ticket. */
const NO_STORE = { "Cache-Control": "no-store" };

export const handler = define.handlers({
  async GET(ctx) {
    const query = ctx.url.searchParams;
    const next = safeNext(query.get("next"));
    if (ctx.state.user !== null) return ctx.redirect(next, 303);
    if (await ctx.state.services.auth.setupNeeded()) {
      return ctx.redirect("/setup", 303);
    }
    const note = noteOf(query, { next, hadLogin: hasSession(ctx.req) });
    return page<LoginData>(dataOf({ next, note }));
  },
  async POST(ctx) {
    const arrival = arrivalOf(ctx);
    if (arrival !== null) return await takeForm(ctx, safeNext(arrival));
    const field = await readForm(ctx.req);
    const client = clientOf(ctx);
    const next = safeNext(field("next") || null);
    const kept = {
      email: field("email"),
      next,
      carried: carriedOn(next, field(CARRIED_FIELD)),
    };
    const outcome = field("ticket") === ""
      ? await enterPassword(ctx, { field, client })
      : await enterCode(ctx, { field, client });
    if ("session" in outcome) return goOn(ctx, outcome.session, kept);
    const { data, status } = outcome;
    const { waitSeconds = 0 } = data;
    return page<LoginData>(dataOf({ ...kept, ...data }), {
      status,
      headers: {
        ...NO_STORE,
        ...(waitSeconds > 0 ? { "Retry-After": String(waitSeconds) } : {}),
      },
    });
  },
});

/** A form was sent without a login: it waits on the page of the login. */
async function takeForm(ctx: PageContext, next: string) {
  const { services, user } = ctx.state;
  if (user === null && await services.auth.setupNeeded()) {
    return ctx.redirect("/setup", 303);
  }
  const carried = carriedForm(next, await readFields(ctx.req));
  const note = carried === null
    ? "Your login has ended, and what you sent is too long to be kept. Log in again."
    : "Your login has ended, so nothing was spawned. Log in again: the form waits, filled in as it is.";
  // Somebody may have logged in beside it meanwhile.
  const back = user === null ? null : { codesLeft: null };
  return page<LoginData>(dataOf({ next, note, carried, back }), {
    status: back === null ? 401 : 200,
    headers: NO_STORE,
  });
}

/** The login is done: to the page where it leads, or back to the form that waits for it. */
function goOn(
  ctx: PageContext,
  session: SessionResponse,
  { next, carried }: Pick<LoginData, "next" | "carried">,
) {
  const { services } = ctx.state;
  const cookie = services.sessionCookie(ctx.req, session);
  const codesLeft = session.recoveryCodesLeft ?? null;
  if (carried === null) {
    const to = codesLeft === null
      ? next
      : `${CODES_LEFT}&next=${encodeURIComponent(next)}`;
    return redirectWithCookie(to, cookie);
  }
  // The form belongs to the login that has just begun.
  const value = services.newFormToken(session);
  ctx.state.formField = { name: FORM_TOKEN_FIELD, value };
  return page<LoginData>(dataOf({ next, carried, back: { codesLeft } }), {
    headers: { ...NO_STORE, "Set-Cookie": cookie },
  });
}

/** What has just happened, or where the login leads to. */
function noteOf(
  query: URLSearchParams,
  { next, hadLogin }: { next: string; hadLogin: boolean },
): string | null {
  if (query.has("out")) return "You are logged out.";
  if (query.has("welcome")) return "Your password is set. Log in with it.";
  if (query.has("set-up")) {
    return "This server is set up already, and the setup link has done its work. Log in.";
  }
  const goOn = next === "/" ? "" : `, to go on to ${next}`;
  if (hadLogin || query.has("ended")) {
    return `Your login has ended. Log in again${goOn}.`;
  }
  return goOn === "" ? null : `Log in${goOn}.`;
}

/** Whether the browser still holds a login, which then is one that has ended. */
function hasSession(request: Request): boolean {
  return /(?:^|;\s*)(?:__Host-)?session=/.test(
    request.headers.get("cookie") ?? "",
  );
}

/** How long a refused login has to wait. */
function waitOf(error: unknown): number {
  if (!(error instanceof AppError) || error.code !== "LOGIN_DELAYED") return 0;
  const cause = error.cause as { retryAfterMs?: number } | undefined;
  return Math.ceil((cause?.retryAfterMs ?? 0) / 1_000);
}

interface Step {
  field: Field;
  client: LoginClient;
}

/** The first step: it logs in who has no second factor. */
async function enterPassword(
  { state: { services } }: PageContext,
  { field, client }: Step,
): Promise<Outcome> {
  const parsed = loginRequestSchema.safeParse({
    email: field("email"),
    password: field("password"),
  });
  if (!parsed.success) {
    return { data: { errors: fieldErrorsOf(parsed.error) }, status: 422 };
  }
  try {
    const step = await services.auth.beginLogin(parsed.data, client);
    if (step.kind === "factor") return { data: { step }, status: 200 };
    return { session: step.session };
  } catch (error) {
    const { errors, status } = toRefusal(error, () => "");
    return { data: { errors, waitSeconds: waitOf(error) }, status };
  }
}

/** The second step: the ticket of the first stands for the password. */
async function enterCode(
  { state: { services } }: PageContext,
  { field, client }: Step,
): Promise<Outcome> {
  const ticket = field("ticket");
  const step = { kind: "factor", ticket, takesCode: true } as const;
  const parsed = factorCodeSchema.safeParse({ code: field("code") });
  if (!parsed.success) {
    return { data: { step, errors: fieldErrorsOf(parsed.error) }, status: 422 };
  }
  const { code } = parsed.data;
  try {
    const session = await services.auth.finishLogin({ ticket, code }, client);
    return { session };
  } catch (error) {
    const { errors, status } = toRefusal(error, () => "code");
    const isOver = error instanceof AppError && error.code === "AUTH_REQUIRED";
    // Back to the first step, with the e-mail kept.
    if (isOver) return { data: { errors: { "": error.message } }, status };
    return { data: { step, errors, waitSeconds: waitOf(error) }, status };
  }
}

function dataOf(given: Partial<LoginData>): LoginData {
  return {
    email: "",
    next: "/",
    note: null,
    step: null,
    waitSeconds: 0,
    carried: null,
    back: null,
    errors: {},
    ...given,
  };
}

/** The login: plain forms that work without script; a passkey needs it. */
export default define.page<typeof handler>(function LoginPage({ data }) {
  return (
    <section class="gate-card">
      <Head>
        <title>Log in · SMC Fleet</title>
      </Head>
      <LoginCard data={data} />
    </section>
  );
});

function LoginCard({ data }: { data: LoginData }) {
  const submit = (testId: string) => (
    <WaitButton waitSeconds={data.waitSeconds} label="Log in" testId={testId} />
  );
  const { back, carried } = data;
  if (back !== null && carried !== null) {
    return <BackToForm carried={carried} codesLeft={back.codesLeft} />;
  }
  return (
    <>
      {data.step === null
        ? (
          <PasswordStep {...data} submit={submit("login-submit")}>
            <PasswordField
              autocomplete="current-password"
              error={data.errors["password"] ?? null}
              autofocus={data.email !== ""}
            />
          </PasswordStep>
        )
        : (
          <CodeStep
            {...data}
            step={data.step}
            submit={submit("login-code-submit")}
          />
        )}
      <PasskeyLogin
        next={data.next}
        isPrimary={data.step !== null && !data.step.takesCode}
      />
      {carried !== null && <CarriedAlong carried={carried} />}
    </>
  );
}
