/** Forms of a spawn for tests. */
import {
  createForm,
  reduce,
  type SpawnForm,
} from "../../../lib/ui/spawn_form.ts";

export const edit = (
  form: SpawnForm,
  pointer: string,
  value: string | boolean,
) => reduce(form, { type: "edit", pointer, value });

export const named = () => edit(createForm(null), "/name", "btc");
