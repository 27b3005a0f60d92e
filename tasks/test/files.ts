/** Files below a folder that Deno takes for tests, by path; none where there is no folder. */
export async function findTestFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      // deno-lint-ignore no-await-in-loop -- as above
      if (isDirectory) files.push(...await findTestFiles(path));
      else if (/(^|[._])test\.[jt]sx?$/.test(name)) files.push(path);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return files.sort();
}
