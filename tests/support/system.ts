/** Runs a program of the system and waits for its end. */
export async function system(
  command: string,
  ...args: string[]
): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args })
    .output();
  if (!success) {
    throw new Error(
      `${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`,
    );
  }
}
