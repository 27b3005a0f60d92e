const encoder = new TextEncoder();

/** Makes a function that writes all of a text to a stream, also to a pipe that takes it in pieces. */
export function writeTo(
  stream: { writeSync(bytes: Uint8Array): number },
): (text: string) => void {
  return (text) => {
    let bytes = encoder.encode(text);
    try {
      while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
    } catch (error) {
      // `… | head` closes the pipe when it has enough: that is no failure.
      if (error instanceof Deno.errors.BrokenPipe) Deno.exit(0);
      throw error;
    }
  };
}
