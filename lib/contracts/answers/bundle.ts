import * as z from "zod";
import {
  BUNDLE_KINDS,
  type BundlePartPreview,
  type BundlePreview,
  CHECK_OUTCOMES,
  type EvidenceCheck,
  type KnownAuthor,
  type TemplateComparison,
} from "../bundle.ts";
import type { JsonChange } from "../../core/json_diff.ts";
import { validationResponseSchema } from "./agent.ts";
import { same } from "./parts.ts";
import {
  agentTemplateSchema,
  bundleAuthorSchema,
  evidenceSchema,
  sharedTemplateAnswerSchema,
} from "./template.ts";

/** {@link KnownAuthor} */
export const knownAuthorSchema = bundleAuthorSchema.extend({
  firstSeenAt: z.string(),
});
same<KnownAuthor, typeof knownAuthorSchema>();

/** {@link JsonChange} */
const jsonChangeSchema = z.object({
  pointer: z.string(),
  before: z.unknown(),
  after: z.unknown(),
});
same<JsonChange, typeof jsonChangeSchema>();

/** {@link BundlePartPreview} */
const bundlePartPreviewSchema = z.object({
  template: sharedTemplateAnswerSchema,
  listens: z.array(z.string()),
  isNameTaken: z.boolean(),
  validation: validationResponseSchema.pick({ errors: true, warnings: true }),
  changes: z.array(jsonChangeSchema).nullable(),
});
same<BundlePartPreview, typeof bundlePartPreviewSchema>();

/** {@link BundlePreview} */
export const bundlePreviewSchema = z.object({
  kind: z.enum(BUNDLE_KINDS),
  title: z.string(),
  createdAt: z.string(),
  program: z.string(),
  author: bundleAuthorSchema,
  standing: z.enum(["own", "known", "new", "name_taken"]),
  knownAs: z.string().nullable(),
  parts: z.array(bundlePartPreviewSchema),
  evidence: z.array(evidenceSchema),
});
same<BundlePreview, typeof bundlePreviewSchema>();

/** {@link EvidenceCheck} */
export const evidenceCheckSchema = z.object({
  evidence: evidenceSchema,
  outcome: z.enum(CHECK_OUTCOMES),
  backtestId: z.string().nullable(),
  detail: z.string().nullable(),
});
same<EvidenceCheck, typeof evidenceCheckSchema>();

/** {@link TemplateComparison} */
export const templateComparisonSchema = z.object({
  templates: z.array(agentTemplateSchema),
  settings: z.array(z.object({
    pointer: z.string(),
    values: z.array(z.unknown()),
  })),
});
same<TemplateComparison, typeof templateComparisonSchema>();
