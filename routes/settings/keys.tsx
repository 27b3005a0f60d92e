import { page } from "fresh";
import { Head } from "fresh/runtime";
import PasskeySubmit from "../../islands/PasskeySubmit.tsx";
import type { PageState } from "../../lib/api/page_state.ts";
import { isAllowed, reachOf } from "../../lib/contracts/policy.ts";
import {
  KeysView,
  type KeysViewProps,
} from "../../lib/ui/settings/KeysView.tsx";
import type { OwnedKey } from "../../lib/ui/settings/OthersKeys.tsx";
import { SettingsFrame } from "../../lib/ui/settings/SettingsFrame.tsx";
import { NeedsRole } from "../../lib/ui/settings/NeedsRole.tsx";
import { ofOthers } from "../(_shared)/of_others.ts";
import { define } from "../(_shared)/define.ts";
import { clientOf, readForm, requireUser } from "../(_shared)/guard.ts";
import { runKeyForm } from "../(_shared)/key_forms.ts";
import { renewLogin } from "../(_shared)/renewed_login.ts";

const NO_STORE = { "Cache-Control": "no-store" };
const DONE = [
  "added",
  "tested",
  "allowed",
  "forbidden",
  "rotated",
  "revoked",
] as const;

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const query = ctx.url.searchParams;
    const data = await dataOf(ctx.state, {
      kept: {
        label: (query.get("label") ?? "").slice(0, 40),
        exchange: (query.get("exchange") ?? "").slice(0, 32),
      },
      isAdding: query.has("add"),
      rotating: query.get("rotate"),
      done: DONE.find((word) => word === query.get("done")) ?? null,
      doneKey: query.get("key"),
    });
    return page<KeysViewProps | null>(data, { headers: NO_STORE });
  },
  async POST(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { services, identity } = ctx.state;
    const field = await readForm(ctx.req);
    const outcome = await runKeyForm(
      {
        services,
        identity: identity!,
        client: clientOf(ctx),
        onFresh: () => renewLogin(ctx),
      },
      field,
    );
    if (outcome.kind === "done") return ctx.redirect(outcome.to, 303);
    const { wish } = outcome;
    const isAdding = wish?.action === "add";
    const refusal = outcome.kind === "refused" ? outcome.refusal : null;
    const data = await dataOf(ctx.state, {
      ...(isAdding
        ? { kept: { label: wish.label, exchange: wish.exchange }, isAdding }
        : wish?.action === "rotate"
        ? { rotating: wish.key }
        : { proof: wish }),
      errors: refusal?.errors ?? {},
    });
    return page<KeysViewProps | null>(data, {
      status: refusal?.status ?? 403,
      headers: NO_STORE,
    });
  },
});

/** What the page shows; null for somebody whose role sees no keys. */
async function dataOf(
  { services, identity }: PageState,
  shown: Partial<KeysViewProps>,
): Promise<KeysViewProps | null> {
  const { user } = identity!;
  if (!isAllowed(user.role, "keys.read")) return null;
  return {
    keys: services.exchangeKeys.list(user.id),
    others: reachOf(user.role, "keys.read") === "any"
      ? await othersKeys(services, user.id)
      : [],
    role: user.role,
    isLiveArmed: services.isLiveArmed,
    factor: await services.auth.factor.view(identity!),
    kept: { label: "", exchange: "" },
    isAdding: false,
    rotating: null,
    proof: null,
    errors: {},
    done: null,
    doneKey: null,
    ...shown,
  };
}

async function othersKeys(
  services: PageState["services"],
  userId: string,
): Promise<readonly OwnedKey[]> {
  const items = services.exchangeKeys.list(null);
  const others = await ofOthers(services, { items, userId });
  return others.map(({ item: view, owner }) => ({ view, owner }));
}

/** Keys of exchanges. Plain forms: they work without script. */
export default define.page<typeof handler>(function KeysPage({ data }) {
  return (
    <SettingsFrame
      path="/settings/keys"
      title="Exchange keys"
      lead="With a key that an exchange gave you, live agents trade on your account there. Its secret is sealed when it arrives and never shown again."
    >
      <Head>
        <title>Exchange keys · SMC Fleet</title>
      </Head>
      {data === null
        ? <NeedsRole what="Exchange keys need" action="keys.read" />
        : (
          <KeysView
            {...data}
            passkeyButton={(options) => <PasskeySubmit {...options} />}
          />
        )}
    </SettingsFrame>
  );
});
