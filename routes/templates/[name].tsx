import { type Context, HttpError, page } from "fresh";
import { Head } from "fresh/runtime";
import type { PageState } from "../../lib/api/page_state.ts";
import { AGENT_TYPE_WORDS } from "../../lib/contracts/agent_types.ts";
import type { EvidenceCheck } from "../../lib/contracts/bundle.ts";
import type { AgentTemplate } from "../../lib/contracts/template.ts";
import { AppError } from "../../lib/core/errors.ts";
import { Card, Fact } from "../../lib/ui/Card.tsx";
import { FormError } from "../../lib/ui/FormError.tsx";
import { EvidenceTable } from "../../lib/ui/library/EvidenceTable.tsx";
import { fingerprintText } from "../../lib/ui/library/library_words.ts";
import { originText } from "../../lib/ui/library/TemplateTable.tsx";
import { actionRefusal } from "../../lib/ui/roles.ts";
import { define } from "../(_shared)/define.ts";
import {
  mayPage,
  orErrorPage,
  readForm,
  requireUser,
} from "../(_shared)/guard.ts";

interface TemplateData {
  template: AgentTemplate;
  checks: readonly EvidenceCheck[];
  /** Why this person may run no backtest, or null. */
  refusal: string | null;
  error: string | null;
}

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const refusal = actionRefusal(login.user.role, "backtests.run");
    return page(await dataOf(ctx, { refusal, error: null }));
  },
  /** Runs a backtest of the bundle again. */
  async POST(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    await mayPage(ctx, "backtests.run");
    const { fleet, bundles } = ctx.state.services;
    const { id: userId, email } = login.user;
    const template = nameOf(ctx);
    const place = (await readForm(ctx.req))("evidence");
    const evidence = /^\d{1,2}$/.test(place) ? Number(place) : -1;
    try {
      const held = fleet.heldReason();
      if (held !== null) {
        throw new AppError("STORE_UNAVAILABLE", held, { status: 503 });
      }
      const caller = { userId, email, via: "panel" as const };
      await bundles.check({ template, evidence }, caller);
      return ctx.redirect(`/templates/${template}#evidence`, 303);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const [first] = error.errors;
      const data = await dataOf(ctx, {
        refusal: null,
        error: first?.detail ?? error.message,
      });
      return page(data, { status: error.status });
    }
  },
});

function nameOf({ params }: Context<PageState>): string {
  return params["name"] ?? "";
}

async function dataOf(
  ctx: Context<PageState>,
  shown: Pick<TemplateData, "refusal" | "error">,
): Promise<TemplateData> {
  const { fleet, bundles } = ctx.state.services;
  const name = nameOf(ctx);
  const template = fleet.templates().find((one) => one.name === name);
  if (template === undefined) {
    throw new HttpError(
      404,
      `There is no template "${name.slice(0, 60)}"; it may have been deleted`,
    );
  }
  const checks = await orErrorPage(() => bundles.checks(name));
  return { template, checks, ...shown };
}

/** One template: what it is, who signed it, and whether its figures hold here. */
export default define.page<typeof handler>(function TemplatePage({ data }) {
  const { template, checks, refusal, error } = data;
  const { name, title, config } = template;
  return (
    <>
      <Head>
        <title>{`${title} · SMC Fleet`}</title>
      </Head>
      <div class="page-head">
        <h1 class="page-title">{title}</h1>
        <a href="/templates">All templates</a>
      </div>
      <div class="risk-page">
        <Card title="What it is">
          <p>{template.purpose}</p>
          <Facts template={template} />
          <p class="library-actions">
            <a class="btn btn-primary" href={`/spawn?template=${name}`}>
              Spawn on paper
            </a>
            <a
              class="btn btn-default"
              href={`/templates?share=template:${name}#share`}
            >
              Share
            </a>
          </p>
        </Card>
        {checks.length > 0 && (
          <Card title="Backtests that came with it" id="evidence">
            {error !== null && <FormError message={error} />}
            <p class="library-lead">
              Run one again on the candles that are here: where the candles are
              the same, the trades must be, too. That proves the figures and
              says nothing about what comes.
            </p>
            <EvidenceTable checks={checks} action={{ refusal }} />
          </Card>
        )}
        <Card title="Configuration">
          <pre class="library-json" tabIndex={0}>
            {JSON.stringify(config, null, 2)}
          </pre>
        </Card>
      </div>
    </>
  );
});

function Facts({ template }: { template: AgentTemplate }) {
  const { bundle, config } = template;
  return (
    <dl class="library-facts">
      <Fact name="From">{originText(template)}</Fact>
      {bundle !== undefined && (
        <>
          <Fact name="Fingerprint">
            <code>{fingerprintText(bundle.author.fingerprint)}</code>
          </Fact>
          <Fact name="Made">
            {bundle.createdAt.slice(0, 10)} with SMC Fleet {bundle.program}
          </Fact>
          {bundle.listens.length > 0 && (
            <Fact name="Listened to">{bundle.listens.join(", ")}</Fact>
          )}
        </>
      )}
      <Fact name="Type">{AGENT_TYPE_WORDS[template.type].title}</Fact>
      <Fact name="Market">{config.symbol} {config.timeframe}</Fact>
      <Fact name="It may work">{template.whenItWorks}</Fact>
      <Fact name="What can go wrong">{template.risk}</Fact>
    </dl>
  );
}
