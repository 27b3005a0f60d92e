import { Glyph } from "./Glyph.tsx";

/** What is wrong with a form as a whole; nothing where nothing is. */
export function FormError({ message }: { message: string | undefined }) {
  if (message === undefined) return null;
  return (
    <p class="form-error" role="alert" data-testid="form-error">
      <Glyph name="cross" /> {message}
    </p>
  );
}
