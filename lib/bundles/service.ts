import type { Backtests } from "../backtest/port.ts";
import { type Caller, callerActor } from "../contracts/audit.ts";
import { backtestRequestSchema } from "../contracts/backtest.ts";
import {
  BUNDLE_FORMAT,
  BUNDLE_SUFFIX,
  BUNDLE_VERSION,
  type BundleExport,
  type BundlePartPreview,
  type BundlePreview,
  type BundleStatement,
  type EvidenceCheck,
  type KnownAuthor,
} from "../contracts/bundle.ts";
import type { AgentTemplate, SharedTemplate } from "../contracts/template.ts";
import { AppError } from "../core/errors.ts";
import { jsonDiff } from "../core/json_diff.ts";
import { PRODUCT_VERSION } from "../core/version.ts";
import type { Fleet } from "../fleet/port.ts";
import type { Store } from "../store/port.ts";
import { type AuthorOptions, Authors } from "./authors.ts";
import { authorOf, readBundle, writeBundle } from "./bundle_file.ts";
import { compareTemplates } from "./compare.ts";
import { contentOf, type ContentSource } from "./content.ts";
import { isRunOf, outcomeOf, toEvidence } from "./evidence.ts";
import type { BundleFile, Bundles } from "./port.ts";

/** What bundles are made of and kept in. */
export interface BundleOptions extends AuthorOptions {
  fleet:
    & ContentSource
    & Pick<Fleet, "templates" | "keepTemplates" | "validate">;
  backtests: Pick<Backtests, "get" | "list" | "submit">;
  /** Puts on record what leaves. */
  audit: Store["audit"];
}

/** Signed bundles: made, read, taken in, compared, and their figures checked. */
export class BundleService implements Bundles {
  readonly #options: BundleOptions;
  readonly #authors: Authors;

  constructor(options: BundleOptions) {
    this.#options = options;
    this.#authors = new Authors(options);
  }

  async export(wish: BundleExport, caller: Caller): Promise<BundleFile> {
    const { backtests, nowMs } = this.#options;
    const content = contentOf(this.#options.fleet, wish);
    const runs = await Promise.all(
      [...new Set(wish.backtests)].map((id) => backtests.get(id)),
    );
    const evidence = runs.map((run) => toEvidence(run, content.parts));
    const text = writeBundle({
      format: BUNDLE_FORMAT,
      v: BUNDLE_VERSION,
      kind: wish.source.kind,
      createdAt: new Date(nowMs()).toISOString(),
      program: PRODUCT_VERSION,
      ...content,
      evidence,
    }, {
      authorName: wish.authorName,
      signer: await this.#authors.signerOf(caller.userId),
    });
    // What could not be read again must not leave.
    readBundle(text);
    await this.#options.audit({
      at: nowMs(),
      actor: callerActor(caller),
      via: caller.via,
      action: "bundle.export",
      target: wish.name,
      outcome: "ok",
      reason: "",
      detail: {
        kind: wish.source.kind,
        title: content.title,
        author: wish.authorName,
        backtests: evidence.length,
      },
    });
    return { fileName: `${wish.name}${BUNDLE_SUFFIX}`, text };
  }

  async read(
    text: string,
    { against, caller }: { against: string | null; caller: Caller },
  ): Promise<BundlePreview> {
    const bundle = readBundle(text);
    const author = authorOf(bundle);
    const { kind, title, createdAt, program, evidence } = bundle;
    const other = against === null ? null : this.#template(against);
    return {
      kind,
      title,
      createdAt,
      program,
      author,
      ...await this.#authors.standingOf(author, caller.userId),
      parts: bundle.parts.map((template) =>
        this.#preview(template, { bundle, other, caller })
      ),
      evidence,
    };
  }

  async import(
    text: string,
    { names, caller }: {
      names: Readonly<Record<string, string>>;
      caller: Caller;
    },
  ): Promise<readonly AgentTemplate[]> {
    const bundle = readBundle(text);
    const { kind, title, createdAt, program, listens, evidence } = bundle;
    const author = authorOf(bundle);
    const kept = await this.#options.fleet.keepTemplates(
      bundle.parts.map((part) => ({
        template: { ...part, name: names[part.name] ?? part.name },
        bundle: {
          author,
          kind,
          title,
          createdAt,
          program,
          evidence: evidence.filter((each) => each.part === part.name),
          listens: listens[part.name] ?? [],
        },
      })),
      caller,
    );
    await this.#authors.meet(author, caller.userId);
    return kept;
  }

  authors(userId: string): Promise<readonly KnownAuthor[]> {
    return this.#authors.list(userId);
  }

  changeAuthor(
    change: { fingerprint: string; name: string | null },
    userId: string,
  ): Promise<readonly KnownAuthor[]> {
    return this.#authors.change(change, userId);
  }

  compare(names: readonly string[]): ReturnType<Bundles["compare"]> {
    return compareTemplates(names.map((name) => this.#template(name)));
  }

  async checks(name: string): Promise<readonly EvidenceCheck[]> {
    const { config, bundle } = this.#template(name);
    const { backtests } = this.#options;
    return await Promise.all(
      (bundle?.evidence ?? []).map(async (evidence): Promise<EvidenceCheck> => {
        // Newest first.
        const run = backtests.list().find((each) =>
          isRunOf(each, { evidence, config })
        );
        if (run === undefined) {
          return {
            evidence,
            outcome: "not_run",
            backtestId: null,
            detail: null,
          };
        }
        const detail = await backtests.get(run.id);
        return {
          evidence,
          outcome: outcomeOf(detail, evidence),
          backtestId: run.id,
          detail: detail.detail,
        };
      }),
    );
  }

  check(
    { template, evidence: place }: { template: string; evidence: number },
    caller: Caller,
  ): ReturnType<Bundles["check"]> {
    const { config, bundle } = this.#template(template);
    const evidence = bundle?.evidence[place];
    if (evidence === undefined) {
      throw new AppError(
        "EVIDENCE_NOT_FOUND",
        `The template "${template}" has no backtest ${place} of a bundle; GET /api/bundles/checks lists those it has`,
        { status: 404 },
      );
    }
    const request = backtestRequestSchema.parse({
      template,
      config: { ...config, name: template },
      data: evidence.data,
      lookAheadCheck: false,
      monteCarloRuns: 0,
      randomEntryRuns: 0,
    });
    return this.#options.backtests.submit(request, caller);
  }

  #template(name: string): AgentTemplate {
    const found = this.#options.fleet.templates().find((template) =>
      template.name === name
    );
    if (found !== undefined) return found;
    throw new AppError(
      "TEMPLATE_NOT_FOUND",
      `There is no template "${name}"; GET /api/templates lists the names`,
      { status: 404 },
    );
  }

  #preview(
    template: SharedTemplate,
    { bundle, other, caller }: {
      bundle: BundleStatement;
      other: AgentTemplate | null;
      caller: Caller;
    },
  ): BundlePartPreview {
    const { fleet } = this.#options;
    const { errors, warnings } = fleet.validate(
      { ...template.config, name: template.name },
      caller,
    );
    return {
      template,
      listens: bundle.listens[template.name] ?? [],
      isNameTaken: fleet.templates().some(({ name }) => name === template.name),
      validation: { errors, warnings },
      changes: other === null ? null : jsonDiff(other.config, template.config),
    };
  }
}
