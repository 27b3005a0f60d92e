/** Keys and values of `--set key=value`, and a sentence for each text that is none. */
export interface ReadAssignments {
  /** The last value of each key, in the order of the command line. */
  values: ReadonlyMap<string, string>;
  problems: readonly string[];
}

/** Reads `key=value` texts of which only some keys are known. */
export function readAssignments(
  assignments: readonly string[],
  knownKeys: readonly string[],
): ReadAssignments {
  const values = new Map<string, string>();
  const problems: string[] = [];
  for (const assignment of assignments) {
    const equals = assignment.indexOf("=");
    const key = assignment.slice(0, Math.max(0, equals)).trim();
    if (key === "") {
      problems.push(
        `--set ${
          JSON.stringify(assignment)
        } has no value; write key=value, for instance swing_length=5`,
      );
    } else if (!knownKeys.includes(key)) {
      problems.push(
        `--set ${key}: there is no such key; choose from ${
          knownKeys.join(", ")
        }`,
      );
    } else values.set(key, assignment.slice(equals + 1).trim());
  }
  return { values, problems };
}
