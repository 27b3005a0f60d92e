/** Most agents of one batch; more are refused. Apart from the schemas, so that a page needs no code for it. */
export const BATCH_AGENTS_MAX = 50;
