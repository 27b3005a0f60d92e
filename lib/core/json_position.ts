/** Where a text stops being JSON. */
export interface JsonFault {
  line: number;
  column: number;
  /** What the parser says, without its own position. */
  message: string;
}

/**
 * Finds the first character at which `text` is no JSON, or null if it is JSON.
 * The engine names a position for some faults only; for the others the longest
 * start of the text that may still go on is searched by halving.
 */
export function findJsonFault(text: string): JsonFault | null {
  const message = parseMessage(text);
  if (message === null) return null;
  const named = namedPosition(message);
  const position = named ?? searchPosition(text);
  const before = text.slice(0, position);
  const lineStart = before.lastIndexOf("\n") + 1;
  return {
    line: before.split("\n").length,
    column: position - lineStart + 1,
    message: message.replace(/ in JSON at position .*$/, "")
      .replace(/, .* is not valid JSON$/s, ""),
  };
}

function parseMessage(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function namedPosition(message: string): number | null {
  const match = /in JSON at position (\d+)/.exec(message);
  return match === null ? null : Number(match[1]);
}

function searchPosition(text: string): number {
  let open = 0;
  let broken = text.length;
  if (!isBroken(text, broken)) return text.length;
  while (broken - open > 1) {
    const middle = (open + broken) >> 1;
    if (isBroken(text, middle)) broken = middle;
    else open = middle;
  }
  return broken - 1;
}

/** True if the first `length` characters cannot become JSON by adding some. */
function isBroken(text: string, length: number): boolean {
  const message = parseMessage(text.slice(0, length));
  if (message === null) return false;
  if (/^Unexpected end|^Unterminated/.test(message)) return false;
  const position = namedPosition(message);
  return position === null || position < length;
}
