import type { LoginDelays } from "./login_delays.ts";
import type { PasswordHasher } from "./password_hasher.ts";
import { SecondFactor } from "./second_factor.ts";
import type { AuthServiceOptions } from "./service_options.ts";

/** What second factors need of the service. */
type FactorParts =
  & Pick<
    AuthServiceOptions,
    "secondFactors" | "passkeys" | "users" | "wrapping" | "time"
  >
  & { hasher: PasswordHasher };

/** The second factors of an installation, proven beside the password of each account. */
export function createFactor(
  { secondFactors, passkeys, users, hasher, wrapping, time }: FactorParts,
  delays: LoginDelays,
): SecondFactor {
  return new SecondFactor({
    store: secondFactors,
    passkeys,
    wrapping,
    time,
    delays,
    isPassword: async ({ email }, password) => {
      const known = await users.byEmail(email);
      return known !== null &&
        await hasher.verify(password, known.passwordHash);
    },
  });
}
