/**
 * The file of a bundle: written, and read with everything that can be known of
 * it without a server. Nothing in a file is believed before its signature is
 * checked, and nothing that is signed is taken for harmless.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type * as z from "zod";
import {
  type Bundle,
  BUNDLE_BYTES_MAX,
  BUNDLE_FORMAT,
  BUNDLE_VERSION,
  type BundleAuthor,
  type BundleStatement,
  bundleStatementSchema,
} from "../contracts/bundle.ts";
import { sharedConfig } from "../contracts/shared_config.ts";
import { canonicalText, type Json, toJson } from "../core/canonical.ts";
import { isSignedBy, type Signer } from "../core/ed25519.ts";
import { AppError, type FieldError } from "../core/errors.ts";

/** Bytes of a fingerprint: 160 bits, as long as nobody makes two keys of one. */
const FINGERPRINT_BYTES = 20;

/** What names a public key to people, in hexadecimal digits. */
export function fingerprintOf(key: string): string {
  return createHash("sha256").update(Buffer.from(key, "base64url")).digest()
    .subarray(0, FINGERPRINT_BYTES).toString("hex");
}

/** The author that a bundle names. */
export function authorOf({ author }: BundleStatement): BundleAuthor {
  return { ...author, fingerprint: fingerprintOf(author.key) };
}

/**
 * Signs a statement and writes the file: canonical JSON, one line.
 *
 * @throws {AppError} BUNDLE_INVALID where it would be too large to be read.
 */
export function writeBundle(
  statement: Omit<BundleStatement, "author">,
  { authorName, signer }: { authorName: string; signer: Signer },
): string {
  const whole = toJson({
    ...statement,
    author: { name: authorName, key: signer.key },
  }) as { readonly [key: string]: Json };
  const signature = signer.sign(canonicalText(whole));
  const text = `${canonicalText({ ...whole, signature })}\n`;
  if (Buffer.byteLength(text) > BUNDLE_BYTES_MAX) {
    throw invalid(
      `The bundle would have ${
        Buffer.byteLength(text)
      } bytes, more than ${BUNDLE_BYTES_MAX}; leave out some backtests`,
    );
  }
  return text;
}

/**
 * Reads a file and checks everything of it.
 *
 * @throws {AppError} BUNDLE_INVALID with everything that is wrong at once,
 * BUNDLE_TOO_NEW, or BUNDLE_TAMPERED where the signature does not fit.
 */
export function readBundle(text: string): Bundle {
  const { signature, statement } = readEnvelope(text);
  checkSignature(statement, signature);
  const parsed = bundleStatementSchema.safeParse(statement);
  if (!parsed.success) {
    throw invalid(
      "The bundle is signed, but what it says is not valid here; a newer build of SMC Fleet may know more settings",
      fieldErrors(parsed.error),
    );
  }
  checkMeaning(parsed.data);
  return { ...parsed.data, signature };
}

type Fields = { readonly [key: string]: Json };

function readEnvelope(
  text: string,
): { signature: string; statement: Fields } {
  const bytes = Buffer.byteLength(text);
  if (bytes > BUNDLE_BYTES_MAX) {
    throw invalid(
      `The file has ${bytes} bytes; a bundle has at most ${BUNDLE_BYTES_MAX}`,
    );
  }
  const value = parseJson(text);
  if (
    typeof value !== "object" || value === null || Array.isArray(value) ||
    (value as Fields)["format"] !== BUNDLE_FORMAT
  ) {
    throw invalid(
      `This is no bundle: its "format" must be "${BUNDLE_FORMAT}"`,
    );
  }
  const { signature, ...statement } = value as Fields;
  const version = statement["v"];
  if (typeof version === "number" && version > BUNDLE_VERSION) {
    throw new AppError(
      "BUNDLE_TOO_NEW",
      `The bundle has version ${version}, this build reads up to ${BUNDLE_VERSION}; update SMC Fleet, or ask its author for an older file`,
      { status: 422 },
    );
  }
  if (typeof signature !== "string") {
    throw invalid(
      "The bundle is not signed; ask its author to export it again",
    );
  }
  return { signature, statement };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(
      "The file is not JSON: it was cut off, or it is no bundle",
      [],
      error,
    );
  }
}

function checkSignature(statement: Fields, signature: string): void {
  const author = statement["author"];
  const key = typeof author === "object" && author !== null &&
      !Array.isArray(author)
    ? (author as Fields)["key"]
    : undefined;
  const isSigned = typeof key === "string" &&
    isSignedBy({ key, signature, text: textOf(statement) });
  if (isSigned) return;
  throw new AppError(
    "BUNDLE_TAMPERED",
    "The bundle was changed after it was signed: its signature does not fit; get it from its author again",
    { status: 422 },
  );
}

/** Half a surrogate pair has no canonical text: such a file was never signed. */
function textOf(statement: Fields): string {
  try {
    return canonicalText(statement);
  } catch {
    return "";
  }
}

/** What no schema says: names that belong together, and that nothing in it is more than a proposal. */
function checkMeaning({ parts, listens, evidence }: BundleStatement): void {
  const names = parts.map(({ name }) => name);
  const errors: FieldError[] = [];
  const wrong = (pointer: string, detail: string) =>
    errors.push({ pointer, code: "invalid", detail });
  for (const [place, { name, config, type }] of parts.entries()) {
    const at = `/parts/${place}`;
    if (names.indexOf(name) !== place) {
      wrong(`${at}/name`, `Two parts are named "${name}"`);
    }
    if (type !== config.type) {
      wrong(`${at}/type`, "The type must be that of the configuration");
    }
    const plain = canonicalText(toJson(sharedConfig(config)));
    if (canonicalText(toJson(config)) !== plain) {
      wrong(
        `${at}/config`,
        "A shared configuration is on paper and names no key and no agent",
      );
    }
  }
  for (const [name, heard] of Object.entries(listens)) {
    if (![name, ...heard].every((one) => names.includes(one))) {
      wrong(`/listens/${name}`, "Every name must be one of a part");
    }
  }
  for (const [place, { part }] of evidence.entries()) {
    if (!names.includes(part)) {
      wrong(`/evidence/${place}/part`, "There is no such part");
    }
  }
  if (errors.length > 0) {
    throw invalid(
      "The bundle is signed, but what it says is not valid",
      errors,
    );
  }
}

function fieldErrors({ issues }: z.ZodError): FieldError[] {
  return issues.map(({ path, code, message }) => ({
    pointer: path.map((part) => `/${String(part)}`).join(""),
    code,
    detail: message,
  }));
}

function invalid(
  detail: string,
  errors: readonly FieldError[] = [],
  cause?: unknown,
): AppError {
  return new AppError("BUNDLE_INVALID", detail, {
    status: 422,
    errors,
    cause,
  });
}
