/**
 * What the forms of the page of templates do: share, show, keep, and what one
 * knows of authors.
 *
 * @module
 */
import type { Context } from "fresh";
import type { PageState } from "../../lib/api/page_state.ts";
import type { Caller } from "../../lib/contracts/audit.ts";
import {
  authorChangeSchema,
  bundleExportSchema,
  bundleImportSchema,
  type BundlePreview,
} from "../../lib/contracts/bundle.ts";
import { AppError } from "../../lib/core/errors.ts";
import type { ExportFields } from "../../lib/ui/library/ExportForm.tsx";
import { mayPage, readForm, readNames, readUpload } from "./guard.ts";
import { firstIssue } from "./zod_errors.ts";

/** Which form of the page. */
export type LibraryForm = "share" | "take-in" | "bundle" | "authors";

/** What the page shows beside what is always there. */
export interface LibraryShown {
  fields: ExportFields;
  against: string;
  /** The file that is looked at; null for none. */
  bundle: { preview: BundlePreview; text: string } | null;
  /** What was refused, and where to say so. */
  problem: { form: LibraryForm; text: string; status: number } | null;
}

/** What came of a form: an answer, or the page with what was typed. */
export type LibraryOutcome =
  | { response: Response }
  | { shown: Partial<LibraryShown> };

type PageContext = Context<PageState>;

/** Does what the form asks for. A refusal is said on the page. */
export async function runLibraryForm(
  ctx: PageContext,
  caller: Caller,
): Promise<LibraryOutcome> {
  const field = await readForm(ctx.req);
  switch (field("action")) {
    case "export":
      return await share(ctx, caller);
    case "read":
      return await show(ctx, caller);
    case "import":
      return await keep(ctx, caller);
    case "name":
    case "forget":
      return await changeAuthor(ctx, caller);
    default:
      return { shown: {} };
  }
}

async function share(
  ctx: PageContext,
  caller: Caller,
): Promise<LibraryOutcome> {
  await mayPage(ctx, "templates.import");
  const field = await readForm(ctx.req);
  const [kind = "", id = ""] = field("source").split(/:(.*)/s);
  const fields: ExportFields = {
    source: field("source"),
    name: field("name").trim(),
    author: field("author").trim(),
    backtests: (await readNames(ctx.req)).flatMap((name) =>
      name.startsWith("run-") ? [name.slice("run-".length)] : []
    ),
  };
  const parsed = bundleExportSchema.safeParse({
    source: kind === "template" ? { kind, name: id } : { kind, id },
    name: fields.name,
    authorName: fields.author,
    backtests: fields.backtests,
  });
  if (!parsed.success) {
    return refused("share", firstIssue(parsed.error), { fields });
  }
  return await orSaid("share", { fields }, async () => {
    const { bundles } = ctx.state.services;
    const { fileName, text } = await bundles.export(parsed.data, caller);
    return {
      response: new Response(text, {
        headers: {
          "Content-Type": "application/json",
          "Content-Disposition": `attachment; filename="${fileName}"`,
          "Cache-Control": "no-store",
        },
      }),
    };
  });
}

async function show(ctx: PageContext, caller: Caller): Promise<LibraryOutcome> {
  const field = await readForm(ctx.req);
  const against = field("against");
  const text = await readUpload(ctx.req, "file") || field("text");
  if (text.trim() === "") {
    return refused("take-in", "Choose a file, or paste its text", { against });
  }
  return await orSaid("take-in", { against }, async () => {
    const preview = await ctx.state.services.bundles.read(text, {
      against: against === "" ? null : against,
      caller,
    });
    return { shown: { against, bundle: { preview, text } } };
  });
}

async function keep(ctx: PageContext, caller: Caller): Promise<LibraryOutcome> {
  await mayPage(ctx, "templates.import");
  const field = await readForm(ctx.req);
  const text = field("text");
  const { bundles, fleet } = ctx.state.services;
  return await orSaid("take-in", {}, async () => {
    const preview = await bundles.read(text, { against: null, caller });
    const shown = { bundle: { preview, text } };
    const held = fleet.heldReason();
    if (held !== null) return refused("bundle", held, shown, 503);
    const parsed = bundleImportSchema.safeParse({
      text,
      names: Object.fromEntries(preview.parts.map(({ template }, place) => [
        template.name,
        field(`name-${place}`).trim(),
      ])),
    });
    if (!parsed.success) {
      return refused("bundle", firstIssue(parsed.error), shown);
    }
    return await orSaid("bundle", shown, async () => {
      const [first] = await bundles.import(text, {
        names: parsed.data.names,
        caller,
      });
      return { response: ctx.redirect(`/templates/${first!.name}`, 303) };
    });
  });
}

async function changeAuthor(
  ctx: PageContext,
  caller: Caller,
): Promise<LibraryOutcome> {
  await mayPage(ctx, "templates.import");
  const field = await readForm(ctx.req);
  const parsed = authorChangeSchema.safeParse({
    fingerprint: field("fingerprint"),
    name: field("action") === "forget" ? null : field("author"),
  });
  if (!parsed.success) return refused("authors", firstIssue(parsed.error), {});
  return await orSaid("authors", {}, async () => {
    await ctx.state.services.bundles.changeAuthor(parsed.data, caller.userId);
    return { response: ctx.redirect("/templates#authors", 303) };
  });
}

async function orSaid(
  form: LibraryForm,
  shown: Partial<LibraryShown>,
  work: () => Promise<LibraryOutcome>,
): Promise<LibraryOutcome> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const [first] = error.errors;
    const text = first === undefined
      ? error.message
      : `${error.message} (${first.pointer}: ${first.detail})`;
    return refused(form, text, shown, error.status);
  }
}

function refused(
  form: LibraryForm,
  text: string,
  shown: Partial<LibraryShown>,
  status = 422,
): LibraryOutcome {
  return { shown: { ...shown, problem: { form, text, status } } };
}
