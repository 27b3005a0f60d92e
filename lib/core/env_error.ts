/** Why the environment cannot be used: one line per wrong variable. */
export class EnvError extends Error {
  override name = "EnvError";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `Cannot start: ${faults.length} wrong environment variable(s)\n${
        faults.join("\n")
      }`,
    );
    this.faults = faults;
  }
}
