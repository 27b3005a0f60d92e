/** Characters of one run that are told again: a few failures with their stacks. */
const SHOWN_CHARACTERS = 4_000;

/** Where `deno test` begins to tell what failed and why. */
const BEGINNING = "\n ERRORS \n";

/** Where it has told it and lists the names once more. */
const END = "\n FAILURES \n";

/**
 * What a run that failed printed of its failures, to be told once more where a
 * reader looks first, at the end; of one that broke before its tests ran, the last
 * it printed. Undefined of a run that went well.
 */
export function failureOf(run: {
  printed: string;
  code: number;
}): string | undefined {
  if (run.code === 0) return undefined;
  const begun = run.printed.indexOf(BEGINNING);
  if (begun === -1) return run.printed.slice(-SHOWN_CHARACTERS).trim();
  const after = run.printed.slice(begun + BEGINNING.length);
  const told = after.split(END, 1)[0]!.trim();
  if (told.length <= SHOWN_CHARACTERS) return told;
  return `${told.slice(0, SHOWN_CHARACTERS)}\n... (the rest is above)`;
}
