/** Bytes that end before the number that they should hold. */
export class BytesMissing extends RangeError {
  override name = "BytesMissing";
}

/** Reads what {@link ByteWriter} wrote. Every read past the end throws, so that wrong bytes never become numbers. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** One byte. */
  byte(): number {
    if (this.#at >= this.#bytes.length) throw new BytesMissing();
    return this.#bytes[this.#at++]!;
  }

  /** A whole number from 0. */
  unsigned(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    let byte = bytes[at++]!;
    if (byte < 128) {
      this.#at = at;
      return byte;
    }
    let value = byte & 127;
    for (let shift = 7; shift <= 21; shift += 7) {
      byte = bytes[at++]!;
      value |= (byte & 127) << shift;
      if (byte < 128) {
        this.#at = at;
        return value;
      }
    }
    return this.#longUnsigned(value, at);
  }

  /** A whole number of either sign. */
  signed(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Eight bytes, little endian. */
  float64(): number {
    if (this.left < 8) throw new BytesMissing();
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += 8;
    return value;
  }

  /** Beyond 28 bits, where the operators of 32 bits end. Also where bytes are missing: undefined is not below 128. */
  #longUnsigned(value: number, at: number): number {
    for (let factor = 2 ** 28; factor <= 2 ** 49; factor *= 128) {
      if (at >= this.#bytes.length) throw new BytesMissing();
      const byte = this.#bytes[at++]!;
      value += (byte & 127) * factor;
      if (byte < 128) {
        this.#at = at;
        return value;
      }
    }
    throw new BytesMissing();
  }
}
