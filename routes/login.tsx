import { HttpError, page } from "fresh";
import { Head } from "fresh/runtime";
import PasswordField from "../islands/PasswordField.tsx";
import { loginRequestSchema } from "../lib/contracts/auth.ts";
import { FormError } from "../lib/ui/FormError.tsx";
import { Field } from "../lib/ui/Field.tsx";
import { define } from "./(_shared)/define.ts";
import {
  clientOf,
  type FormRefusal,
  readForm,
  redirectWithCookie,
  safeNext,
  toRefusal,
} from "./(_shared)/guard.ts";

interface LoginData extends Partial<FormRefusal> {
  email: string;
  next: string;
  loggedOut: boolean;
}

export const handler = define.handlers({
  async GET(ctx) {
    const next = safeNext(ctx.url.searchParams.get("next"));
    if (ctx.state.user !== null) return ctx.redirect(next, 303);
    if (await ctx.state.services.auth.setupNeeded()) {
      return ctx.redirect("/setup", 303);
    }
    const loggedOut = ctx.url.searchParams.has("out");
    return page<LoginData>({ email: "", next, loggedOut });
  },
  async POST(ctx) {
    const { services } = ctx.state;
    if (services.isForeign(ctx.req)) {
      throw new HttpError(403, "This form came from another site");
    }
    const field = await readForm(ctx.req);
    const email = field("email");
    const next = safeNext(field("next") || null);
    const parsed = loginRequestSchema.safeParse({
      email,
      password: field("password"),
    });
    if (!parsed.success) {
      const errors: Record<string, string> = {};
      for (const { path, message } of parsed.error.issues) {
        errors[String(path[0])] ??= message;
      }
      return page<LoginData>({ email, next, loggedOut: false, errors }, {
        status: 422,
      });
    }
    try {
      const session = await services.auth.login(parsed.data, clientOf(ctx));
      return redirectWithCookie(next, services.sessionCookie(ctx.req, session));
    } catch (error) {
      const refusal = toRefusal(error, () => "");
      return page<LoginData>({ email, next, loggedOut: false, ...refusal }, {
        status: refusal.status,
      });
    }
  },
});

/** The login: a plain form that works without script. */
export default define.page<typeof handler>(function LoginPage({ data }) {
  const { email, next, errors = {}, loggedOut } = data;
  return (
    <section class="gate-card">
      <Head>
        <title>Log in · SMC Fleet</title>
      </Head>
      <h1>Log in</h1>
      {loggedOut && <p class="gate-note" role="status">You are logged out.</p>}
      <FormError message={errors[""]} />
      <form method="post" action="/login" data-testid="login-form" noValidate>
        <input type="hidden" name="next" value={next} />
        <Field name="email" label="E-mail" error={errors["email"] ?? null}>
          <input
            class="input"
            type="email"
            name="email"
            value={email}
            autocomplete="username"
            required
            autofocus={email === ""}
            data-testid="field-email"
          />
        </Field>
        <PasswordField
          autocomplete="current-password"
          error={errors["password"] ?? null}
          autofocus={email !== ""}
        />
        <button
          type="submit"
          class="btn btn-primary btn-wide"
          data-testid="login-submit"
        >
          Log in
        </button>
      </form>
    </section>
  );
});
