import { type Context, HttpError, page } from "fresh";
import { Head } from "fresh/runtime";
import PasskeyList from "../../islands/PasskeyList.tsx";
import PasskeySubmit from "../../islands/PasskeySubmit.tsx";
import type { PageState } from "../../lib/api/page_state.ts";
import { MAX_PASSKEYS, type PasskeyView } from "../../lib/contracts/passkey.ts";
import {
  enrolRequestSchema,
  factorCodeSchema,
} from "../../lib/contracts/second_factor.ts";
import {
  FactorView,
  type FactorViewProps,
} from "../../lib/ui/settings/FactorView.tsx";
import { SettingsFrame } from "../../lib/ui/settings/SettingsFrame.tsx";
import { define } from "../(_shared)/define.ts";
import {
  clientOf,
  mayPage,
  readForm,
  requireUser,
  safeNext,
  toRefusal,
} from "../(_shared)/guard.ts";
import { renewLogin } from "../(_shared)/renewed_login.ts";

const NO_STORE = { "Cache-Control": "no-store" };
const PATH = "/settings/second-factor";

type FactorData = Omit<FactorViewProps, "passkeyButton">;
type Shown = Partial<FactorData>;

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const query = ctx.url.searchParams;
    const shown = {
      isRemoved: query.has("removed"),
      usedRecoveryCode: query.has("codes-left"),
      next: safeNext(query.get("next")),
    };
    return page(await dataOf(ctx.state, shown), { headers: NO_STORE });
  },
  async POST(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    await mayPage(ctx, "account.factor");
    const field = await readForm(ctx.req);
    const action = field("action");
    const next = safeNext(ctx.url.searchParams.get("next"));
    const isConfirming = action === "confirm";
    try {
      const shown = await act(ctx, {
        action,
        field,
        client: clientOf(ctx),
      });
      if (shown === null) return ctx.redirect(`${PATH}?removed`, 303);
      return page(await dataOf(ctx.state, { next, ...shown }), {
        ...("errors" in shown ? { status: 422 } : {}),
        headers: NO_STORE,
      });
    } catch (error) {
      const name = action === "enrol" ? "password" : "code";
      const { errors, status } = toRefusal(
        error,
        (code) => code === "FACTOR_STATE_CONFLICT" ? "" : name,
      );
      const data = await dataOf(ctx.state, { isConfirming, errors, next });
      return page(data, { status, headers: NO_STORE });
    }
  },
});

/** Carries a form out. @returns What the page shows then; null once the factor is removed. */
async function act(
  ctx: Context<PageState>,
  { action, field, client }: {
    action: string;
    field: (name: string) => string;
    client: ReturnType<typeof clientOf>;
  },
): Promise<Shown | null> {
  const { services, identity } = ctx.state;
  const { factor } = services.auth;
  if (action === "enrol") {
    const parsed = enrolRequestSchema.safeParse({
      password: field("password"),
    });
    if (!parsed.success) {
      return { errors: { password: parsed.error.issues[0]?.message ?? "" } };
    }
    const { password } = parsed.data;
    const enrolment = await factor.enrol(identity!, { password, client });
    return { enrolment, isConfirming: true };
  }
  const parsed = factorCodeSchema.safeParse({ code: field("code") });
  if (!parsed.success) {
    const errors = { code: parsed.error.issues[0]?.message ?? "" };
    return { isConfirming: action === "confirm", errors };
  }
  const proof = { code: parsed.data.code, client };
  if (action === "confirm") {
    const recoveryCodes = await factor.confirm(identity!, proof);
    // They are shown this once, so a login that cannot be renewed takes only its proof along.
    await renewLogin(ctx).catch((error) =>
      void services.recordBrokenPage(ctx.req, error)
    );
    return { recoveryCodes };
  }
  if (action !== "remove") {
    throw new HttpError(400, "The form asks for nothing");
  }
  await factor.remove(identity!, proof);
  return null;
}

async function dataOf(
  { services, identity }: PageState,
  shown: Shown,
): Promise<FactorData & { passkeys: readonly PasskeyView[] }> {
  return {
    passkeys: await services.auth.passkeys.list(identity!.user),
    factor: await services.auth.factor.view(identity!),
    enrolment: null,
    isConfirming: false,
    recoveryCodes: null,
    isRemoved: false,
    usedRecoveryCode: false,
    next: "/",
    errors: {},
    ...shown,
  };
}

/** The second factor of the person who is logged in. Plain forms: they work without script. */
export default define.page<typeof handler>(function FactorPage({ data }) {
  return (
    <SettingsFrame
      path={PATH}
      title="Second factor"
      lead="A code of your authenticator or a passkey: asked for at the login, and before keys are added, live trading is allowed, and people are managed."
    >
      <Head>
        <title>Second factor · SMC Fleet</title>
      </Head>
      <FactorView
        {...data}
        passkeyButton={<PasskeySubmit label="Begin with a passkey" isOnly />}
      />
      {data.recoveryCodes === null && (
        <PasskeyList
          passkeys={data.passkeys}
          maximum={MAX_PASSKEYS}
          hasAuthenticator={data.factor.isEnrolled}
        />
      )}
    </SettingsFrame>
  );
});
