import { type Context, page } from "fresh";
import { Head } from "fresh/runtime";
import type { PageState } from "../../lib/api/page_state.ts";
import type { User } from "../../lib/contracts/auth.ts";
import type { BacktestView } from "../../lib/contracts/backtest.ts";
import type { KnownAuthor } from "../../lib/contracts/bundle.ts";
import type { AgentTemplate } from "../../lib/contracts/template.ts";
import { AuthorTable } from "../../lib/ui/library/AuthorTable.tsx";
import { BundlePreviewCard } from "../../lib/ui/library/BundlePreviewCard.tsx";
import {
  ExportForm,
  type Shareable,
} from "../../lib/ui/library/ExportForm.tsx";
import { ImportForm } from "../../lib/ui/library/ImportForm.tsx";
import { TemplateTable } from "../../lib/ui/library/TemplateTable.tsx";
import { actionRefusal } from "../../lib/ui/roles.ts";
import { define } from "../(_shared)/define.ts";
import { orErrorPage, requireUser } from "../(_shared)/guard.ts";
import {
  type LibraryForm,
  type LibraryShown,
  runLibraryForm,
} from "../(_shared)/library_forms.ts";

/** Backtests that can be chosen to go along: the newest. */
const RUNS_SHOWN = 20;

interface LibraryData extends LibraryShown {
  templates: readonly AgentTemplate[];
  agents: readonly Shareable[];
  teams: readonly Shareable[];
  runs: readonly BacktestView[];
  authors: readonly KnownAuthor[];
  /** Why this person may share and keep nothing, or null. */
  refusal: string | null;
}

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const source = ctx.url.searchParams.get("share") ?? "";
    const fields = { ...emptyFields(login.user), source };
    return page(await dataOf(ctx, login.user, { fields }));
  },
  async POST(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { id: userId, email } = login.user;
    const caller = { userId, email, via: "panel" as const };
    const outcome = await runLibraryForm(ctx, caller);
    if ("response" in outcome) return outcome.response;
    const data = await dataOf(ctx, login.user, outcome.shown);
    const { problem } = data;
    return page(data, problem === null ? {} : { status: problem.status });
  },
});

function emptyFields({ email }: User): LibraryShown["fields"] {
  const author = email.split("@")[0] ?? "";
  return { source: "", name: "", author, backtests: [] };
}

async function dataOf(
  { state: { services } }: Context<PageState>,
  user: User,
  shown: Partial<LibraryShown>,
): Promise<LibraryData> {
  const { fleet, backtests, bundles } = services;
  const agents = fleet.list().filter(({ desired }) => desired !== "retired");
  return {
    fields: emptyFields(user),
    against: "",
    bundle: null,
    problem: null,
    ...shown,
    templates: fleet.templates(),
    agents: agents.map(({ id, name }) => ({ id, name })),
    teams: fleet.teams.list().map(({ id, name }) => ({ id, name })),
    runs: backtests.list().filter(({ state, request }) =>
      state === "done" && request.study.kind === "single"
    ).slice(0, RUNS_SHOWN),
    authors: await orErrorPage(() => bundles.authors(user.id)),
    refusal: actionRefusal(user.role, "templates.import"),
  };
}

/** What agents are spawned from: all templates, and signed files of others. */
export default define.page<typeof handler>(function TemplatesPage({ data }) {
  const { templates, bundle, problem, refusal } = data;
  const errorOf = (form: LibraryForm) =>
    problem?.form === form ? problem.text : null;
  return (
    <>
      <Head>
        <title>Templates · SMC Fleet</title>
      </Head>
      <div class="page-head">
        <h1 class="page-title">Templates</h1>
        <a href="/spawn">Spawn an agent</a>
      </div>
      <div class="risk-page">
        {bundle !== null && (
          <BundlePreviewCard
            {...bundle}
            against={data.against}
            error={errorOf("bundle")}
            refusal={refusal}
          />
        )}
        <TemplateTable templates={templates} />
        <div class="risk-grid">
          <ImportForm
            templates={templates}
            against={data.against}
            error={errorOf("take-in")}
          />
          <ExportForm
            templates={templates}
            agents={data.agents}
            teams={data.teams}
            runs={data.runs}
            fields={data.fields}
            error={errorOf("share")}
            refusal={refusal}
          />
        </div>
        <AuthorTable
          authors={data.authors}
          error={errorOf("authors")}
          refusal={refusal}
        />
      </div>
    </>
  );
});
