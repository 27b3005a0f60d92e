// deno-lint-ignore-file no-console -- the one place that writes to the console of the server

import { systemClock } from "../../actors/mod.ts";
import type { Env } from "../core/env.ts";
import { AppError } from "../core/errors.ts";
import { redactLine } from "../core/redact.ts";

/** What a line belongs to; written as members of its own in JSON, and left out as text. */
export interface LineFields {
  /** Part of the server, for instance `api` or `fleet`. */
  component?: string;
  agentId?: string;
  requestId?: string;
}

/** Where the server tells its operator what it does. One line a message. */
export interface Console {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
  error(message: string, error?: unknown): void;
  /** What concerns who started it, on standard error in both formats. */
  notice(message: string): void;
  /** A line that is meant to show a secret: the link of the first account. */
  offer(message: string): void;
  /** The same console for lines that belong to something. */
  with(fields: LineFields): Console;
}

const SEVERITY = { debug: 0, info: 1, warning: 2, error: 3 } as const;
type Level = keyof typeof SEVERITY;

/** An id of an agent within a sentence. */
const AGENT_ID = /\bagt_[0-9A-Z]{26}\b/;

/** One line, before it is written. */
interface Line {
  level: Level;
  message: string;
  error?: unknown;
  fields: LineFields;
}

/** Creates a console that leaves out what is below `level`. */
export function createConsole(
  level: Level,
  format: Env["LOG_FORMAT"] = "text",
): Console {
  return consoleWith({}, {
    level,
    toText: format === "json" ? toJson : toText,
  });
}

function consoleWith(
  fields: LineFields,
  options: { level: Level; toText: (line: Line) => string },
): Console {
  const { toText } = options;
  const isShown = (level: Level) => SEVERITY[level] >= SEVERITY[options.level];
  const write = (level: Level, message: string, error?: unknown) => {
    if (!isShown(level)) return;
    const text = toText({ level, message, error, fields });
    if (level === "error" || level === "warning") console.error(text);
    else console.log(text);
  };
  return {
    debug: (message) => write("debug", message),
    info: (message) => write("info", message),
    warning: (message) => write("warning", message),
    error: (message, error) => write("error", message, error),
    notice: (message) => {
      if (isShown("info")) {
        console.error(toText({ level: "info", message, fields }));
      }
    },
    offer: (message) => {
      if (isShown("info")) {
        writeUnseen(toText === toJson ? offered(message) : message);
      }
    },
    with: (more) => consoleWith({ ...fields, ...more }, options),
  };
}

/** Past `console`, whose lines go to a collector of OpenTelemetry where there is one. */
function writeUnseen(line: string): void {
  const bytes = new TextEncoder().encode(`${line}\n`);
  for (let written = 0; written < bytes.length;) {
    written += Deno.stdout.writeSync(bytes.subarray(written));
  }
}

function toText({ level, message, error }: Line): string {
  const line = redactLine(withError(message, error));
  return level === "error" || level === "warning" ? `${level}: ${line}` : line;
}

function toJson({ level, message, error, fields }: Line): string {
  const text = redactLine(withError(message, error));
  const agentId = fields.agentId ?? AGENT_ID.exec(text)?.[0];
  return JSON.stringify({
    ...headOf(level),
    component: fields.component ?? "server",
    ...(agentId === undefined ? {} : { agentId }),
    ...(error instanceof AppError ? { code: error.code } : {}),
    ...(fields.requestId === undefined ? {} : { requestId: fields.requestId }),
    message: text,
  });
}

function offered(message: string): string {
  return JSON.stringify({ ...headOf("info"), component: "server", message });
}

function headOf(level: Level): { time: string; level: Level } {
  return { time: new Date(systemClock.nowMs()).toISOString(), level };
}

function withError(message: string, error: unknown): string {
  return error === undefined ? message : `${message}: ${describe(error)}`;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

/** Tells of work that failed and that nobody waits for. */
export function telling(
  console: Console,
  component: string,
): (what: string, error: unknown) => void {
  const own = console.with({ component });
  return (what, error) => own.error(`Cannot ${what}`, error);
}
