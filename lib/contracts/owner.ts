/** Whose something is. */
export interface Owner {
  /** Id of the user. */
  id: string;
  /** E-mail address; null where an older build did not keep it. */
  email: string | null;
}
