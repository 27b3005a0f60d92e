import { page } from "fresh";
import { Head } from "fresh/runtime";
import type { PageState } from "../lib/api/page_state.ts";
import { loginRequestSchema } from "../lib/contracts/auth.ts";
import { factorCodeSchema } from "../lib/contracts/second_factor.ts";
import { AppError } from "../lib/core/errors.ts";
import {
  CodeStep,
  type LoginData,
  PasswordStep,
} from "../lib/ui/settings/LoginSteps.tsx";
import PasskeyLogin from "../islands/PasskeyLogin.tsx";
import PasswordField from "../islands/PasswordField.tsx";
import { define } from "./(_shared)/define.ts";
import {
  clientOf,
  readForm,
  redirectWithCookie,
  safeNext,
  toRefusal,
} from "./(_shared)/guard.ts";
import { fieldErrorsOf } from "./(_shared)/zod_errors.ts";

/** Where a login by recovery code leads first: there it says how many are left. */
const CODES_LEFT = "/settings/second-factor?codes-left";

type Field = (name: string) => string;
type LoginClient = ReturnType<typeof clientOf> & { via: string };
type Outcome =
  | { to: string; cookie: string }
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
    const note = query.has("out")
      ? "You are logged out."
      : query.has("welcome")
      ? "Your password is set. Log in with it."
      : null;
    return page<LoginData>(dataOf({ next, note }));
  },
  async POST(ctx) {
    const field = await readForm(ctx.req);
    const client = { ...clientOf(ctx), via: "panel" };
    const kept = {
      email: field("email"),
      next: safeNext(field("next") || null),
    };
    const outcome = field("ticket") === ""
      ? await enterPassword(ctx, { field, client, next: kept.next })
      : await enterCode(ctx, { field, client, next: kept.next });
    if ("to" in outcome) return redirectWithCookie(outcome.to, outcome.cookie);
    const { data, status } = outcome;
    return page<LoginData>(dataOf({ ...kept, ...data }), {
      status,
      headers: NO_STORE,
    });
  },
});

interface Step {
  field: Field;
  client: LoginClient;
  next: string;
}

type Request = { req: globalThis.Request; state: PageState };

/** The first step: it logs in who has no second factor. */
async function enterPassword(
  { req, state: { services } }: Request,
  { field, client, next }: Step,
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
    return { to: next, cookie: services.sessionCookie(req, step.session) };
  } catch (error) {
    const { errors, status } = toRefusal(error, () => "");
    return { data: { errors }, status };
  }
}

/** The second step: the ticket of the first stands for the password. */
async function enterCode(
  { req, state: { services } }: Request,
  { field, client, next }: Step,
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
    const usedUp = session.recoveryCodesLeft;
    return {
      to: usedUp === undefined
        ? next
        : `${CODES_LEFT}&next=${encodeURIComponent(next)}`,
      cookie: services.sessionCookie(req, session),
    };
  } catch (error) {
    const { errors, status } = toRefusal(error, () => "code");
    const isOver = error instanceof AppError && error.code === "AUTH_REQUIRED";
    // Back to the first step, with the e-mail kept.
    if (isOver) return { data: { errors: { "": error.message } }, status };
    return { data: { step, errors }, status };
  }
}

function dataOf(given: Partial<LoginData>): LoginData {
  return { email: "", next: "/", note: null, step: null, errors: {}, ...given };
}

/** The login: plain forms that work without script; a passkey needs it. */
export default define.page<typeof handler>(function LoginPage({ data }) {
  return (
    <section class="gate-card">
      <Head>
        <title>Log in · SMC Fleet</title>
      </Head>
      {data.step === null
        ? (
          <PasswordStep {...data}>
            <PasswordField
              autocomplete="current-password"
              error={data.errors["password"] ?? null}
              autofocus={data.email !== ""}
            />
          </PasswordStep>
        )
        : <CodeStep {...data} step={data.step} />}
      <PasskeyLogin
        next={data.next}
        isPrimary={data.step !== null && !data.step.takesCode}
      />
    </section>
  );
});
