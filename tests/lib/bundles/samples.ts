import { TEMPLATES } from "../../../agents/mod.ts";
import { writeBundle } from "../../../lib/bundles/bundle_file.ts";
import {
  BUNDLE_FORMAT,
  BUNDLE_VERSION,
  type BundleStatement,
} from "../../../lib/contracts/bundle.ts";
import {
  type SharedTemplate,
  sharedTemplateSchema,
} from "../../../lib/contracts/template.ts";
import {
  createSigningKey,
  createTextSigner,
} from "../../../lib/core/ed25519.ts";

/** Somebody who signs. */
export const SIGNER = createTextSigner(createSigningKey());

/** A template as it is shared. */
export function part(changes: Partial<SharedTemplate> = {}): SharedTemplate {
  const { origin: _, ...template } = TEMPLATES[0]!;
  return sharedTemplateSchema.parse({
    ...template,
    name: "shared",
    results: [],
    ...changes,
  });
}

/** A bundle of one template without backtests. */
export function statement(
  changes: Partial<BundleStatement> = {},
): Omit<BundleStatement, "author"> {
  return {
    format: BUNDLE_FORMAT,
    v: BUNDLE_VERSION,
    kind: "template",
    title: "Shared",
    createdAt: "2026-01-05T00:00:00.000Z",
    program: "1.0.0",
    parts: [part()],
    listens: {},
    evidence: [],
    ...changes,
  };
}

/** The same, signed. */
export function signed(changes: Record<string, unknown> = {}): string {
  return writeBundle(
    { ...statement(), ...changes } as ReturnType<typeof statement>,
    { authorName: "Ada", signer: SIGNER },
  );
}
