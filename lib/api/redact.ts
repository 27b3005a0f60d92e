const RULES: readonly [RegExp, string][] = [
  [/\bBearer\s+[\w.~+/=-]+/gi, "Bearer ***"],
  [/\bbearer\.[\w.~+/=-]+/gi, "bearer.***"],
  [/\bsm[cr]_[0-9A-Za-z]{16,}/g, "***"],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, "***"],
  [/((?:__Host-)?session=)[^;\s"']+/gi, "$1***"],
  [
    /("?(?:password|passwordHash|token|secret|apiKey|authorization|cookie)"?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|[^\s,;}]+)/gi,
    "$1***",
  ],
];

/** Takes what looks like a secret out of a text that goes to a log: a second net, since errors should not carry any. */
export function redact(text: string): string {
  return RULES.reduce(
    (result, [pattern, replacement]) => result.replace(pattern, replacement),
    text,
  );
}
