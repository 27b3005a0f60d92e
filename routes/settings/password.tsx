import { page } from "fresh";
import { Head } from "fresh/runtime";
import PasswordChange from "../../islands/PasswordChange.tsx";
import {
  MAX_PASSWORD_LENGTH,
  MIN_PASSWORD_LENGTH,
} from "../../lib/contracts/auth.ts";
import { SettingsFrame } from "../../lib/ui/settings/SettingsFrame.tsx";
import { define } from "../(_shared)/define.ts";
import { requireUser } from "../(_shared)/guard.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    return page({ email: login.user.email });
  },
});

/** The password of the person who is logged in. */
export default define.page<typeof handler>(function PasswordPage({ data }) {
  return (
    <SettingsFrame
      path="/settings/password"
      title="Password"
      lead="You are asked once more who you are, and every other login of yours ends."
    >
      <Head>
        <title>Password · SMC Fleet</title>
      </Head>
      <noscript>
        <p class="banner banner-warn">This form needs JavaScript.</p>
      </noscript>
      <PasswordChange
        email={data.email}
        minLength={MIN_PASSWORD_LENGTH}
        maxLength={MAX_PASSWORD_LENGTH}
      />
    </SettingsFrame>
  );
});
