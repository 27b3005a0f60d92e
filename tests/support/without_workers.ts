/**
 * Preloaded into a server that has to do with what a hosted platform gives it:
 * whoever makes a worker, or writes a file, ends the process.
 */
const refuse = (what: string) => () => {
  // deno-lint-ignore no-console -- the test reads it
  console.error(`REFUSED: ${what}`);
  Deno.exit(70);
};

Object.defineProperty(globalThis, "Worker", {
  value: class {
    constructor() {
      refuse("a worker")();
    }
  },
});
for (
  const name of [
    "mkdir",
    "mkdirSync",
    "writeFile",
    "writeFileSync",
    "writeTextFile",
    "writeTextFileSync",
    "rename",
    "remove",
  ] as const
) {
  Object.defineProperty(Deno, name, { value: refuse(`Deno.${name}`) });
}
