/**
 * A bundle: configurations of one's own as one signed file for others, with
 * what they came to in backtests that anybody can run again. There is no key,
 * no account and no id of anybody in it, and nothing in it can trade: whoever
 * takes it in has templates for paper.
 *
 * @module
 */
import * as z from "zod";
import type { ValidationResponse } from "./agent.ts";
import { backtestDataSchema } from "./backtest.ts";
import { TIMEFRAMES } from "./candle.ts";
import type { JsonChange } from "../core/json_diff.ts";
import {
  type AgentTemplate,
  type SharedTemplate,
  sharedTemplateSchema,
  templateNameSchema,
} from "./template.ts";

/** Name of the file format. */
export const BUNDLE_FORMAT = "smc-fleet-bundle";

/** Version of the file format. */
export const BUNDLE_VERSION = 1;

/** How the names of such files end. */
export const BUNDLE_SUFFIX = ".smcbundle.json";

/** Largest file that is read, in bytes: it must fit into a request with what is around it. */
export const BUNDLE_BYTES_MAX = 49_152;

/** Most configurations of one bundle: those of a whole team. */
export const BUNDLE_PARTS_MAX = 8;

/** Most backtests of one bundle. */
export const EVIDENCE_MAX = 10;

/** Most authors that a person keeps. */
export const AUTHORS_MAX = 200;

/** Most templates that are compared at a time. */
export const COMPARED_TEMPLATES_MAX = 4;

/** A public key: 32 bytes in base64url. */
const publicKeySchema = z.string().regex(
  /^[A-Za-z0-9_-]{43}$/,
  "A public key has 43 letters and digits",
);

const hash = z.string().regex(/^[0-9a-f]{64}$/, "A hash has 64 digits");
const decimalResult = z.string().regex(/^-?\d{1,20}(\.\d{1,20})?$/);
const ratio = z.number().nullable();

/** What an author is called by themselves. */
export const authorNameSchema = z.string().trim().min(
  1,
  "Say who signs: a name that others may know",
).max(60, "Write at most 60 characters");

/** What a configuration came to, and all that it takes to run it again. */
export const evidenceSchema = z.strictObject({
  /** Which part of the bundle was run. */
  part: templateNameSchema,
  /** The candles that were asked for. */
  data: backtestDataSchema,
  simulatedCandles: z.boolean(),
  symbol: z.string().max(30),
  timeframe: z.enum(TIMEFRAMES),
  candles: z.int().min(0),
  firstAt: z.int().nullable(),
  lastAt: z.int().nullable(),
  /** SHA-256 over all candles. */
  candlesHash: hash,
  /** Seed of the paper venue. */
  seed: z.int(),
  /** Hash over all closed trades in order. */
  tradesHash: hash,
  figures: z.strictObject({
    trades: z.int().min(0),
    netPnl: decimalResult.nullable(),
    returnPct: ratio,
    maxDrawdownPct: z.number(),
    sharpe: ratio,
    sortino: ratio,
    profitFactor: ratio,
    winRatePct: ratio,
    feesPaid: decimalResult,
  }),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** What a bundle is made of. */
export const BUNDLE_KINDS = ["template", "agent", "team"] as const;
export type BundleKind = (typeof BUNDLE_KINDS)[number];

/** Everything of a bundle that is signed. */
export const bundleStatementSchema = z.strictObject({
  format: z.literal(BUNDLE_FORMAT),
  v: z.literal(BUNDLE_VERSION),
  kind: z.enum(BUNDLE_KINDS),
  title: z.string().trim().min(1).max(80),
  /** ISO 8601, UTC. */
  createdAt: z.iso.datetime(),
  /** Version of the program that made it. */
  program: z.string().max(40),
  author: z.strictObject({ name: authorNameSchema, key: publicKeySchema }),
  parts: z.array(sharedTemplateSchema).min(1).max(BUNDLE_PARTS_MAX),
  /** Of a team: to which parts a part listens, by their names. */
  listens: z.record(templateNameSchema, z.array(templateNameSchema).max(8)),
  evidence: z.array(evidenceSchema).max(EVIDENCE_MAX),
});
export type BundleStatement = z.infer<typeof bundleStatementSchema>;

/** The file: the statement and its Ed25519 signature in base64url, over the canonical text of the statement. */
export interface Bundle extends BundleStatement {
  signature: string;
}

/** Who has signed, as it is told. */
export interface BundleAuthor {
  /** What the bundle calls them. */
  name: string;
  key: string;
  /** The first 160 bits of SHA-256 over the key, in hexadecimal digits. */
  fingerprint: string;
}

/** An author whom somebody has met. */
export interface KnownAuthor extends BundleAuthor {
  /** ISO 8601. */
  firstSeenAt: string;
}

/** Where a template came from, kept with it. */
export interface BundleOrigin {
  author: BundleAuthor;
  kind: BundleKind;
  title: string;
  createdAt: string;
  program: string;
  /** Of this template only. */
  evidence: readonly Evidence[];
  /** Names within the bundle of what it listened to. */
  listens: readonly string[];
}

/** What is made of the configuration of a template, an agent or a team. */
export const bundleExportSchema = z.strictObject({
  source: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("template"), name: templateNameSchema }),
    z.strictObject({ kind: z.literal("agent"), id: z.string().max(64) }),
    z.strictObject({ kind: z.literal("team"), id: z.string().max(64) }),
  ]),
  /** Name of the template that it becomes elsewhere; of a team, what the names of its parts begin with. */
  name: templateNameSchema,
  authorName: authorNameSchema,
  /** Backtests that go with it. */
  backtests: z.array(z.string().regex(/^bt_[0-9A-Z]{26}$/, "Name a backtest"))
    .max(EVIDENCE_MAX, `Choose at most ${EVIDENCE_MAX} backtests`).default([]),
});
export type BundleExport = z.infer<typeof bundleExportSchema>;

/** What is read of a bundle before it is taken in. */
export interface BundlePreview {
  kind: BundleKind;
  title: string;
  createdAt: string;
  program: string;
  author: BundleAuthor;
  /**
   * `own`: by oneself here; `known`: the key was met before; `new`: never met;
   * `name_taken`: never met, while another key is known by that name.
   */
  standing: "own" | "known" | "new" | "name_taken";
  /** What one calls the author oneself; null where they are not known. */
  knownAs: string | null;
  parts: readonly BundlePartPreview[];
  evidence: readonly Evidence[];
}

/** One configuration of a bundle. */
export interface BundlePartPreview {
  template: SharedTemplate;
  listens: readonly string[];
  /** Whether a template of that name is here already. */
  isNameTaken: boolean;
  /** What an agent of it would be told. */
  validation: Pick<ValidationResponse, "errors" | "warnings">;
  /** What differs from the template it is compared with; null without one. */
  changes: readonly JsonChange[] | null;
}

/** `POST /api/bundles/read`. */
export const bundleReadSchema = z.strictObject({
  /** The text of the file. */
  text: z.string(),
  /** A template here to compare with. */
  against: templateNameSchema.optional(),
});

/** `POST /api/bundles/import`. */
export const bundleImportSchema = z.strictObject({
  text: z.string(),
  /** Names that parts get here, by their names in the bundle; left out for the same. */
  names: z.record(templateNameSchema, templateNameSchema).default({}),
});

/** `PUT /api/bundles/authors`. */
export const authorChangeSchema = z.strictObject({
  fingerprint: z.string().regex(/^[0-9a-f]{40}$/, "Give a fingerprint"),
  /** What one calls them; null forgets them. */
  name: authorNameSchema.nullable(),
});

/** `POST /api/bundles/checks`. */
export const evidenceCheckSchema = z.strictObject({
  template: templateNameSchema,
  /** Place of the backtest among those of the template, from 0. */
  evidence: z.int().min(0).max(EVIDENCE_MAX - 1),
});

/**
 * What running a backtest of a bundle again has shown:
 *
 * - `not_run`: nobody has run it here
 * - `running`: it waits or runs
 * - `equal`: the same candles gave the same trades
 * - `different`: the same candles gave other trades
 * - `other_candles`: the candles of that name here are other ones
 * - `failed`: the run has failed or was canceled
 */
export const CHECK_OUTCOMES = [
  "not_run",
  "running",
  "equal",
  "different",
  "other_candles",
  "failed",
] as const;
export type CheckOutcome = (typeof CHECK_OUTCOMES)[number];

/** A backtest of a bundle, and what came of running it again. */
export interface EvidenceCheck {
  evidence: Evidence;
  outcome: CheckOutcome;
  /** The run here; null before one. */
  backtestId: string | null;
  /** One sentence more, where there is one. */
  detail: string | null;
}

/** Some templates side by side. */
export interface TemplateComparison {
  templates: readonly AgentTemplate[];
  /** Settings that are not the same everywhere: JSON pointer, and the value of each template; null where there is none. */
  settings: readonly { pointer: string; values: readonly unknown[] }[];
}
