/**
 * The commands that README and docs tell people to type.
 *
 * @module
 */
const ROOT = new URL("../../../", import.meta.url);

/** One command as it stands in a text. */
export interface DocCommand {
  /** `README.md:48`. */
  place: string;
  /** One line, without its comment. */
  text: string;
  /** In a block of its own, to be typed as it is; else within a sentence. */
  isWhole: boolean;
}

/** Texts for users and operators; decisions (adr/) tell of their time. */
export function listGuides(): string[] {
  const docs = [...Deno.readDirSync(new URL("docs/", ROOT))]
    .filter(({ name }) => name.endsWith(".md"))
    .map(({ name }) => `docs/${name}`);
  return ["README.md", "CONTRIBUTING.md", ...docs.toSorted()];
}

/** The text of one. */
export function readGuide(file: string): string {
  return Deno.readTextFileSync(new URL(file, ROOT));
}

/** Every command of every guide. */
export function listCommands(): DocCommand[] {
  return listGuides().flatMap((file) => commandsIn(file, readGuide(file)));
}

/** The commands of one text: the lines of its shell blocks, and `deno task …` within sentences. */
export function commandsIn(file: string, text: string): DocCommand[] {
  const commands: DocCommand[] = [];
  let isShell = false;
  let isBlock = false;
  let open = "";
  for (const [index, line] of text.split("\n").entries()) {
    const place = `${file}:${index + 1}`;
    const fence = /^\s*```(\w*)/.exec(line);
    if (fence !== null) {
      isBlock = !isBlock;
      isShell = isBlock && fence[1] === "sh";
    } else if (isShell) {
      const part = open + line.trim().replace(/(^|\s+)#.*$/, "");
      open = part.endsWith("\\") ? part.slice(0, -1) : "";
      if (open === "" && part !== "") {
        commands.push({ place, text: part, isWhole: true });
      }
    } else if (!isBlock) {
      for (const [, inline] of line.matchAll(/`(deno task [^`]+)`/g)) {
        commands.push({ place, text: inline!, isWhole: false });
      }
    }
  }
  return commands;
}
