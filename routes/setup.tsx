import { page } from "fresh";
import { Head } from "fresh/runtime";
import CleanUrl from "../islands/CleanUrl.tsx";
import { setupRequestSchema } from "../lib/contracts/auth.ts";
import { AppError } from "../lib/core/errors.ts";
import { FormError } from "../lib/ui/FormError.tsx";
import { Field } from "../lib/ui/Field.tsx";
import { FirstSteps } from "../lib/ui/spawn/plain/FirstSteps.tsx";
import { define } from "./(_shared)/define.ts";
import {
  clientOf,
  type FormRefusal,
  readForm,
  redirectWithCookie,
  toRefusal,
} from "./(_shared)/guard.ts";
import { NewPassword, TokenField } from "./(_shared)/gate_fields.tsx";
import { fieldErrorsOf } from "./(_shared)/zod_errors.ts";

/** Where the setup leads once there is an account. */
const DONE = "/login?set-up";

interface SetupData extends Partial<FormRefusal> {
  token: string;
  email: string;
}

export const handler = define.handlers({
  async GET(ctx) {
    // The page is gone once the first account exists.
    if (!await ctx.state.services.auth.setupNeeded()) {
      return ctx.redirect(DONE, 303);
    }
    return page<SetupData>({
      token: ctx.url.searchParams.get("token") ?? "",
      email: "",
    });
  },
  async POST(ctx) {
    const { services } = ctx.state;
    const field = await readForm(ctx.req);
    const client = clientOf(ctx);
    const kept = { token: field("token"), email: field("email") };
    const parsed = setupRequestSchema.safeParse({
      ...kept,
      password: field("password"),
    });
    if (!parsed.success) {
      const errors = fieldErrorsOf(parsed.error);
      await services.auth.setupRefused(parsed.error.issues, client);
      return page<SetupData>({ ...kept, errors }, { status: 422 });
    }
    try {
      const session = await services.auth.setup(parsed.data, client);
      return redirectWithCookie(
        "/welcome",
        services.sessionCookie(ctx.req, session),
      );
    } catch (error) {
      // Sent twice, or by somebody who was later.
      if (error instanceof AppError && error.code === "SETUP_DONE") {
        return ctx.redirect(DONE, 303);
      }
      const refusal = toRefusal(
        error,
        (code) => code === "SETUP_TOKEN_INVALID" ? "token" : "",
      );
      return page<SetupData>({ ...kept, ...refusal }, {
        status: refusal.status,
      });
    }
  },
});

/** First start: the administrator's account, by the one-time token of the server's console. */
export default define.page<typeof handler>(function SetupPage({ data }) {
  const { token, email, errors = {} } = data;
  return (
    <section class="gate-card">
      <Head>
        <title>First start · SMC Fleet</title>
      </Head>
      {token !== "" && <CleanUrl />}
      <FirstSteps current={1} />
      <h1>Welcome</h1>
      <p class="gate-note">
        Create the administrator's account. There is no default password; this
        page is gone afterwards.
      </p>
      <FormError message={errors[""]} />
      <form method="post" action="/setup" data-testid="setup-form" noValidate>
        <TokenField
          label="Setup token"
          help="Printed by the server when it started, and in the file setup-token of its data folder"
          value={token}
          error={errors["token"]}
          autofocus={token === ""}
        />
        <Field name="email" label="E-mail" error={errors["email"] ?? null}>
          <input
            class="input"
            type="email"
            name="email"
            value={email}
            autocomplete="username"
            required
            autofocus={token !== "" && errors["password"] === undefined}
            data-testid="field-email"
          />
        </Field>
        <NewPassword
          email={email}
          error={errors["password"]}
          submit={{ label: "Create account", testId: "setup-submit" }}
        />
      </form>
    </section>
  );
});
