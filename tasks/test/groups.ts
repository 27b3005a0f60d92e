/** Test files that run in one process, and so load what they import once. */
export interface Group {
  /** Such as `lib_store`. */
  name: string;
  /** From the project's folder. */
  files: readonly string[];
}

const FOLDER = ".build/tests";

/** Groups of files by their folder: that below `tests/lib`, or that below `tests`. */
export function groupsOf(files: readonly string[]): Group[] {
  const byFolder = Map.groupBy(files, (file) => {
    const [, layer, area] = file.split("/");
    return layer === "lib" ? `lib_${area}` : layer!;
  });
  return [...byFolder].map(([name, files]) => ({ name, files }));
}

/** Writes the module that imports the files of a group; answers with its path. */
export async function writeGroup({ name, files }: Group): Promise<string> {
  await Deno.mkdir(FOLDER, { recursive: true });
  const path = `${FOLDER}/${name}_test.ts`;
  const imports = files.map((file) => `import "../../${file}";\n`);
  await Deno.writeTextFile(path, imports.join(""));
  return path;
}
