import { page } from "fresh";
import { Head } from "fresh/runtime";
import InviteLink from "../islands/InviteLink.tsx";
import { acceptInviteSchema, INVITE_PATH } from "../lib/contracts/people.ts";
import { Field } from "../lib/ui/Field.tsx";
import { FormError } from "../lib/ui/FormError.tsx";
import { define } from "./(_shared)/define.ts";
import {
  clientOf,
  type FormRefusal,
  readForm,
  toRefusal,
} from "./(_shared)/guard.ts";
import { NewPassword, TokenField } from "./(_shared)/gate_fields.tsx";
import { fieldErrorsOf } from "./(_shared)/zod_errors.ts";

interface InviteData {
  token: string;
  email: string;
  errors: FormRefusal["errors"];
}

const NO_STORE = { "Cache-Control": "no-store" };

export const handler = define.handlers({
  GET() {
    return page<InviteData>({ token: "", email: "", errors: {} }, {
      headers: NO_STORE,
    });
  },
  async POST(ctx) {
    const { services } = ctx.state;
    const field = await readForm(ctx.req);
    const kept = { token: field("token"), email: field("email") };
    const parsed = acceptInviteSchema.safeParse({
      token: kept.token,
      password: field("password"),
    });
    if (!parsed.success) {
      const errors = fieldErrorsOf(parsed.error);
      return page<InviteData>({ ...kept, errors }, {
        status: 422,
        headers: NO_STORE,
      });
    }
    try {
      await services.auth.people.accept(parsed.data, clientOf(ctx));
      return ctx.redirect("/login?welcome", 303);
    } catch (error) {
      const { errors, status } = toRefusal(error, () => "");
      return page<InviteData>({ ...kept, errors }, {
        status,
        headers: NO_STORE,
      });
    }
  },
});

/** A password of one's own, by a one-time link. The link's code stays behind the #, so only the browser sees it until the form is sent. */
export default define.page<typeof handler>(function InvitePage({ data }) {
  const { token, email, errors } = data;
  return (
    <section class="gate-card">
      <Head>
        <title>Set your password · SMC Fleet</title>
      </Head>
      <InviteLink tokenField="token" emailField="email" />
      <h1>Set your password</h1>
      <p class="gate-note">
        An administrator gave you this link. It works once; afterwards you log
        in with your e-mail and the password that you choose now.
      </p>
      <FormError message={errors[""]} />
      <form
        method="post"
        action={INVITE_PATH}
        data-testid="invite-form"
        noValidate
      >
        <TokenField
          label="Code of your link"
          help="Filled in by the link: what stands behind token="
          value={token}
          error={errors["token"]}
        />
        <Field
          name="email"
          label="E-mail"
          help="For your password manager"
          error={null}
        >
          <input
            class="input"
            type="email"
            name="email"
            value={email}
            autocomplete="username"
            readOnly
            data-testid="field-email"
          />
        </Field>
        <NewPassword
          email={email}
          error={errors["password"]}
          submit={{ label: "Set the password", testId: "invite-submit" }}
        />
      </form>
    </section>
  );
});
