const encoder = new TextEncoder();

/** Something that takes bytes, perhaps not all at once. */
interface ByteSink {
  writeSync(bytes: Uint8Array): number;
}

/** Makes a function that writes all of a text to a stream, also to a pipe that takes it in pieces. */
export function writeTo(stream: ByteSink): (text: string) => void {
  const writeBytes = writeBytesTo(stream);
  return (text) => writeBytes(encoder.encode(text));
}

/** The same for bytes. */
export function writeBytesTo(stream: ByteSink): (bytes: Uint8Array) => void {
  return (bytes) => {
    try {
      while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
    } catch (error) {
      // `… | head` closes the pipe when it has enough: that is no failure.
      if (error instanceof Deno.errors.BrokenPipe) Deno.exit(0);
      throw error;
    }
  };
}
