import { type Context, page } from "fresh";
import { Head } from "fresh/runtime";
import PasskeySubmit from "../../islands/PasskeySubmit.tsx";
import type { PageState } from "../../lib/api/page_state.ts";
import type { User } from "../../lib/contracts/auth.ts";
import { hostsResponse } from "../../lib/contracts/host.ts";
import { isAllowed } from "../../lib/contracts/policy.ts";
import { quotaView } from "../../lib/contracts/quota.ts";
import { PRODUCT_VERSION } from "../../lib/core/version.ts";
import type { HostFormProps } from "../../lib/ui/settings/HostForm.tsx";
import {
  HostsPanel,
  type HostsPanelProps,
} from "../../lib/ui/settings/HostsPanel.tsx";
import { NeedsRole } from "../../lib/ui/settings/NeedsRole.tsx";
import { SettingsFrame } from "../../lib/ui/settings/SettingsFrame.tsx";
import {
  SystemPanel,
  type SystemPanelProps,
} from "../../lib/ui/settings/SystemPanel.tsx";
import { define } from "../(_shared)/define.ts";
import { requireUser } from "../(_shared)/guard.ts";
import { runHostForm } from "../(_shared)/host_forms.ts";
import { proofOf } from "../(_shared)/proof.ts";

type OpenForm = Pick<HostFormProps, "action" | "id" | "errors">;
type FormData = Omit<HostFormProps, "proof"> & {
  proof: Omit<HostFormProps["proof"], "passkeyButton">;
};

interface SystemData extends SystemPanelProps {
  hosts: Omit<HostsPanelProps, "form"> & { form: FormData | null };
}

const FRESH = { headers: { "Cache-Control": "no-store" } } as const;

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    return page(await dataOf(ctx, login.user, askedOf(ctx.url)), FRESH);
  },
  async POST(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const refused = await runHostForm(ctx, login.user);
    if (refused === null) return ctx.redirect("/settings/system", 303);
    const { status, ...form } = refused;
    return page(await dataOf(ctx, login.user, form), { ...FRESH, status });
  },
});

/** The question that an address opens. */
function askedOf({ searchParams }: URL): OpenForm | null {
  const [action, id] = [searchParams.get("action"), searchParams.get("host")];
  if (id === null) return null;
  return action === "drain" || action === "forget"
    ? { action, id: id.slice(0, 60), errors: {} }
    : null;
}

/** What the page shows; null for somebody whose role does not see it. */
async function dataOf(
  ctx: Context<PageState>,
  user: User,
  form: OpenForm | null,
): Promise<SystemData | null> {
  const { services } = ctx.state;
  if (!isAllowed(user.role, "system.read")) return null;
  const [system, uses] = await Promise.all([
    services.system(),
    services.quotas(user.id),
  ]);
  const now = Date.now();
  return {
    system,
    quotas: uses.map(quotaView),
    now,
    hosts: {
      hosts: hostsResponse({
        isShared: services.fleet.isShared,
        hosts: services.fleet.hosts(),
        version: PRODUCT_VERSION,
      }),
      now,
      mayManage: isAllowed(user.role, "hosts.manage"),
      form: form && { ...form, proof: await proofOf(ctx.state, user) },
    },
  };
}

/** How the server runs, for administrators. */
export default define.page<typeof handler>(function SystemPage({ data }) {
  return (
    <SettingsFrame
      path="/settings/system"
      title="System"
      lead="How this server runs, what it keeps where, and how much of each limit is used."
    >
      <Head>
        <title>System · SMC Fleet</title>
      </Head>
      {data === null
        ? <NeedsRole what="This page needs" action="system.read" />
        : (
          <>
            <HostsPanel {...data.hosts} form={withPasskey(data.hosts.form)} />
            <SystemPanel {...data} />
          </>
        )}
    </SettingsFrame>
  );
});

function withPasskey(form: FormData | null): HostFormProps | null {
  if (form === null) return null;
  const proof = {
    ...form.proof,
    passkeyButton: (options: { label: string; isOnly: boolean }) => (
      <PasskeySubmit {...options} />
    ),
  };
  return { ...form, proof };
}
