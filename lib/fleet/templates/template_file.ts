/**
 * A template as one file of JSON: the format with its version, the template,
 * and a checksum over it, so that a file that was cut off or changed on the way
 * is refused before anybody trades with it.
 *
 * @module
 */
import { createHash } from "node:crypto";
import {
  type AgentTemplate,
  type SharedTemplate,
  sharedTemplateSchema,
  TEMPLATE_FORMAT,
  TEMPLATE_FORMAT_VERSION,
  type TemplateFile,
} from "../../contracts/template.ts";
import { AppError, type FieldError } from "../../core/errors.ts";
import { schemaErrors } from "../validation.ts";

/** Writes a template as the text of its file. */
export function toTemplateFile(template: AgentTemplate): string {
  // Where it came from and whose it is stay here.
  const { origin: _, owner: __, bundle: ___, ...rest } = template;
  const shared = sharedTemplateSchema.parse(rest);
  const file: TemplateFile = {
    format: TEMPLATE_FORMAT,
    v: TEMPLATE_FORMAT_VERSION,
    template: shared,
    checksum: checksumOf(shared),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * Reads the text of a template file.
 *
 * @throws {AppError} TEMPLATE_INVALID with everything that is wrong at once.
 */
export function readTemplateFile(text: string): AgentTemplate {
  return checkTemplateFile(parse(text));
}

/**
 * Checks a parsed template file.
 *
 * @throws {AppError} TEMPLATE_INVALID with everything that is wrong at once.
 */
export function checkTemplateFile(value: unknown): AgentTemplate {
  const file = checkEnvelope(value);
  const checked = sharedTemplateSchema.safeParse(file.template);
  if (!checked.success) {
    throw invalid(
      "The template in the file is not valid",
      schemaErrors(checked.error.issues).map((error) => ({
        ...error,
        pointer: `/template${error.pointer}`,
      })),
    );
  }
  // The text that was signed, not what defaults made of it: newer builds add settings.
  if (file.checksum !== checksumOf(file.template)) {
    throw invalid(
      "The file was changed after it was exported: its checksum does not match; export it again",
    );
  }
  return { ...checked.data, origin: "imported" };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(
      "The file is not JSON: it was cut off, or it is no template file",
      [],
      error,
    );
  }
}

function checkEnvelope(value: unknown): TemplateFile {
  const file = value as Partial<TemplateFile> | null;
  if (typeof file !== "object" || file?.format !== TEMPLATE_FORMAT) {
    throw invalid(
      `This is no template file: its "format" must be "${TEMPLATE_FORMAT}"`,
    );
  }
  if (file.v !== TEMPLATE_FORMAT_VERSION) {
    throw invalid(
      `The template file has version ${
        JSON.stringify(file.v)
      }, this build reads ${TEMPLATE_FORMAT_VERSION}; import it with the build that exported it`,
    );
  }
  if (typeof file.template !== "object" || file.template === null) {
    throw invalid('The file holds no "template"');
  }
  return file as TemplateFile;
}

/** SHA-256 over the canonical text: keys sorted, no spaces. */
function checksumOf(template: SharedTemplate): string {
  return createHash("sha256").update(canonicalText(template)).digest("hex");
}

function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) =>
    field !== undefined
  ).sort(([a], [b]) => a < b ? -1 : 1);
  return `{${
    fields.map(([key, field]) =>
      `${JSON.stringify(key)}:${canonicalText(field)}`
    ).join(",")
  }}`;
}

function invalid(
  detail: string,
  errors: readonly FieldError[] = [],
  cause?: unknown,
): AppError {
  return new AppError("TEMPLATE_INVALID", detail, {
    status: 422,
    errors,
    cause,
  });
}
